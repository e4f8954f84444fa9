"""AutoZOOM-BiLIN: random directions of a small picture that is enlarged bilinearly."""

from robustlib._border import check_counts
from robustlib.attacks._base import one_of
from robustlib.attacks._codes import bilinear
from robustlib.attacks._zeroth import Plan, Search, by_directions
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import ScoreBased
from robustlib.threats import L2, ThreatModel
from robustlib.types import Images


def autozoom_bilin(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    side: int | None = None,
    steps: int = 1000,
    directions: int = 4,
    step_size: float = 0.01,
    c: float = 1.0,
    switch_steps: int = 100,
    draws: Draws,
) -> ScoreBased:
    """Descends along random directions of a small change, enlarged bilinearly.

    f(x) = ‖x - image‖² + c · max(0, -margin(x)), x(z) = image + enlarged(z);
    g = Σ over random unit u of (f(x(z + β u)) - f(x(z))) / β · u, with β one over the pixels;
    z ← z - step_size · Adam(g)

    Args:
        images: Clean images [n, c, h, w]; inputs of another shape are taken as one line of pixels.
        goal: What is wanted; its margin says how far it is.
        threat: `L2`. `eps=inf` asks for the nearest success; where a point leaves a finite ball
            its projection is asked for too, which costs a query more.
        side: Of the small change, in pixels, ≥ 1, at most the image's own; None: half of it.
        steps: Steps, ≥ 1, of 2 queries each until a row's first success, then of directions + 1.
        directions: In each step after a row's first success, ≥ 1; before it there is one.
        step_size: The length of Adam's first step, in pixel units, > 0.
        c: The weight of the margin at the start, > 0.
        switch_steps: Steps between two changes of c, ≥ 1: tenfold until a row's first success,
            then halfway between the largest that has failed since and the smallest that has not.
        draws: The rows' random streams.

    Returns:
        The last iterates.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If the norm is not L2.

    Examples:
        >>> import torch
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(16, 2)).eval()
        >>> images = torch.full((1, 1, 4, 4), 0.5)
        >>> goal = Misclassify(model(images).argmax(1))
        >>> attack(model, images, goal, L2(torch.inf), autozoom_bilin).success.item()
        True

    Source: tu2019autozoom, algorithm 1

    Differences: the factor b of the estimate is left out, for Adam does not see it. Points are
        cut to the box, as the official code's are where it does not bend it by a tanh. The corners
        of the small picture are those of the large one's area (align_corners=False).
    """
    plan = Plan(steps, step_size, c, switch_steps)
    check_counts(directions=directions)
    if side is not None:
        check_counts(side=side)
    code = bilinear(images, side)
    search = Search(images, goal, one_of("autozoom_bilin", threat, L2), code, plan)
    return (yield from by_directions(search, directions, draws))
