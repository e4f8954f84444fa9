"""AutoPGD: gradient ascent that chooses its own steps."""

from collections.abc import Generator
from functools import partial
from typing import Any

import torch

from robustlib._balls import column
from robustlib._border import check_counts
from robustlib.attacks import _base
from robustlib.attacks._base import bounded, one_of
from robustlib.attacks._nearest import of_radius
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import Attack, Gradient, GradientAnswer, WhiteBox
from robustlib.threats import L1, L2, Linf, ThreatModel
from robustlib.types import Flags, Images, PerRow

_AHEAD = 0.75
"""α, the share of the new step; the rest repeats the last one."""

_EARLY = 0.6
"""The share of the steps in L1 that is spent in wider balls."""

_RISES = 0.75
"""ρ, the share of steps between two checkpoints that must climb, or the steps are too long."""


def apgd(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 100,
    restarts: int = 1,
    balls: int = 3,
    draws: Draws,
) -> WhiteBox:
    """Climbs with momentum, halves a row's steps where it no longer rises, and resumes its best.

    z = project(ascend(point, ∇ loss(point), length));
    point ← project(point + α (z - point) + (1 - α) (point - before))

    From length = 2 eps a row is looked at after 22 %, 41 %, 57 %, … of the steps. If fewer than ρ
    of those since the last look have climbed, or if neither its best loss nor its length has
    changed, it halves its length and goes on from its best point.

    In L1 there is no momentum, and only the pixels of the k largest slopes move; after each 4 % of
    the steps k becomes 2/3 of the number of pixels that differ at the best point. Where that
    number has shrunk by 5 % the row goes on from its best point with length eps, elsewhere its
    length is divided by 1.5, down to eps / 10. There it climbs first in balls of 3 and 2 times eps,
    each for three tenths of the steps, and takes its best point, projected, into the next.

    Args:
        images: Clean images.
        goal: What to climb: `Misclassify(labels, measure=dlr)` climbs the difference of logits
            ratio, `measure=dlr_towards(1)` the targeted one.
        threat: `Linf`, `L2` or `L1` of finite eps.
        steps: Gradient steps from each start, ≥ 1.
        restarts: Random starts, ≥ 1.
        balls: In L1, ≥ 1: the first is so many times as wide as eps, the next once less, and the
            last is the threat's; all but that share 60 % of the steps. In Linf and L2 there is one.
        draws: The rows' random streams.

    Returns:
        The last iterate of the last start.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite or the norm is none of the three.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.5625], [0.9]]), Misclassify(torch.tensor([0, 0]))
        >>> attack(model, images, goal, Linf(0.125), apgd, steps=10).success.tolist()
        [True, False]

    Source: croce2020reliable, algorithm 1, and in L1 croce2021mind, algorithm 2 with several ε

    Differences: the paper's looks, where the official code looks at the same steps of 100 but
        counts the first comparison against zero, lets exactly ρ pass as too few, and never finds a
        row stuck at its first look. A row is looked at when it stands there, as in the code; the
        paper takes one more step, and throws it away. In Linf and L2 the start is uniform in the
        ball. The projections are exact, and the step leaves out pixels that already stand at the
        wall which they would run into. In L1 such pixels are not counted in k, and k is rounded
        down, where the code rounds up and so never comes from two pixels to one; in each of the
        balls k begins anew, where the code begins with the pixels that the last ball has changed;
        and the start is uniform noise of all that a pixel can go, projected, where the code
        projects normal noise.
    """
    check_counts(steps=steps, restarts=restarts, balls=balls)
    bounded(one_of("apgd", threat, Linf, L2, L1))
    climb: Attack = partial(_climb, steps=steps)
    if isinstance(threat, L1):
        climb = partial(_through_balls, steps=steps, balls=balls)
    return (yield from _base.restarts(climb, images, goal, threat, times=restarts, draws=draws))


def _climb(images: Images, _: Goal, threat: ThreatModel, *, steps: int, draws: Draws) -> WhiteBox:
    """In Linf and L2."""
    point = before = threat.random_start(images, draws)
    length, looks, project = 2 * threat.radius(images), _looks(steps), threat.onto(images)
    best = _Best((yield from Gradient(point)), point)
    gradient = best.gradient
    for step in range(1, steps + 1):
        start = point if isinstance(threat, Linf) else _snapped(point)  # its step heeds no wall
        ahead = project(threat.ascend(start, gradient, column(length, images)))
        new = _AHEAD if step > 1 else 1.0
        moved = torch.lerp(point, ahead, new).add_(point - before, alpha=1 - new)
        before, point = point, project(moved)
        if step == steps:
            break
        answer = yield from Gradient(point)
        best.note(answer, point)
        gradient = answer.gradient
        if step in looks:
            stuck = best.stuck(looks[step])
            length = torch.where(stuck, length / 2, length)
            point, gradient = best.resumed(stuck, point, gradient)
    return point


