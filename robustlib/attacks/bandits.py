"""Bandits-TD: a slope guessed with two priors, that it changes slowly and is alike nearby."""

from dataclasses import dataclass, replace

import torch

from robustlib._border import check_counts, check_range
from robustlib.attacks._antithetic import heights
from robustlib.attacks._base import bounded, one_of
from robustlib.attacks._canvas import grid
from robustlib.attacks._codes import tiles
from robustlib.attacks._momentum import over_length
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import Decision, ScoreBased
from robustlib.threats import L2, Linf, ThreatModel
from robustlib.types import Images


@dataclass(frozen=True)
class _Rates:
    """The official code's numbers for a norm; its step as a share of eps."""

    step_size: float
    prior_step: float
    exploration: float
    width: float


_LINF = _Rates(step_size=1 / 5, prior_step=100.0, exploration=1.0, width=0.1)
_L2 = _Rates(step_size=1 / 10, prior_step=0.1, exploration=0.01, width=0.01)


def bandits(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 1000,
    side: int | None = None,
    step_size: float | None = None,
    prior_step: float | None = None,
    exploration: float | None = None,
    width: float | None = None,
    draws: Draws,
) -> ScoreBased:
    """Climbs a remembered slope of coarse tiles, which one pair of probes corrects in each step.

    u = exploration · noise / √size; q₊, q₋ = tiles(prior + u), tiles(prior - u), each of length 1;
    g = (loss(adversarial + width · q₊) - loss(adversarial + width · q₋)) / (width · exploration);
    prior ← prior + prior_step · g · u, in Linf tanh(atanh(prior) + prior_step · g · u);
    adversarial ← project(ascend(adversarial, tiles(prior), step_size))

    Args:
        images: Clean images [n, c, h, w]; inputs of another shape are taken as one line of pixels.
        goal: What to climb.
        threat: `Linf` or `L2` of finite eps.
        steps: Steps, ≥ 1, of 3 queries each.
        side: Of the prior, in tiles, ≥ 1, at most the image's own; None: a quarter of the
            longer one, as the paper's 50 are of 224.
        step_size: Length of a step in the threat's norm, in pixel units, > 0; None: a fifth of
            eps in Linf, a tenth in L2.
        prior_step: How fast the prior learns, > 0; None: 100 in Linf, 0.1 in L2.
        exploration: Length of the noise beside the prior, > 0; None: 1 in Linf, 0.01 in L2.
        width: Euclidean length of the way to a probe, in pixel units, > 0; None: 0.1 in Linf,
            0.01 in L2.
        draws: The rows' random streams.

    Returns:
        The last iterates.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite or the norm is neither.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.cat([images.mean(2), 0 * images[:, :, 0] + 0.4], dim=1)
        >>> images, goal = torch.full((1, 1, 4), 0.5), Misclassify(torch.tensor([0]))
        >>> result = attack(model, images, goal, Linf(0.2), bandits)
        >>> result.success.item(), result.backwards.item()
        (True, 0)

    Source: ilyas2019prior, algorithms 2 and 3

    Differences: the estimate g · u is the official code's, to which its rates belong; the paper's
        is larger by 1 / exploration. In Linf the prior's exponentiated gradient is written in
        log-odds, which do not overflow and come back from ±1. Each iterate is looked at, one
        query a step more than the paper counts. Probes stay in the box, steps leave out pixels
        at a wall that they would run into, and losses are differenced in float64.
    """
    check_counts(steps=steps)
    if side is not None:
        check_counts(side=side)
    rates = _rates(
        bounded(one_of("bandits", threat, Linf, L2)),
        step_size=step_size,
        prior_step=prior_step,
        exploration=exploration,
        width=width,
    )
    length = rates.step_size * threat.eps if step_size is None else step_size
    seen = torch.tanh if isinstance(threat, Linf) else torch.clone
    quarter = -(-max(grid(images.shape[1:])[1:]) // 4)
    code, adversarial = tiles(images, side or quarter), images
    prior = images.new_zeros(len(images), code.size)  # in Linf its log-odds, halved
    for _ in range(steps):
        noise = rates.exploration * draws.normal(code.size) / code.size**0.5
        ways = (over_length(code.change(seen(prior) + way)) for way in (noise, -noise))
        highs, lows = ((adversarial + rates.width * way).clamp_(0, 1)[:, None] for way in ways)
        high, low = yield from heights(goal, highs, lows)
        rise = ((high - low) / (rates.width * rates.exploration)).to(images)
        prior = prior + rates.prior_step * rise * noise
        ahead = threat.ascend(adversarial, code.change(seen(prior)), length)
        adversarial = threat.project(ahead, images)
        yield from Decision(adversarial)
    return adversarial


def _rates(threat: ThreatModel, **given: float | None) -> _Rates:
    """Those given, and for the others those of the norm."""
    own = {name: rate for name, rate in given.items() if rate is not None}
    check_range("(0, inf)", **own)
    return replace(_LINF if isinstance(threat, Linf) else _L2, **own)
