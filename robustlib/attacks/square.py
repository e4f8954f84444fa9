"""The Square attack: random search with squares."""

import bisect
import functools
from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from robustlib._border import check_counts, check_range
from robustlib.attacks._base import bounded, one_of
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.losses import margin
from robustlib.questions import ScoreBased, Scores
from robustlib.threats import L2, Linf, ThreatModel
from robustlib.types import Images

_HALVINGS = (0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8)
"""When the share of changed pixels is halved, as shares of the way."""


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
        threat: `Linf` or `L2` of finite eps.
        steps: Queries, ≥ 1.
        share: Of the pixels in the first squares, in (0, 1]; a square has at least one.
        draws: The rows' random streams.

    Returns:
        The last accepted points.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite or the norm is neither of the two.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(16, 2)).eval()
        >>> images = torch.full((1, 1, 4, 4), 0.5)
        >>> result = attack(model, images, Misclassify(model(images).argmax(1)), Linf(0.5), square)
        >>> result.success.item(), result.backwards.item()
        (True, 0)

    Source: andriushchenko2020square, algorithms 1 to 3

    Differences: each image has its own squares, where the official Linf code draws one for the
        whole batch; a square may touch the lower and right edge, which the official code misses
        by one pixel; where a redrawn square would change nothing its colours are negated instead
        of drawn again; windows of inputs that are not images are rectangles of the same area.
    """
    check_counts(steps=steps)
    check_range("(0, 1]", share=share)
    start, propose = _moves(bounded(one_of("square", threat, Linf, L2)))
    canvas = images.reshape(len(images), *_grid(images.shape[1:]))
    ball, climb = threat.placed(canvas), goal.measured(margin)
    rows = torch.arange(len(images), device=images.device)

    adversarial = start(canvas, ball, draws)
    answer = yield from Scores(adversarial.view_as(images))
    highest = climb.loss(answer.outputs, rows)
    for step in range(steps - 1):
        window = _window(canvas.shape[2:], share / 2 ** bisect.bisect_left(_HALVINGS, step / steps))
        candidate = propose(canvas, adversarial, ball, window, draws)
        answer = yield from Scores(candidate.view_as(images))
        found = climb.loss(answer.outputs, rows)
        better = (found > highest) | answer.reached
        adversarial = torch.where(better[:, None, None, None], candidate, adversarial)
        highest = torch.where(better, found, highest)
    return adversarial.view_as(images)


Canvas = Float[Tensor, "n c h w"]


def _start_linf(images: Canvas, threat: ThreatModel, draws: Draws) -> Canvas:
    """Vertical stripes of one pixel, each ±eps in each channel."""
    _, channels, _, width = images.shape
    stripes = _signs(draws.uniform(channels, 1, width))
    return threat.project(images + threat.eps * stripes, images)


def _propose_linf(
    images: Canvas, adversarial: Canvas, threat: ThreatModel, window: "_Window", draws: Draws
) -> Canvas:
    """One window of one colour, ±eps in each channel."""
    numbers = draws.uniform(2 + images.shape[1])
    inside = window.at(numbers[:, :2]).mask
    colour = threat.eps * _signs(numbers[:, 2:, None, None])
    painted, negated = (threat.project(images + shade, images) for shade in (colour, -colour))
    same = ((painted == adversarial) | ~inside).flatten(1).all(dim=1)
    fresh = torch.where(same[:, None, None, None], negated, painted)
    return torch.where(inside, fresh, adversarial)


def _start_l2(images: Canvas, threat: ThreatModel, draws: Draws) -> Canvas:
    """A grid of five by five bumps, each of a random sign in each channel."""
    count, channels, *size = images.shape
    tile = [max(1, length // 5) for length in size]
    grid = [length // each for length, each in zip(size, tile, strict=True)]
    numbers = draws.uniform(1 + channels, *grid)
    wide = numbers.repeat_interleave(tile[0], dim=2).repeat_interleave(tile[1], dim=3)
    upright, lying = (bump.repeat(*grid) for bump in _bumps(*tile).to(images))
    change = torch.where(wide[:, :1] < 0.5, upright, lying) * _signs(wide[:, 1:])
    padded = images.new_zeros(count, channels, *size)
    top, left = ((length - each) // 2 for length, each in zip(size, change.shape[2:], strict=True))
    padded[:, :, top : top + change.shape[2], left : left + change.shape[3]] = change
    return _on_sphere(images, padded, threat)


def _propose_l2(
    images: Canvas, adversarial: Canvas, threat: ThreatModel, window: "_Window", draws: Draws
) -> Canvas:
    """Moves the change of one window into another, where a bump is added to it."""
    channels = images.shape[1]
    numbers = draws.uniform(5 + channels)
    window = window.odd()
    here, there = window.at(numbers[:, :2]), window.at(numbers[:, 2:4])
    change = adversarial - images
    old = change * here.mask
    unspent = (threat.radius(images)[:, None, None, None] ** 2 - _square(change, (1, 2, 3))).clamp(
        0
    )
    freed = _square(change * (here.mask | there.mask), (2, 3))
    bump = here.of(_bumps(*window.sides), numbers[:, 4]) * _signs(numbers[:, 5:, None, None])
    fresh = bump + old / (_square(old, (2, 3)).sqrt() + 1e-10)
    fresh = fresh / (_square(fresh, (2, 3)).sqrt() + 1e-10) * (unspent / channels + freed).sqrt()
    change = torch.where(here.mask, fresh, change * ~there.mask)
    return _on_sphere(images, change, threat)


def _moves(threat: ThreatModel) -> tuple[Callable[..., Canvas], Callable[..., Canvas]]:
    """How to start in a norm and how to go on."""
    if isinstance(threat, Linf):
        return _start_linf, _propose_linf
    return _start_l2, _propose_l2


@dataclass(frozen=True)
class _Window:
    """The sides of a window, and of the canvas it moves on."""

    sides: tuple[int, int]
    canvas: tuple[int, int]

    def odd(self) -> "_Window":
        """At least three pixels a side and an odd number, as far as the canvas is that large."""
        sides = (max(side, 3) | 1 for side in self.sides)
        height, width = map(min, sides, self.canvas)
        return _Window((height, width), self.canvas)

    def at(self, places: Float[Tensor, "n 2"]) -> "_Placed":
        """One window a row, at places given in [0, 1) of the way across."""
        steps = []
        for axis in (0, 1):
            free = self.canvas[axis] - self.sides[axis] + 1
            first = (places[:, axis, None] * free).long().clamp(max=free - 1)
            steps.append(torch.arange(self.canvas[axis], device=places.device) - first)
        return _Placed(self.sides, steps[0], steps[1])


@dataclass(frozen=True)
class _Placed:
    """One window a row: how far each line and each column of the canvas lies from its corner."""

    sides: tuple[int, int]
    down: Tensor
    right: Tensor

    @property
    def mask(self) -> Bool[Tensor, "n 1 h w"]:
        lines = (self.down >= 0) & (self.down < self.sides[0])
        columns = (self.right >= 0) & (self.right < self.sides[1])
        return lines[:, None, :, None] & columns[:, None, None, :]

    def of(self, bumps: Tensor, coins: Float[Tensor, " n"]) -> Canvas:
        """One of two patterns in each window, by a coin in [0, 1); zero around it."""
        down = self.down.clamp(0, self.sides[0] - 1)[:, :, None]
        right = self.right.clamp(0, self.sides[1] - 1)[:, None, :]
        which = (coins >= 0.5).long()[:, None, None]
        return bumps.to(coins)[which, down, right][:, None] * self.mask


def _window(canvas: torch.Size, share: float) -> _Window:
    """A square of so large a share of the canvas; a rectangle where the canvas is too flat."""
    height, width = canvas
    side = max(1, round((share * height * width) ** 0.5))
    down = min(side, height)
    right = side if side <= min(height, width) else round(share * height * width / down)
    return _Window((down, max(1, min(right, width))), (height, width))


@functools.cache
def _bumps(height: int, width: int) -> Tensor:
    """The pattern of algorithm 3, upright and lying: [2, height, width], each of length 1."""
    return torch.stack([_halves(height, width), _halves(width, height).T])


def _halves(height: int, width: int) -> Tensor:
    """A hill above a hollow."""
    both = torch.cat([_hill(height // 2, width), -_hill(height - height // 2, width)])
    return both / both.norm()


def _hill(height: int, width: int) -> Tensor:
    """Rectangles stacked around the middle, the k-th of weight 1 / k²; of length 1."""
    hill = torch.zeros(height, width)
    for ring in range(max(height, width) // 2 + 1 if hill.numel() else 0):
        top, left = height // 2 - ring, width // 2 - ring
        hill[max(top, 0) : top + 2 * ring + 1, max(left, 0) : left + 2 * ring + 1] += (
            1 / (ring + 1) ** 2
        )
    return hill / hill.norm() if hill.numel() else hill


def _on_sphere(images: Canvas, change: Canvas, threat: ThreatModel) -> Canvas:
    """The images changed by eps in the direction of a change, cut to the box."""
    unit = change / (_square(change, (1, 2, 3)).sqrt() + 1e-10)
    return threat.project(images + threat.eps * unit, images)


def _square(change: Canvas, axes: tuple[int, ...]) -> Tensor:
    return change.square().sum(dim=axes, keepdim=True)


def _signs(numbers: Tensor) -> Tensor:
    return torch.where(numbers < 0.5, -1.0, 1.0).to(numbers)


def _grid(shape: torch.Size) -> tuple[int, int, int]:
    """Channels, height and width; one line of pixels for inputs that are no images."""
    return (shape[0], shape[1], shape[2]) if len(shape) == 3 else (1, 1, shape.numel())
