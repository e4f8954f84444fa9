"""QEBA: HopSkipJump that guesses in a smaller space."""

import math
from functools import partial

import torch
from torch import Tensor

from robustlib._border import check_counts
from robustlib.attacks._base import one_of
from robustlib.attacks._border_search import Ground, check_starts, started
from robustlib.attacks._normals import Sampler, cosines, sides, smooth, spanned, stretched
from robustlib.attacks.hop_skip_jump import hops
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.goals import Goal
from robustlib.questions import DecisionBased
from robustlib.threats import L2, ThreatModel
from robustlib.types import Images

_WAVES = {"resize": stretched, "dct": cosines}


def qeba(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 40,
    directions: int = 100,
    basis: str | Tensor = "resize",
    reduction: int = 4,
    starts: Tensor | None = None,
    draws: Draws,
) -> DecisionBased:
    """Walks along the border as HopSkipJump does, probing only directions of a smaller space.

    v ← Σ (φ(x + δ W z) - mean φ) W z over random z, for the columns of W see `basis`

    Args:
        images: Clean images.
        goal: What is wanted; a `Target` needs starts.
        threat: `L2`. `eps=inf` asks for the nearest success; with a finite eps points outside the
            ball are asked about, and cannot be the result.
        steps: Steps, ≥ 1.
        directions: Random directions in each guess, ≥ 1.
        basis: "resize", small pictures enlarged (QEBA-S); "dct", the slowest waves (QEBA-F); or a
            tensor [k, ...] of directions, such as `principal` of other models' gradients (QEBA-I).
        reduction: By how much the small space is narrower, along each of the last two axes, ≥ 1;
            unused with a basis that is given.
        starts: Images [k, ...] in [0, 1] that have reached the goal, or some of them: a row begins
            at the nearest that has. By default at noise.
        draws: The rows' random streams.

    Returns:
        The last points of the border, cut to the ball; the image of a row that found no start.

    Raises:
        InputError: If an option is out of its range, or the goal needs starts.
        ThreatError: If the norm is another.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: (images.mean(1) > 0.5).long()  # says only a label
        >>> images, goal = torch.tensor([[0.7] * 8]), Misclassify(torch.tensor([1]))
        >>> result = attack(model, images, goal, L2(torch.inf), qeba, steps=5)
        >>> result.success.item(), result.distance.item() < 0.6
        (True, True)

    Source: li2020qeba, algorithm 1 and section 3.4

    Differences: starts, bisections, probes at the walls and steps are those of our `hop_skip_jump`;
        in QEBA-S a space is enlarged linearly along both axes, and its basis is not made
        orthonormal.
    """
    one_of("qeba", threat, L2)
    check_counts(steps=steps, directions=directions, reduction=reduction)
    check_starts(starts, images, goal)
    sampler = _sampler(basis, tuple(images.shape[1:]), reduction)
    ground = Ground(images, threat)
    points, rows = yield from started(ground, starts, draws)
    sample = partial(sampler, draws.take(rows))
    points = yield from hops(ground, points, rows, [directions] * steps, sample)
    return ground.result(points, rows)


def _sampler(basis: object, shape: tuple[int, ...], reduction: int) -> Sampler:
    """Directions of the space that is asked for."""
    if isinstance(basis, Tensor):
        if basis.shape[1:] != shape or not len(basis) or not basis.is_floating_point():
            came = f"{basis.dtype} of shape {tuple(basis.shape)}"
            raise InputError(f"basis is a tensor of directions [k, ...] as the images, not {came}")
        return spanned(basis)
    if not isinstance(basis, str) or basis not in _WAVES:
        known = " or ".join(f'"{name}"' for name in _WAVES)
        raise InputError(f"basis is a name, {known}, or a tensor [k, ...], not {basis!r}")
    high, wide = (_WAVES[basis](side, math.ceil(side / reduction)) for side in sides(shape))
    return smooth(shape, high, wide)


def principal(gradients: Tensor, count: int) -> Tensor:
    """The directions that gradients vary along most: the basis of QEBA-I.

    Args:
        gradients: Of other models, at any images, [g, ...].
        count: How many directions, from 1 to g.

    Returns:
        Orthonormal directions [count, ...]; a gradient and its opposite count alike.

    Examples:
        >>> principal(torch.tensor([[0.0, 3.0], [0.0, -2.0], [1.0, 0.0]]), 1).abs()
        tensor([[0., 1.]])
    """
    check_counts(count=count)
    lines = torch.linalg.svd(gradients.flatten(1), full_matrices=False).Vh
    return lines[:count].reshape(-1, *gradients.shape[1:])
