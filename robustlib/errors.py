"""Every error that robustlib raises on purpose, each also the built-in that it resembles.

    RobustlibError
    ├── InputError        (ValueError)        an argument is wrong
    ├── ThreatError       (ValueError)        a threat model is wrong, or something has left it
    ├── ModelError        (RuntimeError)      the model answered what no attack can use
    ├── AccessError       (PermissionError)   an attack asked for more than it may see
    ├── ServingError      (RuntimeError)      a job has no place, or was called off
    ├── UnknownNameError  (KeyError)          no such entry in a catalogue
    ├── DataError         (OSError)           a data file is missing, truncated or wrong
    └── RecipeError       (ValueError)        a recipe or a model's card is wrong

A message says what was expected, what came and what to do.
"""

import difflib
from collections.abc import Iterable


class RobustlibError(Exception):
    """The root: `except RobustlibError` catches what this library refuses, and no bug."""


class InputError(RobustlibError, ValueError):
    """An argument is wrong."""


class ThreatError(RobustlibError, ValueError):
    """A threat model is wrong, or something has left it."""


class ModelError(RobustlibError, RuntimeError):
    """The model answered what no attack can use: NaN, no gradient, a wrong shape."""


class AccessError(RobustlibError, PermissionError):
    """An attack asked the model for more than its access level lets it see."""


class ServingError(RobustlibError, RuntimeError):
    """A server of attacks has no place for a job, is closed, or the job was called off."""


class DataError(RobustlibError, OSError):
    """A data file is missing, truncated or not what it should be."""


class RecipeError(RobustlibError, ValueError):
    """A recipe or a model's card is wrong."""


class UnknownNameError(RobustlibError, KeyError):
    """No entry of that name; the message suggests the nearest ones.

    Args:
        name: What was asked for.
        known: The names that exist.
        kind: What the names are names of, for the message.

    Examples:
        >>> print(UnknownNameError("pdg", ["fgsm", "pgd"], kind="attack"))
        no attack named 'pdg'; did you mean 'pgd'? There are: fgsm, pgd
    """

    def __init__(self, name: str, known: Iterable[str], *, kind: str = "entry") -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.5)
        hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else "."
        listing = ", ".join(names) if names else "none yet"
        self.message = f"no {kind} named {name!r}{hint} There are: {listing}"
        super().__init__(self.message)

    def __str__(self) -> str:  # KeyError would show the repr
        return self.message
