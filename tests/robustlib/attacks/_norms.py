"""One threat model of each norm: which attack serves it, and how far it lets a picture go."""

import torch
from torch import Tensor

from robustlib.threats import L0, L1, L2, Linf, ThreatModel

THREATS = [Linf(0.06), L2(0.4), L1(1.5), L0(5)]
FAR = [Linf(1.0), L2(20.0), L1(200.0), L0(80)]
"""Any picture in the box, for those of the tests' sizes."""

MOVERS = {"spatial"}
"""Attacks that put pixels elsewhere, and so go far or nowhere."""


def threats(name: str) -> list[ThreatModel]:
    """What an attack is asked about, one of each norm."""
    return FAR if name in MOVERS else THREATS


def radii(threat: ThreatModel, shares: Tensor) -> Tensor:
    """Shares of its radius; no pixel goes further than from wall to wall."""
    return (threat.eps * shares).clamp(max=1.0 if isinstance(threat, Linf) else torch.inf)


def moved(change: Tensor, threat: ThreatModel) -> Tensor:
    """How far, told apart from the threat model's own words."""
    if isinstance(threat, L0):
        change = change.abs().amax(1) if change.ndim == 4 else change
        return change.flatten(1).count_nonzero(dim=1).double()
    order = {Linf: torch.inf, L2: 2, L1: 1}[type(threat)]
    return torch.linalg.vector_norm(change.flatten(1), ord=order, dim=1)
