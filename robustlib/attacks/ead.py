"""EAD: the elastic-net attack."""

import torch
from torch import Tensor

from robustlib._balls import column
from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._carlini import Prices
from robustlib.attacks._nearest import Nearest
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.losses import margin
from robustlib.questions import WhiteBox
from robustlib.threats import L1, ThreatModel
from robustlib.types import Images


def ead(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 1000,
    searches: int = 9,
    step_size: float = 0.01,
    beta: float = 0.01,
    weight: float = 1.0,
    halvings: int = 8,
    draws: Draws,
) -> WhiteBox:
    """Trades an elastic net of both lengths of the change for the margin, by shrinking steps.

    min ‖point - image‖₂² + b ‖point - image‖₁ + c · max(-margin(point), 0):
    next ← shrink(ahead - α ∇ (‖ahead - image‖₂² + c · max(-margin(ahead), 0))),
    ahead ← next + k / (k + 3) · (next - point), point ← next,
    where shrink brings each pixel nearer to the image's by β, not beyond it, and into the box. So
    b is β / α, and grows while α falls to zero as the square root of the steps that are left.

    Args:
        images: Clean images.
        goal: What is wanted, by its margin.
        threat: `L1`. Under a finite eps only what comes within it counts.
        steps: Steps for each price, ≥ 1.
        searches: Prices, ≥ 1.
        step_size: The first α, > 0.
        beta: How far each step shrinks, in pixel units, ≥ 0: β. The larger, the fewer pixels move.
        weight: The first price c, > 0.
        halvings: Of the way from the image to the nearest success at the end, ≥ 0.
        draws: The rows' random streams; none is used.

    Returns:
        The successes nearest in L1.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If the norm is not L1.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.7]]), Misclassify(torch.tensor([0]))
        >>> options = {"steps": 50}
        >>> round(attack(model, images, goal, L1(torch.inf), ead, **options).distance.item(), 2)
        0.2

    Source: chen2018ead, algorithm 1, with the decision rule L1

    Differences: β is 0.01, the paper's largest but one, not its 0.001, with which the Euclidean
        length rules; the point ahead is cut
        to the box before the model sees it; the price starts at 1, not 0.001, and is searched on a
        logarithmic scale, each row's its own; no confidence is wanted; the end is a bisection.
    """
    one_of("ead", threat, L1)
    check_counts(steps=steps, searches=searches)
    check_counts(0, halvings=halvings)
    check_range("(0, inf)", step_size=step_size, weight=weight)
    check_range("[0, inf)", beta=beta)
    nearest, climbed = Nearest(images, threat), goal.measured(margin)
    prices = Prices(torch.full_like(nearest.distance, weight))
    first = yield from nearest.gradient(images, climbed.loss)
    for _ in range(searches):
        before, answer, points, ahead = nearest.successes.clone(), first, images, images
        for step in range(steps):
            wanted = column(prices.price * (answer.loss < 0), images)
            slope = 2 * (ahead - images) - wanted * answer.gradient
            alpha = step_size * (1 - step / steps) ** 0.5
            moved = shrunk(ahead - alpha * slope, images, beta)
            ahead = (moved + step / (step + 3) * (moved - points)).clamp(0, 1)
            points = moved
            answer = yield from nearest.beside(points, ahead, climbed.loss)
        prices.judge(nearest.successes > before)
    yield from nearest.closer(halvings)
    return nearest.result(points)


def shrunk(points: Images, images: Images, beta: float) -> Tensor:
    """Each pixel nearer to the image's by β, not beyond it, and in the box."""
    shift = points - images
    return (images + shift.sign() * (shift.abs() - beta).clamp(min=0)).clamp(0, 1)
