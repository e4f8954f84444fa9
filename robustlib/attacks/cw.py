"""The attack of Carlini and Wagner."""

import torch

from robustlib._balls import column
from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._carlini import Adam, Prices
from robustlib.attacks._nearest import Nearest
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.losses import margin
from robustlib.questions import WhiteBox
from robustlib.threats import L2, ThreatModel
from robustlib.types import Images

_WIDE = 1.1
"""The range of the tanh over that of the box: at the walls of the box it still has a slope."""

_END = float(torch.tensor(1 / _WIDE, dtype=torch.float64).atanh())


def cw(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 1000,
    searches: int = 9,
    step_size: float = 0.01,
    weight: float = 1.0,
    confidence: float = 0.0,
    halvings: int = 8,
    draws: Draws,
) -> WhiteBox:
    """Trades the change's length for the margin, at a price that is searched for each image.

    min over w of ‖point - image‖₂² + c · max(confidence - margin(point), 0), by Adam,
    with point = ½ + ½ · 1.1 · tanh w, cut to the box; c rises or falls tenfold until a
    success and a failure are known, then halves their ratio.

    Args:
        images: Clean images.
        goal: What is wanted, by its margin.
        threat: `L2`. Under a finite eps only what comes within it counts.
        steps: Steps for each price, ≥ 1.
        searches: Prices, ≥ 1.
        step_size: Adam's, in w, > 0.
        weight: The first price c, > 0.
        confidence: The margin from which a point counts as a success, in units of the logits, ≥ 0.
        halvings: Of the way from the image to the nearest success at the end, ≥ 0; none where a
            confidence is wanted.
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
        >>> options = {"steps": 50}
        >>> round(attack(model, images, goal, L2(torch.inf), cw, **options).distance.item(), 2)
        0.2

    Source: carlini2017towards, section VI-A

    Differences: the tanh is a tenth wider than the box and w is held within it, where the paper's
        has no slope at pixels of exactly 0 or 1, which then hardly move; each row has its own
        price and takes all its steps, where the official code stops for the whole batch; the price
        starts at 1, not 0.001, and is searched on a logarithmic scale; the end is a bisection. The
        paper's attacks in other norms are not here.
    """
    one_of("cw", threat, L2)
    check_counts(steps=steps, searches=searches)
    check_counts(0, halvings=halvings)
    check_range("(0, inf)", step_size=step_size, weight=weight)
    check_range("[0, inf)", confidence=confidence)
    nearest, climbed = Nearest(images, threat, least=confidence), goal.measured(margin)
    start = ((2 * images.double() - 1) / _WIDE).atanh().to(images)
    prices, points = Prices(torch.full_like(nearest.distance, weight)), images
    first = yield from nearest.gradient(images, climbed.loss)
    for _ in range(searches):
        place, adam, bent = start, Adam(start, step_size), _tanh(start)
        before, points, answer = nearest.successes.clone(), images, first
        for _ in range(steps):
            wanted = column(prices.price * (answer.loss < confidence), images)
            slope = (points - images).mul_(2).sub_(wanted * answer.gradient)
            slope = slope.mul_((bent * bent).neg_().add_(1))
            place = (place - adam.step(slope)).clamp_(-_END, _END)
            bent = _tanh(place)
            points = (bent * (0.5 * _WIDE)).add_(0.5).clamp_(0, 1)
            answer = yield from nearest.gradient(points, climbed.loss)
        prices.judge(nearest.successes > before)
    if not confidence:
        yield from nearest.closer(halvings)
    return nearest.result(points)


def _tanh(place: Images) -> Images:
    """In float64: in float32 its last bit depends, on some machines, on a number's neighbours."""
    return place.double().tanh().to(place)
