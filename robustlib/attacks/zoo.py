"""ZOO: coordinate descent by finite differences."""

import torch

from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._spaces import Choice, spaces
from robustlib.attacks._zeroth import Adam, Places, Plan, Search, Values, by_coordinates
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.goals import Goal
from robustlib.questions import ScoreBased
from robustlib.threats import L2, ThreatModel
from robustlib.types import Images


def zoo(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 1000,
    coordinates: int = 128,
    step_size: float = 0.01,
    width: float = 1e-4,
    c: float = 1.0,
    switch_steps: int = 100,
    solver: str = "adam",
    levels: int = 1,
    sampling: str = "uniform",
    draws: Draws,
) -> ScoreBased:
    """Descends random pixels, whose slopes it finds by asking a little above and below each.

    f(x) = ‖x - image‖² + c · max(0, -margin(x));
    slope_i = (f(x + width · e_i) - f(x - width · e_i)) / (2 · width);
    x_i ← x_i - step_size · Adam(slope_i), or - step_size · slope_i / bend_i

    Args:
        images: Clean images.
        goal: What is wanted; its margin says how far it is.
        threat: `L2`. `eps=inf` asks for the nearest success; where a point leaves a finite ball
            its projection is asked for too, which costs a query more.
        steps: Steps, ≥ 1, of 2 · coordinates + 1 queries each.
        coordinates: Numbers of an image moved in each step, ≥ 1; all of them, if there are fewer.
        step_size: The length of Adam's first step, in pixel units; with Newton's, a factor, > 0.
        width: From the point to a probe, in pixel units, in (0, 1].
        c: The weight of the margin at the start, > 0.
        switch_steps: Steps between two changes of c, ≥ 1: tenfold until a row's first success,
            then halfway between the largest that has failed since and the smallest that has not.
        solver: "adam", or "newton", which wants a model in float64: the bend divides rounding
            errors by width².
        levels: Spaces that are searched one after another for equal times, ≥ 1: small changes
            that are enlarged bilinearly, each twice as wide as the one before, and pixels.
        sampling: Of coordinates: "uniform", or "importance", where the chance of each follows the
            largest change in its region, an eighth of the width: told anew with each c and level.
        draws: The rows' random streams.

    Returns:
        The last iterates.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If the norm is not L2.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.7]]), Misclassify(torch.tensor([0]))
        >>> result = attack(model, images, goal, L2(torch.inf), zoo, steps=300)
        >>> round(result.distance.item(), 2)
        0.2

    Source: chen2017zoo, algorithms 1 to 3, sections 3.4 to 3.6

    Differences: the point itself is asked for in each step, one query more than the paper counts,
        without which no success is seen; every number keeps to the box by clipping, at whose walls
        a probe goes one way only, and not by a tanh, which would hold saturated pixels fast. c
        changes on the way, from the point that has been reached, as in AutoZOOM's code, where
        ZOO's begins again at the image; the margin is that of logits, which the log-softmax
        leaves as it is, and is differenced in float64. By default there is no hierarchy of
        attack spaces and no importance sampling; a coordinate that has not changed keeps a tenth
        of the mean chance, where the paper's would have none.
    """
    plan = Plan(steps, step_size, c, switch_steps)
    check_counts(coordinates=coordinates, levels=levels)
    check_range("(0, 1]", width=width)
    if solver not in ("adam", "newton"):
        raise InputError(f'solver is a name, "adam" or "newton", not {solver!r}')
    if sampling not in ("uniform", "importance"):
        raise InputError(f'sampling is a name, "uniform" or "importance", not {sampling!r}')
    codes, weighted = spaces(images, levels), sampling == "importance"
    search = Search(images, goal, one_of("zoo", threat, L2), codes[0], plan)
    choose = Choice(search, codes, draws, coordinates=coordinates, weighted=weighted)
    way = _newton if solver == "newton" else by_adam
    return (yield from by_coordinates(search, choose, width, way))


def by_adam(adam: Adam, places: Places, slope: Values, _: Values) -> Values:
    """The direction of Adam, which has its own count of steps for each coordinate."""
    return adam.step(slope, places)


def _newton(_: Adam, __: Places, slope: Values, bend: Values) -> Values:
    """To the bottom of a parabola; along the slope, where there is none."""
    return slope / torch.where(bend > 0, bend, 1)
