"""The attack of Carlini and Wagner in the maximum norm."""

import torch

from robustlib._balls import column
from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._carlini import Adam
from robustlib.attacks._nearest import Nearest
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.losses import margin
from robustlib.questions import WhiteBox
from robustlib.threats import Linf, ThreatModel
from robustlib.types import Flags, Images, PerRow

_DEAREST = 20.0
"""A price beyond this is not tried: the bound is then taken for too low."""


def cw_linf(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 100,
    searches: int = 20,
    step_size: float = 0.1,
    shrink: float = 0.9,
    weight: float = 0.1,
    halvings: int = 8,
    draws: Draws,
) -> WhiteBox:
    """Trades what the change has beyond a bound for the margin; the bound shrinks as it is kept.

    min c · max(-margin(point), 0) + Σ max(|point - image| - τ, 0), by Adam within the box;
    τ ← shrink · max |point - image| at each success that keeps to τ; the price c doubles after a
    search that has none.

    Args:
        images: Clean images.
        goal: What is wanted, by its margin.
        threat: `Linf`. Under a finite eps only what comes within it counts.
        steps: Steps of each search, ≥ 1, from the nearest success.
        searches: How often, ≥ 1.
        step_size: Adam's first, as a share of the bound, > 0; it falls to a hundredth in a search.
        shrink: The next bound as a share of the nearest success, in (0, 1).
        weight: The first price c, > 0.
        halvings: Of the way from the image to the nearest success at the end, ≥ 0.
        draws: The rows' random streams; none is used.

    Returns:
        The nearest successes.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If the norm is not Linf.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.7]]), Misclassify(torch.tensor([0]))
        >>> result = attack(model, images, goal, Linf(torch.inf), cw_linf, steps=20)
        >>> round(result.distance.item(), 2)
        0.2

    Source: carlini2017towards, section VI-C

    Differences: points are cut to the box, one of the paper's three ways, and not mapped by a tanh,
        in which pixels of exactly 0 or 1 hardly move; a price that is too dear ends the paper's
        search: here the bound goes halfway back to the nearest success, and the price to its
        first; steps are as long as the bound lets them be, not 0.005; the end is a bisection.
    """
    one_of("cw_linf", threat, Linf)
    check_counts(steps=steps, searches=searches)
    check_counts(0, halvings=halvings)
    check_range("(0, inf)", step_size=step_size, weight=weight)
    check_range("(0, 1)", shrink=shrink)
    nearest, climbed = Nearest(images, threat), goal.measured(margin)
    bound, points = _Bound(nearest.distance, shrink, weight), images
    for _ in range(searches):
        adam = Adam(images, step_size)
        for step in range(steps):
            answer = yield from nearest.gradient(points, climbed.loss)
            bound.lower(nearest.distance)
            shift = points - images
            wanted = column(bound.price * (answer.loss < 0), images)
            beyond = shift.sign() * (shift.abs() > column(bound.most, images))
            fall = column(bound.most, images) * 0.01 ** (step / steps)
            points = (points - fall * adam.step(beyond - wanted * answer.gradient)).clamp(0, 1)
        bound.judge(nearest.distance)
        points = torch.where(column(nearest.found, images), nearest.points, points)
    yield from nearest.closer(halvings)
    return nearest.result(points)


class _Bound:
    """Of each row: the bound τ, the highest that has failed, and the price."""

    def __init__(self, like: PerRow, shrink: float, weight: float) -> None:
        self._shrink, self._weight = shrink, weight
        self.most, self.price = torch.ones_like(like), torch.full_like(like, weight)
        self._failed = torch.zeros_like(like)
        self._kept: Flags = torch.zeros_like(like, dtype=torch.bool)

    def lower(self, distance: PerRow) -> None:
        """Below the nearest success, where that keeps to the bound."""
        kept = distance <= self.most
        self.most = torch.where(kept, self._next(distance), self.most)
        self._kept = self._kept | kept

    def judge(self, distance: PerRow) -> None:
        """Raises the price where a search has kept to no bound, and then the bound."""
        price = torch.where(self._kept, self.price, 2 * self.price)
        dear = (price > _DEAREST) & distance.isfinite()
        self._failed = torch.where(dear, self.most, self._failed)
        self.most = torch.where(dear, self._next(distance), self.most)
        self.price = torch.where(dear, self._weight, price)
        self._kept = torch.zeros_like(self._kept)

    def _next(self, distance: PerRow) -> PerRow:
        return torch.maximum(self._shrink * distance, (self._failed + distance) / 2)
