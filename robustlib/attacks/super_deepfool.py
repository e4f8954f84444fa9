"""SuperDeepFool: DeepFool, and back to where the boundary is nearest."""

import torch

from robustlib._balls import column
from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._nearest import Nearest, leads
from robustlib.attacks._planes import onto, straight
from robustlib.attacks.deepfool import OPEN
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import GradientAnswer, WhiteBox
from robustlib.threats import L2, ThreatModel
from robustlib.types import Images

_MEAN = 5
"""The newest way back counts for one in so many."""


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
    way ← the mean of the ways back and w · (w · (point - image)) / ‖w‖₂²,
    point ← image + way,
    and so on from there, until a point that has come back is a success: its change is as upright on
    the boundary as that of the nearest one.

    Args:
        images: Clean images.
        goal: `Misclassify`: the boundary is that to the nearest of the classes. Any other goal has
            one boundary, where its margin is zero: `Target` is the form towards one class.
        threat: `L2`. Under a finite eps only what comes within it counts.
        steps: Steps at most, over and back together, ≥ 1.
        overshoot: How far beyond the boundary to go, as a share of each step and way, ≥ 0.
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

    Differences: each way back is the mean of the last ones, the newest a fifth of it, where the
        paper has the newest alone, which jumps from one linear piece of a network to another and
        hardly ever ends; it has an overshoot, which the paper gives to the steps alone. It heeds
        the walls of the box, of which the paper knows none; steps over the boundary do after 25, or
        half of all, in a row that did not reach it. The goal's label is left, where the paper
        leaves the model's own answer; the line search at the end is a bisection.
    """
    one_of("super_deepfool", threat, L2)
    check_counts(steps=steps)
    check_counts(2, classes=classes)
    check_counts(0, halvings=halvings)
    check_range("[0, inf)", overshoot=overshoot)
    nearest, of = Nearest(images, threat), leads(goal, classes)
    points, rows = images.clone(), torch.arange(len(images), device=images.device)
    ways, backs, short = torch.zeros_like(images), torch.zeros_like(rows), torch.zeros_like(rows)
    upright = torch.zeros_like(rows, dtype=torch.bool)
    for _ in range(steps):
        here, image = points[rows], images[rows]
        answer = yield from nearest.gradient(here, of, rows)
        room = torch.where(column(short[rows] < min(OPEN, steps // 2), here), 0.5, here)
        over = here + (1 + overshoot) * straight(room, answer.gradient, answer.loss, threat)
        newest = 1 / column((backs[rows] + 1).clamp(max=_MEAN), here).to(here)
        back = (1 + overshoot) * _back(answer, here, image, threat)
        back = ways[rows] + newest * (back - ways[rows])
        reached = column(answer.reached, here)
        ways[rows] = torch.where(reached, back, ways[rows])
        points[rows] = torch.where(reached, image + back, over).clamp(0, 1)
        backs[rows] += answer.reached
        short[rows] = (short[rows] + 1).masked_fill(answer.reached, 0)
        done = answer.reached & upright[rows]
        upright[rows] = answer.reached
        rows = rows[~done]
        if not len(rows):
            break
    yield from nearest.closer(halvings)
    return nearest.result(points)


def _back(answer: GradientAnswer, here: Images, images: Images, threat: ThreatModel) -> Images:
    """From the image to the nearest point that is as high as this one, in the new class's lead."""
    highest = answer.gradient[:, 0]
    rise = (highest * (here - images)).flatten(1).sum(dim=1)
    return onto(images, highest, rise, threat)
