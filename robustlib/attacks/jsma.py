"""JSMA: the Jacobian-based saliency map attack."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from robustlib._balls import column
from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.goals import Goal, Misclassify, Target
from robustlib.questions import Gradient, GradientAnswer, WhiteBox
from robustlib.threats import L0, ThreatModel
from robustlib.types import Images, Objective

Slopes = Float[Tensor, "m maps d"]
Pairs = Int[Tensor, "m 2"]


def jsma(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 100,
    theta: float = 1.0,
    draws: Draws,
) -> WhiteBox:
    """Moves the two numbers of a picture that raise a class most and lower all others most.

    With F = log softmax(logits), α = Σ over p, q of ∂F_t and β = Σ over p, q of Σ_{j ≠ t} ∂F_j,
    the saliency of the pair p, q towards class t is -αβ where α > 0 > β, else 0: the most salient
    pair moves up by θ, or, where it is more salient with all slopes negated, down. To leave a
    label, every other class is gone towards, and the label itself left: the most salient counts.

    Args:
        images: Clean images.
        goal: `Misclassify` or `Target`.
        threat: `L0`: no more pixels than its eps change; the numbers of a pixel's channels count
            as one. `eps=inf` asks for as few as possible.
        steps: Pairs at most, ≥ 1.
        theta: How far a pair moves, in pixel units, in (0, 1]: θ; at 1 each goes to its wall.
        draws: The rows' random streams; none is used.

    Returns:
        The last iterates: the first success, where there is one.

    Raises:
        InputError: If the goal names no class, or an option is out of its range.
        ThreatError: If the norm is not L0.

    Examples:
        >>> from robustlib.engine import attack
        >>> model = lambda images: images @ torch.tensor([[1.0, 0], [3, 0], [2, 0], [0, 2]])
        >>> images, goal = torch.full((1, 4), 0.5), Misclassify(torch.tensor([0]))
        >>> attack(model, images, goal, L0(torch.inf), jsma).adversarial
        tensor([[0.5000, 0.0000, 0.0000, 0.5000]])

    Source: papernot2016limitations, algorithms 2 and 3; wiyatno2018maximal, algorithm 1, for either
        direction and for leaving a label

    Differences: F are log-probabilities, where the papers take logits, which change when the same
        function is added to all of them, or probabilities, whose slopes vanish; a number that has
        moved goes on in its direction or stays; of a last pair that is more than eps allows the one
        that raises the class more is taken.
    """
    one_of("jsma", threat, L0)
    check_counts(steps=steps)
    check_range("(0, 1]", theta=theta)
    of, points = _of(goal), images.clone()
    rows = torch.arange(len(images), device=images.device)
    for _ in range(steps):
        here, home, ball = points[rows], images[rows], threat.take(rows)
        answer = yield from Gradient(here, rows, of=of)
        up, down = _open(here, home, ball)
        rise, fall = _slopes(answer, goal, rows)
        gains = torch.cat([_closed(rise, up), _closed(-rise, down)], dim=1)
        costs = torch.cat([_closed(fall, up), _closed(-fall, down)], dim=1)
        saliency, pair, number = most_salient(gains, costs)
        way = torch.where(number < rise.shape[1], 1, -1).to(here)[:, None] * theta
        both, one = (_moved(here, places, way) for places in (pair, pair[:, :1]))
        over = ball.distance(both, home) > ball.radius(home)
        moved = torch.where(column(over, here), one, both)
        going = ~answer.reached & (saliency > 0)
        points[rows[going]], rows = moved[going], rows[going]
        if not len(rows):
            break
    return points


def most_salient(
    gains: Slopes, costs: Slopes
) -> tuple[Float[Tensor, " m"], Pairs, Int[Tensor, " m"]]:
    """The pair of the largest (gain + gain) · (cost + cost), both sums positive, over all maps.

    A coordinate that two others equal or exceed in both is in no better pair than they are, so only
    the rest are paired: of thousands, some tens.

    Args:
        gains: How fast the class rises, -inf for coordinates that may not move.
        costs: How fast the others fall, likewise.

    Returns:
        The saliency, zero where no pair has any; the pair; the number of its map.
    """
    falling, order = gains.sort(dim=2, descending=True, stable=True)
    level = costs.gather(2, order)
    first = _before(level.cummax(dim=2).values)
    second = _before(torch.minimum(level, first).cummax(dim=2).values)
    kept = level > second
    count = max(1, int(kept.sum(dim=2).max())) if kept.numel() else 1
    places = kept.int().argsort(dim=2, descending=True, stable=True)[..., :count]
    out = ~kept.gather(2, places)
    gain, cost = (each.gather(2, places).masked_fill(out, -torch.inf) for each in (falling, level))
    alone = torch.eye(gain.shape[2], dtype=torch.bool, device=gain.device)
    sums = ((each[..., None] + each[..., None, :]).clamp(min=0) for each in (gain, cost))
    best, place = (next(sums) * next(sums)).masked_fill(alone, 0).flatten(1).max(dim=1)
    size = gain.shape[2]
    number = place // size**2
    ends = torch.stack([place // size % size, place % size], dim=1)
    line = torch.arange(len(gains), device=gains.device)[:, None], number[:, None]
    return best, order[(*line, places[(*line, ends)])], number


def _moved(here: Images, places: Int[Tensor, "m k"], way: Float[Tensor, "m 1"]) -> Images:
    """Some numbers of each gone a way, within the box."""
    shift = torch.zeros_like(here).flatten(1).scatter(1, places, way.expand_as(places))
    return (here + shift.view_as(here)).clamp(0, 1)


def _before(running: Tensor) -> Tensor:
    """What a running number was one place before; at first -inf."""
    return torch.cat([torch.full_like(running[..., :1], -torch.inf), running[..., :-1]], dim=-1)


def _of(goal: Goal) -> Objective:
    """The functions whose slopes are wanted: of every class, or of the target and of all others."""
    if isinstance(goal, Misclassify):
        return lambda outputs, _: outputs.log_softmax(dim=1)
    if not isinstance(goal, Target):
        raise InputError(f"jsma goes from class to class: Misclassify or Target, not {goal!r}")

    def towards(outputs: Tensor, rows: Tensor) -> Tensor:
        logs = outputs.log_softmax(dim=1)
        own = logs.gather(1, goal.targets[rows, None])
        return torch.cat([own, logs.sum(dim=1, keepdim=True) - own], dim=1)

    return towards


def _slopes(answer: GradientAnswer, goal: Goal, rows: Tensor) -> tuple[Slopes, Slopes]:
    """How fast each class to go towards rises, and all others fall, with each number."""
    slopes = answer.gradient.flatten(2)
    if not isinstance(goal, Misclassify):
        return slopes[:, :1], -slopes[:, 1:]
    others = slopes.sum(dim=1, keepdim=True) - slopes
    own = torch.arange(slopes.shape[1], device=rows.device) == goal.labels[rows, None]
    leave = torch.where(own, -1, 1)[..., None]
    return leave * slopes, -leave * others


def _open(here: Images, images: Images, threat: ThreatModel) -> tuple[Tensor, Tensor]:
    """Which numbers may go up, and which down."""
    shift = here - images
    touched = shift != 0
    if images.ndim == 4:
        touched = touched.any(dim=1, keepdim=True).expand_as(shift)
    spent = threat.distance(here, images) + 1 > threat.radius(images)
    free = touched.flatten(1) | ~spent[:, None]
    up, down = (here < 1) & (shift >= 0), (here > 0) & (shift <= 0)
    return free & up.flatten(1), free & down.flatten(1)


def _closed(slopes: Slopes, free: Tensor) -> Slopes:
    return slopes.masked_fill(~free[:, None], -torch.inf)
