"""ALMA: the augmented Lagrangian method for adversarial attacks."""

import torch
from torch import Tensor

from robustlib._balls import column
from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._momentum import over_length
from robustlib.attacks._nearest import Nearest
from robustlib.draws import Draws
from robustlib.goals import Goal, Misclassify
from robustlib.losses import dlr, margin
from robustlib.questions import GradientAnswer, WhiteBox
from robustlib.threats import L1, L2, ThreatModel
from robustlib.types import Images, Loss, PerRow

_BEYOND = 1e-4
"""How far beyond the boundary is aimed, in units of the ratio: on it, none has won."""

_LEAST, _MOST = 1e-6, 1e12
"""Between these a multiplier stays."""


def alma(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 1000,
    step_size: float | None = None,
    fall: float = 0.01,
    smoothing: float = 0.9,
    rate: float = 1.2,
    improvement: float = 0.95,
    check_steps: int = 10,
    halvings: int = 8,
    draws: Draws,
) -> WhiteBox:
    """Descends the distance and a penalty on failure, whose weight is learnt on the way.

    With y = -dlr(point), ≤ 0 on success, and the penalty-Lagrangian function
    P(y) = μy + μρy² + ρ²y³/6 for y ≥ 0, μy / (1 - ρy) for y < 0,

    μ ← αμ + (1 - α) P'(y); ρ ← γρ where y has stayed above τ of what it was, and nothing is found;
    g = ∇ ‖point - image‖ + P'(y) ∇ y; s ← αs + (1 - α) g²; v ← αv + g / √s;
    point ← clip(point - ηv, 0, 1)

    Args:
        images: Clean images.
        goal: What is wanted: `Misclassify` by its difference of logits ratio, any other by its
            margin over that at the image.
        threat: `L2` or `L1`: its norm is the distance. Under a finite eps only what comes within it
            counts.
        steps: Steps, ≥ 1.
        step_size: Length of the first step in the threat's norm, in pixel units, > 0, from which η
            follows; by default 0.1 in L2 and 0.5 in L1.
        fall: The share of itself to which η falls from the first success to the end, in (0, 1].
        smoothing: Share of the multiplier and of both means that is kept, in [0, 1): α. Few steps
            want a small one: 0.5 for 100.
        rate: Factor by which the penalty's weight is raised, ≥ 1: γ.
        improvement: Share of y to which it must have fallen, or else it is raised, in (0, 1]: τ.
        check_steps: Steps between two such looks, ≥ 1.
        halvings: Of the way from the image to the nearest success at the end, ≥ 0.
        draws: The rows' random streams; none is used.

    Returns:
        The nearest successes.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If the norm is neither L2 nor L1.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.7]]), Misclassify(torch.tensor([0]))
        >>> result = attack(model, images, goal, L2(torch.inf), alma, steps=50, smoothing=0.5)
        >>> round(result.distance.item(), 2)
        0.2

    Source: rony2021augmented, algorithm 1, with the penalty-Lagrangian function P2

    Differences: the paper goes towards targets by the ratio too, which can grow by its denominator
        alone while the target stays behind; two classes, which have no such ratio, are measured by
        their margin over that at the image; in L1 pixels come to rest at the image, where the
        distance has a kink and the paper's gradient swings from side to side; η comes from the
        length of the first step itself, where the official code takes the gradient's before it is
        divided by √s; where the first gradient is zero nothing moves, where the paper draws
        another; the end is a bisection.
    """
    one_of("alma", threat, L2, L1)
    check_counts(steps=steps, check_steps=check_steps)
    check_counts(0, halvings=halvings)
    if step_size is not None:
        check_range("(0, inf)", step_size=step_size)
    check_range("(0, 1]", fall=fall, improvement=improvement)
    check_range("[0, 1)", smoothing=smoothing)
    check_range("[1, inf)", rate=rate)
    nearest, climbed = Nearest(images, threat), goal.measured(_measure(goal))
    penalty, mean = _Penalty(nearest.distance), _Mean(images, smoothing)
    first = step_size or (0.1 if isinstance(threat, L2) else 0.5)
    points, met = images, torch.full_like(nearest.distance, steps + 1)
    for step in range(steps):
        answer = yield from nearest.gradient(points, climbed.loss)
        met = torch.where(nearest.found, met.clamp(max=step), met)
        if not step:
            unit = _unit(answer, goal)
        height = _BEYOND - answer.loss / unit
        penalty.learn(height, smoothing if step else 1.0)
        if step % check_steps == 0:
            penalty.check(height, nearest.found, rate, improvement)
        push = column(-penalty.slope(height) / unit, images) * answer.gradient
        pull = _pull(points - images, push, threat) if step else push
        way = mean.step(pull)
        if not step:
            size = first / _nonzero(threat.distance(way, 0 * way))
        share = fall ** ((step - met).clamp(min=0) / (steps - met))
        ahead = (points - column(size * share, images) * way).clamp(0, 1)
        points = torch.where(_held(points - images, ahead - images, pull, threat), images, ahead)
    yield from nearest.closer(halvings)
    return nearest.result(points)


