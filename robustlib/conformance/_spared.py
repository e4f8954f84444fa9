"""Which cases are not put to which attacks, and why: what an attack of its kind never promised.

A rule speaks of a kind: either of what is known of any subject, or of a method, under each name
that a library in the suite gives it; of some methods only ours is there. It is printed with its
reason beside every row that it spares something. A bound is never loosened for one attack.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from robustlib.conformance._base import Subject
from robustlib.questions import Access
from robustlib.threats import L1, L2


@dataclass(frozen=True)
class Rule:
    """What is not asked of a kind of attack.

    Args:
        kind: The kind, in few words.
        cases: What is not put to it.
        reason: Why, in one sentence.
        holds: holds(subject): whether it is one.
    """

    kind: str
    cases: frozenset[str]
    reason: str
    holds: Callable[[Subject], bool]


def _one_of(written: tuple[str, ...], subject: Subject) -> bool:
    """Whether it is one method, under the names that libraries give it, in any norm."""
    return str(subject).split(" ")[0] in written


def _blind(subject: Subject) -> bool:
    return subject.access is not Access.WHITE_BOX


def _minimal(subject: Subject) -> bool:
    return subject.minimal


def _bumps(subject: Subject) -> bool:
    """Square, but in Linf, where its squares come down to one pixel."""
    square = "robustlib:square", "torchattacks:Square", "art:SquareAttack"
    return _one_of(square, subject) and subject.norm in (L1, L2)


PLANES = frozenset({"planes_open", "planes_at_walls"})
EXACT = PLANES | {"classes_at_walls", "second_basin", "small_net"}
CHANCE = frozenset({"dropout", "noise"})

RULES = (
    Rule(
        "smallest change",
        CHANCE | {"last_step"},
        "where answers are chance there is no smallest change, and a search for it never takes a "
        "last step that leads out, it goes farther until it is out",
        _minimal,
    ),
    Rule(
        "no gradients",
        CHANCE | {"last_step"},
        "a search that keeps what looked best keeps what was lucky, and there is no last gradient",
        _blind,
    ),
    Rule(
        "random first half",
        PLANES | CHANCE | {"last_step", "second_basin"},
        "half of the way goes where chance leads, and the one step that is left comes half as far",
        partial(_one_of, ("robustlib:r_fgsm",)),
    ),
    Rule(
        "pixels in pairs",
        EXACT,
        "it moves two numbers at a time, those of the steepest slopes whatever their room, and "
        "none back: where one pixel is enough it changes two",
        partial(_one_of, ("robustlib:jsma",)),
    ),
    Rule(
        "elastic net",
        PLANES | {"classes_at_walls"},
        "its nearest is that of a sum of L1 and the squared Euclidean length, which spreads over "
        "pixels what L1 alone would ask of one",
        partial(_one_of, ("robustlib:ead", "foolbox:EADAttack", "art:ElasticNet")),
    ),
    Rule(
        "bumps of three pixels",
        PLANES | {"second_basin"},
        "it moves bumps of three pixels a side, or of a whole side, in Euclidean length and in L1; "
        "these pictures have two to four a side, of which each counts as it likes",
        _bumps,
    ),
    Rule(
        "prior in units of loss",
        frozenset({"logits_scaled", "softmax_outputs"}),
        "its prior learns by so much for each unit of the loss, and does not come back from where "
        "one pair of probes throws it when that is many times as steep",
        partial(_one_of, ("robustlib:bandits",)),
    ),
    Rule(
        "mean over copies",
        frozenset({"logits_scaled"}),
        "a mean of cross entropy's slopes at darker copies follows the copies that the model is "
        "least sure of, and how sure it is, is the scale of its logits",
        partial(_one_of, ("robustlib:si_fgsm", "torchattacks:SINIFGSM")),
    ),
)


def spared(case: str, subject: Subject) -> str:
    """The kind for whose sake a case is not put to an attack; nothing, and it is put.

    Args:
        case: The case's name.
        subject: The attack.
    """
    found = (rule.kind for rule in RULES if case in rule.cases and rule.holds(subject))
    return next(found, "")


def told(cases: Iterable[str], subject: Subject) -> str:
    """Those of some cases that are not put to an attack, with the kind that it is of."""
    kinds: dict[str, list[str]] = {}
    for name in cases:
        if kind := spared(name, subject):
            kinds.setdefault(kind, []).append(name.replace("_", " "))
    return "; ".join(f"{', '.join(names)} ({kind})" for kind, names in kinds.items())
