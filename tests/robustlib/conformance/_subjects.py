"""Sound subjects, and ones with a fault planted."""

import dataclasses
from collections.abc import Callable

from torch import Tensor

from robustlib.conformance._base import Known, Subject
from robustlib.conformance._libraries import named
from robustlib.questions import Access


def ours(written: str) -> Subject:
    """The one subject of that name."""
    (subject,) = named(f"robustlib:{written}")
    return subject


def faulty(written: str, fault: Callable[[Tensor, Known], Tensor]) -> Subject:
    """Our attack, with what comes back changed: fault(adversarial, known)."""
    sound = ours(written)
    return dataclasses.replace(sound, run=lambda known, eps: fault(sound.run(known, eps), known))


def idle(written: str, access: Access = Access.WHITE_BOX) -> Subject:
    """Gives the pictures back."""
    return dataclasses.replace(
        ours(written), run=lambda known, eps: known.images.clone(), access=access
    )