class _Penalty:
    """Of each row: the multiplier μ of its penalty and the weight ρ."""

    def __init__(self, like: PerRow) -> None:
        self._multiplier, self._weight = torch.ones_like(like), torch.ones_like(like)
        self._before = torch.full_like(like, torch.inf)

    def slope(self, height: PerRow) -> PerRow:
        """P'(y)."""
        grown = self._weight * height.clamp(min=0)
        above = self._multiplier * (1 + 2 * grown) + grown**2 / 2
        below = self._multiplier / (1 - self._weight * height.clamp(max=0)) ** 2
        return torch.where(height >= 0, above, below)

    def learn(self, height: PerRow, smoothing: float) -> None:
        """The multiplier goes towards the slope."""
        slope = self.slope(height)
        self._multiplier = (smoothing * self._multiplier + (1 - smoothing) * slope).clamp(
            _LEAST, _MOST
        )

    def check(self, height: PerRow, found: Tensor, rate: float, improvement: float) -> None:
        """The weight is raised where nothing is found and the height has not fallen enough."""
        stuck = ~found & (height >= improvement * self._before)
        self._weight = torch.where(stuck, rate * self._weight, self._weight)
        self._before = height


class _Mean:
    """RMSprop with momentum: the two means and the step that they make."""

    def __init__(self, like: Images, smoothing: float) -> None:
        self._smoothing = smoothing
        self._square, self._velocity = torch.ones_like(like), torch.zeros_like(like)

    def step(self, slope: Images) -> Images:
        """What is taken off, times a size."""
        kept = self._smoothing
        self._square = kept * self._square + (1 - kept) * slope**2
        self._velocity = kept * self._velocity + slope / (self._square.sqrt() + 1e-8)
        return self._velocity


def _measure(goal: Goal) -> Loss:
    """The ratio, to leave a label; towards a target that is far behind it leads astray."""
    return _ratio if isinstance(goal, Misclassify) else margin


def _ratio(logits: Tensor, labels: Tensor) -> Tensor:
    """The difference of logits ratio; of two classes, which have none, the margin."""
    return (dlr if logits.shape[1] > 2 else margin)(logits, labels)


def _unit(first: GradientAnswer, goal: Goal) -> PerRow:
    """In which failure is measured: a ratio has none; a margin is compared with the image's."""
    if isinstance(goal, Misclassify) and first.outputs.shape[1] > 2:
        return torch.ones_like(first.loss)
    return _nonzero(first.loss.abs())


def _pull(shift: Images, push: Images, threat: ThreatModel) -> Images:
    """The gradient of distance and penalty; where the distance has a kink, the shortest of many."""
    if isinstance(threat, L1):
        kink = push.sign() * (push.abs() - 1).clamp(min=0)
        return torch.where(shift == 0, kink, shift.sign() + push)
    return over_length(shift) + push


def _held(shift: Images, ahead: Images, pull: Images, threat: ThreatModel) -> Tensor:
    """What stays at, or comes to, the kink of the distance: pixels that it keeps as they were."""
    if isinstance(threat, L1):
        return (shift * ahead < 0) | ((shift == 0) & (pull == 0))
    return torch.zeros_like(shift, dtype=torch.bool)


def _nonzero(divisor: Tensor) -> Tensor:
    return divisor.masked_fill(divisor == 0, 1)
