"""The loop that the fast gradient sign method's descendants share: they differ in what they sense.

An attack of this family is `climb` with its own way to sense a gradient: at the point itself, a
step ahead, over scaled copies, …. A sense is a generator function: it asks, and returns a gradient.
"""

from collections.abc import Callable, Generator
from typing import Any

import torch
from torch import Tensor

from robustlib._balls import column
from robustlib._border import check_counts, check_range
from robustlib.attacks._base import bounded, one_of
from robustlib.questions import Gradient, WhiteBox
from robustlib.threats import L2, Linf, ThreatModel
from robustlib.types import Images

Sensed = Generator[Any, Any, Tensor]
Sense = Callable[[Images, Tensor], Sensed]
"""sense(point, velocity) -> the gradient to follow, asked for on the way."""


def plain(point: Images, _: Tensor) -> Sensed:
    """The gradient of the goal's loss at the point."""
    answer = yield from Gradient(point)
    gradient: Tensor = answer.gradient
    return gradient


def climb(
    images: Images,
    threat: ThreatModel,
    sense: Sense,
    *,
    steps: int,
    step_size: float | Tensor,
    momentum: float = 0.0,
) -> WhiteBox:
    """Velocity ← momentum · velocity + g / mean |g|; point ← project(ascend(point, velocity)).

    Args:
        images: Clean images, where it begins.
        threat: Ball and box.
        sense: How a gradient g is found.
        steps: Steps.
        step_size: Length of each in the threat's norm, in pixel units.
        momentum: Share of the velocity that is kept, ≥ 0.

    Returns:
        The last iterate.
    """
    point, velocity, project = images, images * 0, threat.onto(images)
    for _ in range(steps):
        gradient = yield from sense(point, velocity)
        velocity = torch.add(even(gradient), velocity, alpha=momentum)
        point = project(threat.ascend(point, velocity, step_size))
    return point


def even(gradient: Tensor) -> Tensor:
    """Each row over the mean size of its numbers; zero rows stay zero.

    So that the velocity weighs steps alike, however steep each was.
    """
    size = gradient.flatten(1).abs().mean(dim=1)
    return gradient / column(size.masked_fill(size == 0, 1), gradient)


def over_length(velocity: Tensor) -> Tensor:
    """Each row over its Euclidean length; zero rows stay zero."""
    far = velocity.flatten(1).norm(dim=1)
    return velocity / column(far.masked_fill(far == 0, 1), velocity)


def ahead(point: Images, velocity: Tensor, threat: ThreatModel, stride: float | Tensor) -> Images:
    """Where the velocity is about to lead: as it is in Linf, over its length in other norms."""
    return point + stride * (velocity if isinstance(threat, Linf) else over_length(velocity))


def length(
    name: str,
    threat: ThreatModel,
    *norms: type[ThreatModel],
    steps: int,
    step_size: float | None,
    momentum: float = 0.0,
) -> float | Tensor:
    """The length of a step, eps / steps unless told, once all that belongs to the loop is checked.

    Args:
        name: The attack's.
        threat: The threat model.
        norms: Those that the attack knows; none: Linf and L2.
        steps: Steps.
        step_size: The length, or None.
        momentum: Share of the velocity that is kept.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite or the norm is none of those.
    """
    check_counts(steps=steps)
    check_range("[0, inf)", momentum=momentum)
    if step_size is not None:
        check_range("(0, inf)", step_size=step_size)
    reach = bounded(one_of(name, threat, *norms or (Linf, L2))).eps / steps
    return reach if step_size is None else step_size
