"""DeepFool: to the nearest boundary, as if the model were linear."""

import torch

from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._nearest import Nearest, leads
from robustlib.attacks._planes import BEYOND, straight
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.goals import Goal, Misclassify
from robustlib.questions import WhiteBox
from robustlib.threats import L1, L2, Linf, ThreatModel
from robustlib.types import Images

OPEN = 25
"""So many steps, or half of all where they are fewer, are gone as if there were no walls."""

_FIRST = 1e-6
"""How far beyond a boundary the first step leads; later ones may have been cut short at walls."""


def deepfool(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 50,
    overshoot: float = 0.02,
    classes: int = 10,
    halvings: int = 8,
    draws: Draws,
) -> WhiteBox:
    """Steps to the nearest boundary of the linearised model until the label has changed.

    With lead_j = logits_j - logits_label and w_j its gradient, the boundary to class j is
    |lead_j| / ‖w_j‖* away, where * is the dual norm; the step goes straight to the nearest one. At
    the end the straight way from the image is cut just behind the boundary.

    Args:
        images: Clean images.
        goal: Only `Misclassify`: the nearest boundary is any class's.
        threat: `Linf`, `L2` or `L1`: its norm is the distance. `eps=inf` asks for the nearest
            success; a finite eps cuts the way at the ball.
        steps: Steps at most, ≥ 1.
        overshoot: How far beyond the boundary to go, as a share of each step, ≥ 0.
        classes: Classes looked at in each step, the label and the highest others, ≥ 2.
        halvings: Of the way from the image to its success at the end, ≥ 0.
        draws: The rows' random streams; none is used.

    Returns:
        The nearest successes; the last iterates where there is none.

    Raises:
        InputError: If the goal is not `Misclassify`, or an option is out of its range.
        ThreatError: If the norm is L0, in which no step has a length.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.threats import L2
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.7]]), Misclassify(torch.tensor([0]))
        >>> round(attack(model, images, goal, L2(torch.inf), deepfool).distance.item(), 2)
        0.2

    Source: moosavi2016deepfool, algorithm 2

    Differences: the goal's label is left, where the paper leaves the model's own answer; the
        classes looked at are the highest of each step, not of the first. Each step is cut at the
        walls of the box; from the 26th on, or in the second half of fewer, and in L1 always, pixels
        that stand at one are left out of it. It begins where the last one ended and has its own
        overshoot, where the paper applies one at the end and the official code goes on from the sum
        of all steps; a bisection takes it back from the last point, which neither does:
        `halvings=0` leaves it.
    """
    one_of("deepfool", threat, Linf, L2, L1)
    check_counts(steps=steps)
    check_counts(2, classes=classes)
    check_counts(0, halvings=halvings)
    check_range("[0, inf)", overshoot=overshoot)
    if not isinstance(goal, Misclassify):
        raise InputError(f"deepfool leaves a label: its goal is Misclassify, not {goal!r}")
    nearest, boundaries = Nearest(images, threat), leads(goal, classes)
    adversarial = images.clone()
    rows = torch.arange(len(images), device=images.device)
    for step in range(steps):
        here = adversarial[rows]
        answer = yield from nearest.gradient(here, boundaries, rows)
        room = (
            torch.full_like(here, 0.5)
            if step < min(OPEN, steps // 2) and not isinstance(threat, L1)
            else here
        )
        beyond = BEYOND if step else _FIRST
        way = straight(room, answer.gradient, answer.loss, threat, beyond=beyond)
        ahead = here + (1 + overshoot) * way
        left = ~answer.reached
        rows = rows[left]
        if not len(rows):
            break
        adversarial[rows] = threat.take(rows).project(ahead[left], images[rows])
    if len(rows):
        yield from nearest.decision(adversarial[rows], rows)
    yield from nearest.closer(halvings)
    return nearest.result(adversarial)
