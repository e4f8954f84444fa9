"""SuperDeepFool: DeepFool, and back to where the boundary is nearest."""

import torch

from robustlib._balls import column
from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._nearest import Nearest, leads
from robustlib.attacks._planes import onto, shortest
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import GradientAnswer, WhiteBox
from robustlib.threats import L2, ThreatModel
from robustlib.types import Images

_NUDGE = 1e-6
"""Added to each step, in pixel units: a point exactly on a boundary must leave it."""


def super_deepfool(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 100,
    overshoot: float = 0.02,
    classes: int = 10,
    halvings: int = 8,
    draws: Draws,
) -> WhiteBox:
    """Steps over the boundary as DeepFool does, then back to the nearest point of its plane there.

    Until the label has changed, point ← point + the shortest step over a linearised boundary;
    then, with w the gradient of the new class's lead over the label,
    point ← image + w · (w · (point - image)) / ‖w‖₂²,
    and so on from there, until a point that has come back is a success: its change is as upright on
    the boundary as that of the nearest one.

    Args:
        images: Clean images.
        goal: `Misclassify`: the boundary is that to the nearest of the classes. Any other goal has
            one boundary, where its margin is zero: `Target` is the form towards one class.
        threat: `L2`. Under a finite eps only what comes within it counts.
        steps: Steps at most, over and back together, ≥ 1.
        overshoot: How far beyond the boundary to go, as a share of each step, ≥ 0.
        classes: Classes looked at in each step, the label and the highest others, ≥ 2; each but
            the label is one backward pass.
        halvings: Of the way from the image to the nearest success at the end, ≥ 0.
        draws: The rows' random streams; none is used.

    Returns:
        The nearest successes.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If the norm is not L2.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.7]]), Misclassify(torch.tensor([0]))
        >>> round(attack(model, images, goal, L2(torch.inf), super_deepfool).distance.item(), 2)
        0.2

    Source: abdollahpoorrostam2023revisiting, algorithm 3: SDF(∞, 1)

    Differences: steps go to the nearest points within the box, where the paper knows no walls; the
        goal's label is left, where the paper leaves the model's own answer; the line search at the
        end is a bisection.
    """
    one_of("super_deepfool", threat, L2)
    check_counts(steps=steps)
    check_counts(2, classes=classes)
    check_counts(0, halvings=halvings)
    check_range("[0, inf)", overshoot=overshoot)
    nearest, of = Nearest(images, threat), leads(goal, classes)
    points, rows = images.clone(), torch.arange(len(images), device=images.device)
    upright = torch.zeros_like(rows, dtype=torch.bool)
    for _ in range(steps):
        here = points[rows]
        answer = yield from nearest.gradient(here, of, rows)
        over = here + _over(answer, here, overshoot, threat)
        back = images[rows] + _back(answer, here, images[rows], threat)
        points[rows] = torch.where(column(answer.reached, here), back, over).clamp(0, 1)
        done = answer.reached & upright[rows]
        upright[rows] = answer.reached
        rows = rows[~done]
        if not len(rows):
            break
    yield from nearest.closer(halvings)
    return nearest.result(points)


def _over(answer: GradientAnswer, here: Images, overshoot: float, threat: ThreatModel) -> Images:
    """DeepFool's step: the shortest over a boundary of the linearised model."""
    slopes = answer.gradient.flatten(2).norm(dim=2)
    return shortest(here, answer.gradient, _NUDGE * slopes - (1 + overshoot) * answer.loss, threat)


def _back(answer: GradientAnswer, here: Images, images: Images, threat: ThreatModel) -> Images:
    """From the image to the nearest point that is as high as this one, in the new class's lead."""
    highest = answer.gradient[:, 0]
    rise = (highest * (here - images)).flatten(1).sum(dim=1)
    return onto(images, highest, rise, threat)