def _through_balls(
    images: Images, _: Goal, threat: ThreatModel, *, steps: int, balls: int, draws: Draws
) -> WhiteBox:
    """In L1, from ball to ball; what is found in wider ones shows the way, and is no candidate."""
    each = int(_EARLY * steps / max(1, balls - 1))
    wider = range(balls, 1, -1) if each else range(0)
    radius = threat.radius(images)
    widest = of_radius(threat, max(wider, default=1) * radius, images)
    noise = 2 * draws.uniform(*images.shape[1:]) - 1
    point = widest.project(images + noise, images)  # of few pixels: many small changes lead astray
    for times in wider:
        wide = of_radius(threat, times * radius, images)
        start = wide.project(point, images)
        point = (yield from _climb_few(images, wide, start, steps=each, candidate=False))[0]
    start, left = threat.project(point, images), steps - each * len(wider)
    return (yield from _climb_few(images, threat, start, steps=left))[1]


def _climb_few(
    images: Images, threat: ThreatModel, point: Images, *, steps: int, candidate: bool = True
) -> Generator[Gradient, Any, tuple[Images, Images]]:
    """In one ball of L1: the best point that has been seen, and the last."""
    every = max(1, steps * 4 // 100)
    length = eps = threat.radius(images)
    changed = torch.full_like(eps, images[:1].numel())
    few = (changed / 5).floor().clamp(min=1)
    best = _Best((yield from Gradient(point, candidate=candidate)), point)
    gradient = best.gradient
    for step in range(1, steps + 1):
        ahead = column(length, images) * _steepest_few(gradient, _snapped(point), few)
        point = threat.project(point + ahead, images)
        if step == steps:
            break
        answer = yield from Gradient(point, candidate=candidate)
        best.note(answer, point)
        gradient = answer.gradient
        if not step % every:
            now = _free(best.point, images)
            fewer, changed, few = now < 0.95 * changed, now, (now / 1.5).floor().clamp(min=1)
            length = torch.where(fewer, eps, (length / 1.5).maximum(eps / 10))
            point, gradient = best.resumed(fewer, point, gradient)
    return best.point, point


class _Best:
    """Each row's best point, and what has happened since the last look."""

    def __init__(self, answer: GradientAnswer, point: Images) -> None:
        self.point, self.gradient = point.clone(), answer.gradient.clone()
        self.loss = self._last = self._seen = answer.loss
        self._rises = torch.zeros_like(self.loss)
        self._halved = torch.zeros_like(self.loss, dtype=torch.bool)

    def note(self, answer: GradientAnswer, point: Images) -> None:
        """Takes in one more point."""
        self._rises = self._rises + (answer.loss > self._last)
        better = answer.loss > self.loss
        rows = better.nonzero().squeeze(1)
        self.point.index_copy_(0, rows, point.index_select(0, rows))
        self.gradient.index_copy_(0, rows, answer.gradient.index_select(0, rows))
        self.loss = torch.where(better, answer.loss, self.loss)
        self._last = answer.loss

    def stuck(self, since: int) -> Flags:
        """Looks at the rows after so many steps: which are to halve theirs, and resume here?"""
        idle = ~self._halved & (self._seen == self.loss)
        self._halved = (self._rises < _RISES * since) | idle
        self._seen, self._rises = self.loss, torch.zeros_like(self._rises)
        self._last = torch.where(self._halved, self.loss, self._last)
        return self._halved

    def resumed(self, rows: Flags, point: Images, gradient: Images) -> tuple[Images, Images]:
        """A point and its gradient, and in some rows the best ones in their stead."""
        chosen = column(rows, point)
        return (
            torch.where(chosen, self.point, point),
            torch.where(chosen, self.gradient, gradient),
        )


def _looks(steps: int) -> dict[int, int]:
    """After which steps the rows are looked at, and how many each is after the one before.

    They are ⌈p steps⌉ for p = 0.22, 0.41, 0.57, …: the intervals shrink by 0.03 down to 0.06.
    """
    looks, last, hundredths, interval = {}, 0, 22, 22
    while hundredths < 100:
        step = -(-hundredths * steps // 100)
        if step > last:
            looks[step], last = step - last, step
        interval = max(interval - 3, 6)
        hundredths += interval
    return looks


def _steepest_few(gradient: Images, point: Images, few: PerRow) -> Images:
    """A step of length 1, shared by those k pixels of the largest slopes that have room.

    Steeper ones at their wall are pushed along with them, or the projection would draw them back.
    """
    slopes = gradient.flatten(1).abs()
    room = torch.where(gradient > 0, point < 1, point > 0).flatten(1)
    free = slopes * room
    least = free.sort(dim=1, descending=True).values.gather(1, few.long()[:, None] - 1)
    chosen = ((slopes >= least) & (slopes > 0)).to(gradient)
    count = ((free >= least) & (free > 0)).sum(dim=1, keepdim=True).clamp(min=1)
    return gradient.sign() * (chosen / count).view_as(gradient)


def _snapped(point: Images) -> Images:
    """The point, at its walls where only a rounding keeps it from them."""
    near = _rounding(point)
    return point.masked_fill(point < near, 0).masked_fill(point > 1 - near, 1)


def _free(point: Images, images: Images) -> PerRow:
    """How many pixels have changed, by more than a rounding, and stand at no wall."""
    inside = (_snapped(point) > 0) & (_snapped(point) < 1)
    changed = (point - images).abs() > _rounding(point)
    return (changed & inside).flatten(1).sum(dim=1).to(point)


def _rounding(point: Images) -> float:
    return 4 * torch.finfo(point.dtype).eps
