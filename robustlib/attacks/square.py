"""The Square attack: random search with squares."""

import bisect
from collections.abc import Callable

import torch
from torch import Tensor

from robustlib._border import check_counts, check_range
from robustlib.attacks._base import bounded, one_of
from robustlib.attacks._canvas import Canvas, on_canvas
from robustlib.attacks._windows import Window, bumps, window_of
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.losses import margin
from robustlib.questions import ScoreBased, Scores
from robustlib.threats import L1, L2, Linf, ThreatModel
from robustlib.types import Images

_HALVINGS = (0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8)
"""When the share of changed pixels is halved, as shares of the way."""

_TINY = 1e-10
"""Added to lengths that are divided by."""


def square(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 1000,
    share: float = 0.8,
    draws: Draws,
) -> ScoreBased:
    """Changes random squares, ever smaller ones, and keeps what raises the margin.

    candidate = adversarial with one square redrawn on the surface of the ball;
    adversarial ← candidate if margin(candidate) > margin(adversarial)

    Args:
        images: Clean images [n, c, h, w]; inputs of another shape are taken as one line of pixels.
        goal: What to climb, by its margin.
        threat: `Linf`, `L2` or `L1` of finite eps.
        steps: Queries, ≥ 1.
        share: Of the pixels in the first squares, in (0, 1]; a square has at least one.
        draws: The rows' random streams.

    Returns:
        The last accepted points.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite or the norm is none of the three.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(16, 2)).eval()
        >>> images = torch.full((1, 1, 4, 4), 0.5)
        >>> result = attack(model, images, Misclassify(model(images).argmax(1)), Linf(0.5), square)
        >>> result.success.item(), result.backwards.item()
        (True, 0)

    Source: andriushchenko2020square, algorithms 1 to 3; its form in L1: croce2021mind

    Differences: each image has its own squares, where the official Linf code draws one for the
        whole batch; a square may touch the lower and right edge, which the official code misses
        by one pixel; where a redrawn square would change nothing its colours are negated instead
        of drawn again; windows of inputs that are not images are rectangles of the same area. The
        squares shrink over the steps that are asked for, where AutoAttack's own code cuts a
        schedule of 10,000 off after its 5,000.
    """
    check_counts(steps=steps)
    check_range("(0, 1]", share=share)
    start, propose = _moves(bounded(one_of("square", threat, Linf, L2, L1)))
    canvas = on_canvas(images)
    ball, climb = threat.placed(canvas), goal.measured(margin)
    rows = torch.arange(len(images), device=images.device)

    adversarial = start(canvas, ball, draws)
    answer = yield from Scores(adversarial.view_as(images))
    highest = climb.loss(answer.outputs, rows)
    for step in range(steps - 1):
        window = window_of(
            canvas.shape[2:], share / 2 ** bisect.bisect_left(_HALVINGS, step / steps)
        )
        candidate = propose(canvas, adversarial, ball, window, draws)
        answer = yield from Scores(candidate.view_as(images))
        found = climb.loss(answer.outputs, rows)
        better = (found > highest) | answer.reached
        taken = better.nonzero().squeeze(1)
        adversarial = adversarial.index_copy(0, taken, candidate.index_select(0, taken))
        highest = torch.where(better, found, highest)
    return adversarial.view_as(images)


def _start_linf(images: Canvas, threat: ThreatModel, draws: Draws) -> Canvas:
    """Vertical stripes of one pixel, each ±eps in each channel."""
    _, channels, _, width = images.shape
    stripes = _signs(draws.uniform(channels, 1, width))
    return threat.project(images + threat.eps * stripes, images)


