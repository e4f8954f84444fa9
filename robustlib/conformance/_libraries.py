"""The libraries whose attacks can be asked about."""

from collections.abc import Iterator
from importlib import import_module

from robustlib.conformance._base import Subject
from robustlib.errors import UnknownNameError

LIBRARIES = ("robustlib", "foolbox", "torchattacks", "art", "adv_lib")


def named(written: str) -> Iterator[Subject]:
    """The subjects that a word means: `foolbox:LinfPGD`, or `foolbox` for all of its attacks.

    Of ours a name without a norm means all norms: `robustlib:pgd` is `robustlib:pgd Linf` and
    three others.

    Raises:
        UnknownNameError: If there is no such library, or none of its attacks has the name.
    """
    library, _, name = written.partition(":")
    if library not in LIBRARIES:
        raise UnknownNameError(library, LIBRARIES, kind="library")
    known = list(import_module(f"robustlib.conformance._{library}").subjects())
    chosen = [each for each in known if not name or name in (each.name, each.name.split()[0])]
    if not chosen:
        raise UnknownNameError(name, [each.name for each in known], kind=f"{library} attack")
    yield from chosen
