"""RayS: a search among signs."""

import itertools
from collections.abc import Iterator

import torch

from robustlib._balls import column
from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._border_search import Asking, Ground, bisect
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import DecisionBased
from robustlib.threats import Linf, ThreatModel
from robustlib.types import Images, PerRow, Rows


def rays(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 1000,
    tolerance: float = 1e-3,
    draws: Draws,
) -> DecisionBased:
    """Turns the signs of a direction over, block by block, and keeps what brings the border nearer.

    With r(s) the least r at which clip(image + r s) has reached the goal, s of ±1 alone:
    s ← s with one block turned over, if clip(image + r s) has reached the goal at r = r(s);
    the first block is the whole image, then come its halves, its quarters, and in the end its
    single numbers, again and again.

    Args:
        images: Clean images.
        goal: What is wanted.
        threat: `Linf`. `eps=inf` asks for the nearest success; with a finite eps points outside the
            ball are asked about, and cannot be the result.
        steps: Blocks turned over, ≥ 1; d numbers are all turned over once after 2 d - 1 or so.
        tolerance: How exactly the border is found, in pixel units, in (0, 1].
        draws: The rows' random streams; none is used.

    Returns:
        The last points of the border, cut to the ball; the image where no direction has led
        anywhere.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If the norm is another.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: (images.mean(1) > 0.5).long()  # says only a label
        >>> images, goal = torch.tensor([[0.7, 0.6]]), Misclassify(torch.tensor([1]))
        >>> result = attack(model, images, goal, Linf(torch.inf), rays, steps=3)
        >>> result.success.item(), round(result.distance.item(), 2)
        (True, 0.15)

    Source: chen2020rays, algorithm 3

    Differences: the first direction, of all ones, is asked about before any block is turned over;
        a direction that leads nowhere is followed from wall to wall, not to infinity.
    """
    one_of("rays", threat, Linf)
    check_counts(steps=steps)
    check_range("(0, 1]", tolerance=tolerance)
    ground = Ground(images, threat)
    signs, radius = torch.ones_like(images), torch.ones_like(images.flatten(1)[:, 0])
    best, everyone = images.clone(), torch.arange(len(images), device=images.device)
    for block in itertools.islice(_blocks(ground.size), steps + 1):
        turned = signs.clone(memory_format=torch.contiguous_format)
        turned.view(len(turned), -1)[:, block] *= -1
        tried = _ahead(images, turned, radius)
        rows = (yield from ground.asks(tried, everyone)).nonzero().squeeze(1)
        signs[rows] = turned[rows]
        best[rows], radius[rows] = yield from _nearer(
            ground, tried[rows], rows, turned[rows], radius[rows], tolerance=tolerance
        )
    return threat.project(best, images)


def _ahead(images: Images, signs: Images, radius: PerRow) -> Images:
    return (images + column(radius, images) * signs).clamp(0, 1)


def _nearer(
    ground: Ground, ends: Images, rows: Rows, signs: Images, radius: PerRow, *, tolerance: float
) -> Asking[tuple[Images, PerRow]]:
    """Where the directions first cross the border, nearer than a radius; the points, how far."""

    def at(lengths: PerRow, places: Rows) -> Images:
        return _ahead(ground.images[rows[places]], signs[places], lengths)

    span = torch.zeros_like(radius), radius
    return (yield from bisect(ground, at, ends, rows, span, tolerance=tolerance))


def _blocks(size: int) -> Iterator[slice]:
    """Nothing, the whole, its halves, its quarters, ... its single numbers, and these for ever."""
    yield slice(0, 0)
    for level in itertools.count():
        width = -(-size // 2 ** min(level, size.bit_length()))
        for first in range(0, size, width):
            yield slice(first, first + width)