def _propose_linf(
    images: Canvas, adversarial: Canvas, threat: ThreatModel, window: Window, draws: Draws
) -> Canvas:
    """One window of one colour, ±eps in each channel."""
    numbers = draws.uniform(2 + images.shape[1])
    here = window.at(numbers[:, :2]).pixels  # most windows are small: the rest is not looked at
    old, colour = images[here], threat.eps * _signs(numbers[:, 2:])[:, None, None]
    painted, negated = (threat.project(old + shade, old) for shade in (colour, -colour))
    same = (painted == adversarial[here]).flatten(1).all(dim=1)
    candidate = adversarial.clone()
    candidate[here] = torch.where(same[:, None, None, None], negated, painted)
    return candidate


def _start_bumps(images: Canvas, threat: ThreatModel, draws: Draws) -> Canvas:
    """A grid of five by five bumps, each of a random sign in each channel."""
    count, channels, *size = images.shape
    tile = [max(1, length // 5) for length in size]
    tiles = [length // each for length, each in zip(size, tile, strict=True)]
    numbers = draws.uniform(1 + channels, *tiles)
    wide = numbers.repeat_interleave(tile[0], dim=2).repeat_interleave(tile[1], dim=3)
    both = bumps(tile[0], tile[1], _order(threat)).to(images)
    upright, lying = (bump.repeat(*tiles) for bump in both)
    change = torch.where(wide[:, :1] < 0.5, upright, lying) * _signs(wide[:, 1:])
    padded = images.new_zeros(count, channels, *size)
    top, left = ((length - each) // 2 for length, each in zip(size, change.shape[2:], strict=True))
    padded[:, :, top : top + change.shape[2], left : left + change.shape[3]] = change
    return _within(images, padded, threat)


def _propose_bump(
    images: Canvas, adversarial: Canvas, threat: ThreatModel, window: Window, draws: Draws
) -> Canvas:
    """Moves the change of one window into another, where a bump is added to it."""
    channels, order = images.shape[1], _order(threat)
    numbers = draws.uniform(5 + channels)
    window = window.odd()
    here, there = window.at(numbers[:, :2]), window.at(numbers[:, 2:4])
    change = adversarial - images
    old = change * here.mask
    radius = threat.radius(images)[:, None, None, None]
    unspent = (radius**order - _power(change, (1, 2, 3), order)).clamp(0)
    freed = _power(change * (here.mask | there.mask), (2, 3), order)
    signs = _signs(numbers[:, 5:, None, None])
    bump = here.of(bumps(*window.sides, order), numbers[:, 4]) * signs
    fresh = _unit(bump + _unit(old, order), order) * (unspent / channels + freed) ** (1 / order)
    if order == 1:  # more than there is: what the box cuts off may be spent on other pixels
        fresh = fresh * channels
    return _within(images, torch.where(here.mask, fresh, change * ~there.mask), threat)


def _moves(threat: ThreatModel) -> tuple[Callable[..., Canvas], Callable[..., Canvas]]:
    """How to start in a norm and how to go on."""
    if isinstance(threat, Linf):
        return _start_linf, _propose_linf
    return _start_bumps, _propose_bump


def _order(threat: ThreatModel) -> int:
    return 1 if isinstance(threat, L1) else 2


def _within(images: Canvas, change: Canvas, threat: ThreatModel) -> Canvas:
    """The images changed so: in L2 by eps, cut to the box; in L1 the nearest in ball and box."""
    if _order(threat) == 2:
        length = _power(change, (1, 2, 3), 2).sqrt() + _TINY
        change = threat.eps * change / length
    return threat.project(images + change, images)


def _power(change: Canvas, axes: tuple[int, ...], order: int) -> Tensor:
    """The norm over some axes, to the power of its order."""
    return change.abs().pow(order).sum(dim=axes, keepdim=True)


def _unit(change: Canvas, order: int) -> Tensor:
    """Each channel over its length."""
    return change / (_power(change, (2, 3), order) ** (1 / order) + _TINY)


def _signs(numbers: Tensor) -> Tensor:
    return torch.where(numbers < 0.5, -1.0, 1.0).to(numbers)
