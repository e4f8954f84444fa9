"""Foolbox's attacks, with the parameters that it gives them."""

from collections.abc import Iterator
from functools import partial

import torch

from robustlib.conformance._base import Known, Norm, Subject
from robustlib.questions import Access
from robustlib.threats import L0, L1, L2, Linf
from robustlib.types import Images

_DECISION = Access.DECISION
KINDS: dict[str, tuple[Norm, bool, Access]] = {
    "LinfPGD": (Linf, False, Access.WHITE_BOX),
    "L2PGD": (L2, False, Access.WHITE_BOX),
    "L1PGD": (L1, False, Access.WHITE_BOX),
    "LinfBasicIterativeAttack": (Linf, False, Access.WHITE_BOX),
    "L2CarliniWagnerAttack": (L2, True, Access.WHITE_BOX),
    "EADAttack": (L1, True, Access.WHITE_BOX),
    "DDNAttack": (L2, True, Access.WHITE_BOX),
    "LInfFMNAttack": (Linf, True, Access.WHITE_BOX),
    "L2FMNAttack": (L2, True, Access.WHITE_BOX),
    "L1FMNAttack": (L1, True, Access.WHITE_BOX),
    "L0FMNAttack": (L0, True, Access.WHITE_BOX),
    "LinfDeepFoolAttack": (Linf, True, Access.WHITE_BOX),
    "L2DeepFoolAttack": (L2, True, Access.WHITE_BOX),
    "L2BrendelBethgeAttack": (L2, True, Access.WHITE_BOX),
    "BoundaryAttack": (L2, True, _DECISION),
    "HopSkipJumpAttack": (L2, True, _DECISION),
}
"""Norm, whether the smallest change is looked for, and what is seen of the victim."""


def subjects() -> Iterator[Subject]:
    """Its attacks that leave a label by gradients or decisions."""
    for name, (norm, minimal, access) in KINDS.items():
        yield Subject("foolbox", name, norm, minimal, partial(_run, name), access)


def _run(name: str, known: Known, eps: float) -> Images:
    import foolbox

    model = foolbox.PyTorchModel(known.model, bounds=(0, 1), device=known.images.device)
    radius = None if eps == torch.inf else eps
    _, clipped, _ = getattr(foolbox.attacks, name)()(
        model, known.images, foolbox.criteria.Misclassification(known.labels), epsilons=radius
    )
    return clipped
