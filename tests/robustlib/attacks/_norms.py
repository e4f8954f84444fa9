"""One threat model of each norm: which attack serves it, and how far it lets a picture go."""

import torch
from torch import Tensor

from robustlib.attacks import attacks
from robustlib.draws import Draws
from robustlib.errors import ThreatError
from robustlib.goals import Misclassify
from robustlib.threats import L0, L1, L2, Linf, ThreatModel

THREATS = [Linf(0.06), L2(0.4), L1(1.5), L0(5)]


def refusal(name: str, threat: ThreatModel) -> str:
    """What an attack says of a threat model before it asks anything; nothing, and it serves it."""
    images = torch.full((1, 2, 6, 6), 0.5)
    goal = Misclassify(torch.zeros(1, dtype=torch.int64))
    draws = Draws(0, [0])
    try:
        next(attacks[name](images, goal, threat.placed(images), draws=draws), None)
    except ThreatError as error:
        return str(error)
    return ""


def moved(change: Tensor, threat: ThreatModel) -> Tensor:
    """How far, told apart from the threat model's own words."""
    if isinstance(threat, L0):
        change = change.abs().amax(1) if change.ndim == 4 else change
        return change.flatten(1).count_nonzero(dim=1).double()
    order = {Linf: torch.inf, L2: 2, L1: 1}[type(threat)]
    return torch.linalg.vector_norm(change.flatten(1), ord=order, dim=1)
