"""Turns and shifts of the whole picture, searched on a grid."""

import itertools
import math
from collections.abc import Iterator

import torch
from jaxtyping import Float
from torch import Tensor

from robustlib._border import check_counts, check_range
from robustlib._motions import Motion, moved
from robustlib.attacks._base import one_of
from robustlib.attacks._canvas import on_canvas
from robustlib.attacks._nearest import Nearest
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import DecisionBased
from robustlib.threats import L0, L1, L2, Linf, ThreatModel
from robustlib.types import Images

Shares = Float[Tensor, "n 3"]
"""Of each row's farthest turn, shift to the right and shift downwards, from -1 to 1."""


def spatial(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    turn: float = 30.0,
    shift: float = 0.1,
    turns: int = 31,
    shifts: int = 5,
    tries: int | None = None,
    draws: Draws,
) -> DecisionBased:
    """Turns and shifts the picture, by every motion of a grid or by random ones.

    adversarial = the picture turned by a, then moved by r of its width and b of its height, over
    a grid of |a| ≤ turn and |r|, |b| ≤ shift, the smallest (a / turn)² + (r / shift)² +
    (b / shift)² first. What comes in from outside is black.

    Args:
        images: Clean images [n, c, h, w]; inputs of another shape are taken as one line of pixels.
        goal: What is wanted.
        threat: `Linf`, `L2`, `L1` or `L0`. A motion changes most pixels, and far: `Linf(1)` allows
            every one. Under a smaller eps only motions that stay in the ball are tried, which may
            be none; `eps=inf` asks for the nearest success.
        turn: The farthest, either way, in degrees, in [0, 180].
        shift: The farthest, each way, as a share of the picture's side, in [0, 1].
        turns: On the grid, evenly from one end to the other, ≥ 1; none among them if it is even.
        shifts: On the grid in each direction, likewise, ≥ 1.
        tries: Random motions, uniform within the same limits, ≥ 1, instead of the grid's.
        draws: The rows' random streams; the grid needs none.

    Returns:
        The nearest success in the threat's norm; the image where there is none.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If the norm is none of the four.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> from robustlib.threats import Linf
        >>> model = lambda images: images[:, 0, :, 0].flip(1)  # where is the left column's light?
        >>> images, goal = torch.eye(2).view(1, 1, 2, 2), Misclassify(torch.tensor([1]))
        >>> options = {"turn": 90, "shift": 0, "turns": 3, "shifts": 1}
        >>> attack(model, images, goal, Linf(1), spatial, **options).adversarial.flatten().tolist()
        [0.0, 1.0, 1.0, 0.0]

    Source: engstrom2019exploring, section 3

    Differences: the motions of the grid are tried from the least to the greatest, and a success
        ends the search, where the paper tries all and keeps that of the highest loss; the picture
        stays where it is for no query. A shift is a tenth of the side, where the paper's is three
        pixels of 28 and of 32 and 24 of 224. Both are made in one step, so that a pixel is mixed
        once. The paper's gradients in turn and shift, which it finds weaker than the grid, are not
        here.
    """
    check_range("[0, 180]", turn=turn)
    check_range("[0, 1]", shift=shift)
    check_counts(turns=turns, shifts=shifts)
    check_counts(**{} if tries is None else {"tries": tries})
    one_of("spatial", threat, Linf, L2, L1, L0)
    nearest, canvas = Nearest(images, threat), on_canvas(images)
    height, width = canvas.shape[2:]
    limits = torch.tensor([turn, shift * width, shift * height], dtype=torch.float64)
    grid = _grid(turns, shifts, len(images))
    for shares in grid if tries is None else _chances(tries, draws):
        turned, right, below = (limits * shares).to(images.device).unbind(1)
        motion = Motion(turned, torch.ones_like(turned), right, below)
        points = moved(canvas, motion).clamp(0, 1).view_as(images)
        inside = threat.distance(points.double(), images.double()) <= threat.radius(images).double()
        rows = inside.nonzero().squeeze(1)
        if len(rows):
            yield from nearest.decision(points[rows], rows)
    return nearest.result(images)


def _grid(turns: int, shifts: int, count: int) -> Iterator[Shares]:
    """All motions of the grid but none at all, the least first, the same for each row."""
    across = _even(shifts)
    ways = sorted(itertools.product(_even(turns), across, across), key=lambda way: math.hypot(*way))
    return (torch.tensor([way], dtype=torch.float64).expand(count, 3) for way in ways if any(way))


def _chances(tries: int, draws: Draws) -> Iterator[Shares]:
    """So many random motions, each row its own."""
    return (2 * draws.uniform(3).double().cpu() - 1 for _ in range(tries))


def _even(count: int) -> list[float]:
    """So many numbers from -1 to 1; the middle alone if it is one."""
    return [2 * number / (count - 1) - 1 for number in range(count)] if count > 1 else [0.0]
