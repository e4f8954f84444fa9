"""The nearest point of a plane within the box: where a linear model would change its mind."""

import torch
from jaxtyping import Float
from torch import Tensor

from robustlib._balls import column, filled, level
from robustlib.threats import L2, Linf, ThreatModel
from robustlib.types import Images

BEYOND = 1e-4
"""How far beyond a boundary a straight step leads, as in DeepFool's official code."""


def straight(
    points: Images,
    gradients: Float[Tensor, "n j *shape"],
    leads: Float[Tensor, "n j"],
    threat: ThreatModel,
    *,
    beyond: float = BEYOND,
) -> Images:
    """DeepFool's step: straight up the slope of the boundary that is nearest, to just beyond it.

    The boundary of j is |lead_j| / ‖gradient_j‖* away, where * is the dual norm.

    Args:
        points: Which pixels have room, in the box: those at a wall that they would run into are
            left out. In L1 one pixel is moved alone, the steepest.
        gradients: Of j linear functions a row.
        leads: Their values: a boundary is where one is zero.
        threat: `Linf`, `L2` or `L1`: its norm is what is shortest.
        beyond: What is added to its length, in pixel units: of no length it would never arrive.

    Returns:
        The steps, which may lead out of the box; none where there is no slope.
    """
    ways = [threat.steepest(gradient, points) for gradient in gradients.unbind(1)]
    directions = torch.stack(ways, dim=1)
    slopes = (gradients * directions).flatten(2).sum(dim=2)
    lengths = torch.where(slopes > 0, beyond - leads / slopes, torch.inf)
    length, nearest = lengths.min(dim=1)
    length = length.masked_fill(length.isinf(), 0)
    direction = directions[torch.arange(len(points), device=points.device), nearest]
    return column(length, points) * direction


def onto(
    points: Images, gradient: Images, rise: Float[Tensor, " n"], threat: ThreatModel
) -> Images:
    """The shortest step within the box along which a linear slope rises by so much, exactly.

    min ‖step‖ over the steps with gradient · step = rise and 0 ≤ points + step ≤ 1

    In Linf every pixel goes the same way t, in L2 in proportion to its slope, each as far as its
    wall; t solves Σ |gradient| · min(t, room) = rise or Σ |gradient| · min(t |gradient|, room) =
    rise. In L1 the steepest pixels go to their walls first: a fractional knapsack.

    Args:
        points: Where the steps begin, in the box.
        gradient: Of the linear function.
        rise: How much is wanted; it falls where this is negative.
        threat: `Linf`, `L2` or `L1`: its norm is what is shortest.

    Returns:
        The steps. Where the box does not reach so far, as far as it goes.
    """
    upwards = gradient.flatten(1) * torch.where(rise < 0, -1, 1)[:, None]
    flat, slopes = points.flatten(1), upwards.abs()
    room = torch.where(upwards > 0, 1 - flat, flat)
    total = rise.abs()[:, None]
    if isinstance(threat, Linf):
        way = torch.minimum(level(slopes, slopes * room, total), room)
    elif isinstance(threat, L2):
        most = slopes.amax(dim=1, keepdim=True)  # else tiny slopes square to zero
        unit = slopes / most.masked_fill(most == 0, 1)
        times = level(unit * slopes, slopes * room, total)
        way = torch.minimum((times * unit).nan_to_num(nan=0.0, posinf=torch.inf), room)
    else:
        spent = filled(slopes, slopes * room, total)
        way = torch.minimum((spent / slopes).nan_to_num(nan=0.0), room)
    return (way * upwards.sign()).view_as(points)
