"""The libraries whose attacks can be asked about."""

from collections.abc import Iterator
from importlib import import_module

from robustlib.conformance._base import Subject
from robustlib.errors import InputError, UnknownNameError

LIBRARIES = {
    "robustlib": "robustlib.attacks",
    "foolbox": "foolbox",
    "torchattacks": "torchattacks",
    "art": "art.attacks",
    "adv_lib": "adv_lib.attacks",
}
"""What is imported to ask each."""


def named(written: str) -> Iterator[Subject]:
    """The subjects that a word means: `foolbox:LinfPGD`, or `foolbox` for all of its attacks.

    Of ours a name without a norm means all norms: `robustlib:pgd` is `robustlib:pgd Linf` and
    three others.

    Raises:
        UnknownNameError: If there is no such library, or none of its attacks has the name.
        InputError: If the library cannot be imported here: that breaks no promise.
    """
    library, _, name = written.partition(":")
    if library not in LIBRARIES:
        raise UnknownNameError(library, LIBRARIES, kind="library")
    known = list(subjects(library))
    wanted = name.casefold()  # who remembers LInf and Linf apart?
    chosen = [each for each in known if not name or wanted in _names(each)]
    if not chosen:
        raise UnknownNameError(name, [each.name for each in known], kind=f"{library} attack")
    try:
        import_module(LIBRARIES[library])
    except ImportError as error:
        raise InputError(f"{library} cannot be asked here, install it first: {error}") from error
    yield from chosen


def subjects(library: str) -> Iterator[Subject]:
    """All attacks of a library that can be asked about, be it there or not."""
    found: Iterator[Subject] = import_module(f"robustlib.conformance._{library}").subjects()
    return found


def _names(subject: Subject) -> tuple[str, str]:
    whole = subject.name.casefold()
    return whole, whole.split()[0]
