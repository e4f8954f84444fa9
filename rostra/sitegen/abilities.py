"""What an attack can do, as its docstring says: the norms it knows, what it looks for, its goals.

The `threat:` line begins with the threat models by their names, and says `finite eps` where it
needs a ball; the `goal:` line says where a chosen class is refused, or what it costs. The tests of
the documentation hold each of these words against what the attack does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

THREATS = "Linf", "L2", "L1", "L0", "Patch"
ENTRY = re.compile(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)
SECTION = re.compile(r"^Args:\n((?: {4}.*\n?|\n(?= {4}))+)", re.MULTILINE)


@dataclass(frozen=True)
class Abilities:
    """What an attack can be asked for.

    Attributes:
        threats: Names of the threat models that it knows; empty: those of the attack inside it.
        finds: A success `within` eps, the `nearest`, the `first` at any distance, or `inside`: what
            the attack inside it finds.
        targets: `yes`, `starts` where it needs points of the wanted class, or `no`.
    """

    threats: tuple[str, ...]
    finds: str
    targets: str


def read(doc: str) -> Abilities | None:
    r"""Read an attack's abilities off its docstring; None where it takes no threat model.

    Examples:
        >>> read("Climb.\n\nArgs:\n    goal: Any.\n    threat: `L2` of finite eps. More.")
        Abilities(threats=('L2',), finds='within', targets='yes')
    """
    terms = arguments(doc)
    if not {"goal", "threat"} <= terms.keys():
        return None
    return Abilities(_threats(terms["threat"]), _finds(terms["threat"]), _targets(terms["goal"]))


def arguments(doc: str) -> Mapping[str, str]:
    """What a docstring says of each argument, on one line."""
    section = SECTION.search(doc + "\n")
    entries = ENTRY.findall(section[1]) if section else []
    return {name: " ".join(said.split()) for name, said in entries}


def _threats(said: str) -> tuple[str, ...]:
    """The names in the first sentence."""
    named = re.findall(r"`(\w+)`", _first(said))
    return tuple(name for name in THREATS if name in named)


def _finds(said: str) -> str:
    if not _threats(said):
        return "inside"
    if re.search(r"finite eps\b", _first(said)):
        return "within"
    return "first" if "first success" in said else "nearest"


def _targets(said: str) -> str:
    if said.startswith("Only `Misclassify`"):
        return "no"
    return "starts" if "a `Target` needs starts" in said else "yes"


def _first(said: str) -> str:
    return re.split(r"[.:](?:\s|$)", said)[0]
