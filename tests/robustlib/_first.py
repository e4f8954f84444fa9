"""Attacks that a curve lets go first, without a radius, beside their like that are shown each."""

from functools import partial
from typing import TypeAlias

import torch
from torch import Tensor, nn

from robustlib.attacks import attacks
from robustlib.curves import _endless, curve
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import L0, L1, L2, Linf, ThreatModel
from tests.robustlib.attacks._quick import short
from tests.robustlib.attacks.test_contract import ROOM

Setting: TypeAlias = tuple[nn.Module, Tensor, Misclassify]

GRIDS: dict[type[ThreatModel], tuple[float, ...]] = {
    Linf: (0.02, 0.08),
    L2: (0.2, 0.8),
    L1: (0.5, 4.0),
    L0: (1.0, 2.0),
}


def endless(name: str, threat: ThreatModel) -> bool:
    image, goal = torch.full((1, 2, 6, 6), 0.5).double(), Misclassify(torch.tensor([0]))
    method = partial(attacks[name], **short(name))
    return _endless(image, goal, type(threat), threat.eps, method)  # type: ignore[arg-type]


FIRST = [
    (name, threat)
    for name, threat in ROOM
    if name != "transfer" and type(threat) in GRIDS and endless(name, threat)
]
"""Each attack of the room that a curve lets go without a radius, in each norm."""


def left(name: str, norm: type[ThreatModel], setting: Setting) -> Tensor:
    """How many rows the curve leaves at each radius that the attack fools within it alone."""
    radii, method = GRIDS[norm], partial(attacks[name], **short(name))
    found = curve(*setting, norm, radii, attacks={name: method})
    alone = [attack(*setting, norm(eps), method).success for eps in radii]
    pairs = zip(radii, alone, strict=True)
    return torch.stack([(fresh & (found.fooled_at > eps)).sum() for eps, fresh in pairs])
