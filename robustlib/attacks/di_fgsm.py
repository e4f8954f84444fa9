"""The diverse inputs fast gradient sign method."""

import torch
from torch import Tensor

from robustlib._border import check_range
from robustlib.attacks._canvas import Canvas, on_canvas
from robustlib.attacks._momentum import Sensed, climb, length
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import Gradient, WhiteBox
from robustlib.threats import ThreatModel
from robustlib.types import Images


def di_fgsm(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 10,
    step_size: float | None = None,
    momentum: float = 1.0,
    chance: float = 0.5,
    least: float = 0.9,
    draws: Draws,
) -> WhiteBox:
    """Asks about the point shrunk and moved at random, and pulls the gradient back.

    velocity ← momentum · velocity + g / mean |g|, where g = ∇ loss(T(point)) with respect to the
    point, and T with a chance shrinks it to between least and all of its side, amid zeros;
    point ← project(ascend(point, velocity, step_size))

    Args:
        images: Clean images [n, c, h, w]; inputs of another shape are taken as one line of pixels.
        goal: What to climb.
        threat: `Linf` or `L2` of finite eps.
        steps: Steps, ≥ 1.
        step_size: Length of a step in the threat's norm, in pixel units, > 0; by default
            eps / steps.
        momentum: Share of the velocity that is kept, ≥ 0.
        chance: That a step's point is shrunk, in [0, 1].
        least: The smallest side, as a share of the picture's, in (0, 1].
        draws: The rows' random streams.

    Returns:
        The last iterate.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite or the norm is neither of the two.

    Examples:
        >>> import torch
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> from robustlib.threats import Linf
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.5625], [0.9]]), Misclassify(torch.tensor([0, 0]))
        >>> attack(model, images, goal, Linf(0.125), di_fgsm).success.tolist()
        [True, False]

    Source: xie2019improving, section 3.3

    Differences: the paper enlarges pictures of 299 pixels to 330; a picture keeps its size here,
        which any model takes, and is shrunk by as much. Each row has its own side and place, where
        the official code draws one for the whole batch. A gradient is divided by its mean size,
        as there. What is asked about is no candidate.
    """
    check_range("[0, 1]", chance=chance)
    check_range("(0, 1]", least=least)
    size = length("di_fgsm", threat, steps=steps, step_size=step_size, momentum=momentum)

    def diverse(point: Images, _: Tensor) -> Sensed:
        numbers = draws.uniform(4)
        shrink = _Shrink(on_canvas(point), numbers, chance, least)
        answer = yield from Gradient(shrink(on_canvas(point)).view_as(point), candidate=False)
        return shrink.back(on_canvas(answer.gradient)).view_as(point)

    return (
        yield from climb(images, threat, diverse, steps=steps, step_size=size, momentum=momentum)
    )


class _Shrink:
    """Each picture to its own size, at its own place amid zeros; some are left as they are.

    Args:
        canvas: Pictures of the shape that is meant.
        numbers: Uniform ones for each row [n, 4]: whether, how much, and where.
        chance: That it happens.
        least: The smallest side, as a share.
    """

    def __init__(self, canvas: Canvas, numbers: Tensor, chance: float, least: float) -> None:
        sides = []
        for axis, place in ((2, numbers[:, 2:3]), (3, numbers[:, 3:4])):
            full = canvas.shape[axis]
            smallest = max(1, round(least * full))
            side = smallest + (numbers[:, 1:2] * (full + 1 - smallest)).floor()
            side = torch.where(numbers[:, :1] < chance, side, full)
            offset = (place * (full + 1 - side)).floor()
            ahead = torch.arange(full, device=canvas.device) - offset
            source = (ahead * full / side).floor().long()
            sides.append((source.clamp(0, full - 1), (ahead >= 0) & (ahead < side)))
        (rows, in_rows), (columns, in_columns) = sides
        self._inside = (in_rows[:, :, None] & in_columns[:, None, :])[:, None]
        source = rows[:, :, None] * canvas.shape[3] + columns[:, None, :]
        self._source = source[:, None].expand_as(canvas).flatten(2)

    def __call__(self, canvas: Canvas) -> Canvas:
        """The nearest pixel of each place, and zero around."""
        return canvas.flatten(2).gather(2, self._source).view_as(canvas) * self._inside

    def back(self, gradient: Canvas) -> Canvas:
        """The gradient with respect to what was shrunk: each pixel's share is summed up."""
        shares = (gradient * self._inside).flatten(2)
        return torch.zeros_like(shares).scatter_add(2, self._source, shares).view_as(gradient)
