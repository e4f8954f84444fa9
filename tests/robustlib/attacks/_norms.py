"""One threat model of each norm: which attack serves it, and how far it lets a picture go."""

import torch
from torch import Tensor

from robustlib.threats import L0, L1, L2, Linf, ThreatModel

THREATS = [Linf(0.06), L2(0.4), L1(1.5), L0(5)]


def moved(change: Tensor, threat: ThreatModel) -> Tensor:
    """How far, told apart from the threat model's own words."""
    if isinstance(threat, L0):
        change = change.abs().amax(1) if change.ndim == 4 else change
        return change.flatten(1).count_nonzero(dim=1).double()
    order = {Linf: torch.inf, L2: 2, L1: 1}[type(threat)]
    return torch.linalg.vector_norm(change.flatten(1), ord=order, dim=1)
