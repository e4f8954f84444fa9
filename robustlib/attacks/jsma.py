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

    With F = softmax(logits), α = Σ over p, q of ∂F_t and β = Σ over p, q of Σ_{j ≠ t} ∂F_j, the
    saliency of the pair p, q towards class t is -αβ where α > 0 > β, else 0: the most salient
    pair moves up by θ, or, where it is more salient with all slopes negated, down. To leave a
    label, every other class is gone towards, and the label itself left: the most salient counts.
    As all F sum to one, β = -α: the pair is that of the two steepest.

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

    Differences: F are probabilities, as in the second paper's JSMA-F, but their slopes come from
        those of log-probabilities, over the chance of all other classes, and do not vanish where
        the model is sure; a number that has moved goes on in its direction or stays; of a last pair
        that is more than eps allows the steeper one is taken.
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
        slopes = _slopes(answer, goal, rows)
        saliency, pair, number = _most_salient(slopes, up, down)
        way = torch.where(number < slopes.shape[1], 1, -1).to(here)[:, None] * theta
        both, one = (_moved(here, places, way) for places in (pair, pair[:, :1]))
        over = ball.distance(both, home) > ball.radius(home)
        moved = torch.where(column(over, here), one, both)
        going = ~answer.reached & (saliency > 0)
        points[rows[going]], rows = moved[going], rows[going]
        if not len(rows):
            break
    return points


def _most_salient(
    slopes: Slopes, up: Tensor, down: Tensor
) -> tuple[Float[Tensor, " m"], Pairs, Int[Tensor, " m"]]:
    """The largest sum of two slopes of one map, where they stand, and the number of the map.

    Those of the way down follow those of the way up.
    """
    free = up[:, None], down[:, None]
    maps = torch.cat(
        [
            each.masked_fill(~may, -torch.inf)
            for each, may in zip((slopes, -slopes), free, strict=True)
        ],
        dim=1,
    )
    best = maps.topk(min(2, maps.shape[2]), dim=2)
    saliency, number = best.values.sum(dim=2).max(dim=1)
    return saliency, best.indices[torch.arange(len(maps), device=maps.device), number], number


def _moved(here: Images, places: Int[Tensor, "m k"], way: Float[Tensor, "m 1"]) -> Images:
    """Some numbers of each gone a way, within the box."""
    shift = torch.zeros_like(here).flatten(1).scatter(1, places, way.expand_as(places))
    return (here + shift.view_as(here)).clamp(0, 1)


def _of(goal: Goal) -> Objective:
    """The functions whose slopes are wanted: of every class, or of the target alone."""
    if isinstance(goal, Misclassify):
        return lambda outputs, _: outputs.log_softmax(dim=1)
    if isinstance(goal, Target):
        return lambda outputs, rows: outputs.log_softmax(dim=1).gather(1, goal.targets[rows, None])
    raise InputError(f"jsma goes from class to class: Misclassify or Target, not {goal!r}")


def _slopes(answer: GradientAnswer, goal: Goal, rows: Tensor) -> Slopes:
    """How fast the probability of each class to go towards rises with each number, to scale.

    All are over the chance that it is not the label; in the label's place stands the sum of the
    others, which rises as the label falls.
    """
    logs = answer.gradient.flatten(2).double()
    if not isinstance(goal, Misclassify):
        return logs
    own = torch.arange(logs.shape[1], device=rows.device) == goal.labels[rows, None]
    chances = answer.outputs.double().masked_fill(own, -torch.inf).softmax(dim=1)
    rises = chances[..., None] * logs
    return torch.where(own[..., None], rises.sum(dim=1, keepdim=True), rises)


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
