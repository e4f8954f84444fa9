"""The nearest point of a plane within the box: where a linear model would change its mind."""

import torch
from jaxtyping import Float
from torch import Tensor

from robustlib._balls import filled, level
from robustlib.threats import L2, Linf, ThreatModel
from robustlib.types import Images


def shortest(
    points: Images,
    gradients: Float[Tensor, "n j *shape"],
    rises: Float[Tensor, "n j"],
    threat: ThreatModel,
) -> Images:
    """The shortest of the steps onto several planes each; see `onto`.

    Args:
        points: Where the steps begin, in the box.
        gradients: Of j linear functions a row.
        rises: How much each is to rise.
        threat: `Linf`, `L2` or `L1`: its norm is what is shortest.

    Returns:
        The steps; where the box reaches none of its planes, as far as it goes towards the first.
    """
    ways, lengths = [], []
    for gradient, rise in zip(gradients.unbind(1), rises.unbind(1), strict=True):
        way = onto(points, gradient, rise, threat)
        risen = (gradient * way).flatten(1).sum(dim=1)
        there = (risen - rise).abs() <= 1e-3 * rise.abs()  # else the box ends before the plane
        ways.append(way)
        lengths.append(threat.distance(points + way, points).where(there, torch.inf))
    chosen = torch.stack(lengths, dim=1).argmin(dim=1)
    return torch.stack(ways, dim=1)[torch.arange(len(points), device=points.device), chosen]


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
