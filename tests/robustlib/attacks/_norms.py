"""One threat model of each norm: which attack serves it, and how far it lets a picture go."""

import torch
from torch import Tensor

from robustlib.engine import AttackResult
from robustlib.patch import Patch
from robustlib.threats import L0, L1, L2, Linf, ThreatModel

THREATS = [Linf(0.06), L2(0.4), L1(1.5), L0(5), Patch(0.25, size=3)]
FAR = [Linf(1.0), L2(20.0), L1(200.0), L0(80), Patch(1.0, size=3)]
"""Any picture in the box, for those of the tests' sizes."""

MOVERS = {"spatial"}
"""Attacks that put pixels elsewhere, and so go far or nowhere."""

TOGETHER = {"adversarial_patch", "universal"}
"""What rows do here is one change for all of them: a row's result is not its own."""


def threats(name: str) -> list[ThreatModel]:
    """What an attack is asked about, one of each norm."""
    return FAR if name in MOVERS else THREATS


def radii(threat: ThreatModel, shares: Tensor) -> Tensor:
    """Shares of its radius; no pixel goes further than from wall to wall."""
    return (threat.eps * shares).clamp(max=1.0 if isinstance(threat, Linf | Patch) else torch.inf)


def moved(change: Tensor, threat: ThreatModel) -> Tensor:
    """How far, told apart from the threat model's own words."""
    if isinstance(threat, Patch):
        return _in_a_square(change, threat.size or 0)
    if isinstance(threat, L0):
        change = change.abs().amax(1) if change.ndim == 4 else change
        return change.flatten(1).count_nonzero(dim=1).double()
    order = {Linf: torch.inf, L2: 2, L1: 1}[type(threat)]
    return torch.linalg.vector_norm(change.flatten(1), ord=order, dim=1)


def _in_a_square(change: Tensor, size: int) -> Tensor:
    """The largest change; infinite where what has changed fits into no square of a picture."""
    pictures = change if change.ndim == 4 else change.flatten(1)[:, None, None]
    far = []
    for picture in pictures.abs():
        places = picture.amax(0).nonzero()
        spread = places.amax(0) - places.amin(0) + 1 if len(places) else torch.zeros(2)
        far.append(float(picture.max()) if int(spread.max()) <= size else torch.inf)
    return torch.tensor(far, dtype=torch.float64, device=change.device)


def agree(part: AttackResult, whole: AttackResult, rows: Tensor) -> None:
    """Some rows of a result are the same, run otherwise."""
    assert torch.allclose(part.adversarial, whole.adversarial[rows], rtol=0, atol=1e-9)
    assert torch.equal(part.success, whole.success[rows])
    assert torch.equal(part.queries, whole.queries[rows])
    assert torch.equal(part.backwards, whole.backwards[rows])
