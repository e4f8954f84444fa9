"""Universal perturbations: one change for all images at once."""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from robustlib._border import check_counts, check_range
from robustlib.attacks._base import bounded, one_of
from robustlib.draws import Draws
from robustlib.errors import InputError, ThreatError
from robustlib.goals import Goal
from robustlib.questions import Gradient, Scores, WhiteBox
from robustlib.threats import L0, L1, L2, Linf, ThreatModel
from robustlib.types import Images

Shift = Tensor
"""What is added to every image [...], in [-1, 1]; the result is cut to the box."""


def universal(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 100,
    step_size: float | None = None,
    cap: float = 9.0,
    report: Callable[[Shift], object] | None = None,
    draws: Draws,
) -> WhiteBox:
    """Climbs the mean loss of all images with one change for all of them.

    shift ← project(ascend(shift, mean of ∇ min(loss(image + shift), cap), step_size))

    The shift on which most images reach the goal is kept. The images are those that the model had
    right, and belong together: their results depend on each other. All that is asked on the way are
    probes; the victim is shown each image with the last shift once. What was found may be used on
    other images:

        shifts = []
        result = attack(model, images, goal, Linf(0.1), universal, report=shifts.append)
        others = (others + shifts[-1]).clamp(0, 1)

    Args:
        images: Clean images.
        goal: What is wanted of each.
        threat: `Linf`, `L2`, `L1` or `L0` of one finite eps, the same for all images.
        steps: Gradient steps, ≥ 1.
        step_size: Length of the first step in the threat's norm, in pixel units (in L0: how far the
            steepest pixel goes), > 0; it shrinks evenly towards zero. By default 2 · reach, so that
            it begins by leaping from side to side; the reach is eps, in L0 from wall to wall.
        cap: A loss above which an image counts no more, > 0: else few of a huge loss would lead.
        report: Called with the shift after each step, at last with the one that is kept.
        draws: The rows' random streams; nothing is drawn.

    Returns:
        All images with the shift, cut to the box.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite or not one for all, or the norm is none of the four.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.55], [0.58], [0.9]]), Misclassify(torch.zeros(3).long())
        >>> shifts = []
        >>> attack(model, images, goal, Linf(0.1), universal, report=shifts.append).success.tolist()
        [True, True, False]
        >>> round(shifts[-1].item(), 3)
        -0.1

    Source: shafahi2020universal, section on universal perturbations by stochastic gradients;
        moosavi2017universal, section 3, has the aim

    Differences: moosavi2017universal adds up DeepFool's smallest changes, image by image, until a
        share of them is fooled; here the mean loss is climbed, as in shafahi2020universal. That
        takes minibatches and keeps the last shift; here a step sees all images, shrinks, and the
        best shift is kept.
    """
    _check(steps, step_size, cap, report)
    half = _halved(_shared(one_of("universal", bounded(threat), Linf, L2, L1, L0)))
    first = 2 * torch.as_tensor(half.reach) if step_size is None else step_size / 2
    held, best = torch.full_like(images[:1], 0.5), _Best(goal, cap)
    grey = held
    for step in range(steps):
        shifted = _shifted(images, held, threat)
        answer = yield from Gradient(shifted, of=best.height, candidate=False)
        best.see(held, answer.outputs)
        slope = _through_the_walls(answer.gradient, images + _shift(held))
        held = half.project(half.ascend(held, slope, first * (1 - step / steps)), grey)
        _tell(report, held)
    last = yield from Scores(_shifted(images, held, threat), candidate=False)
    best.see(held, last.outputs)
    _tell(report, best.held)
    return _shifted(images, best.held, threat)


class _Best:
    """The shift on which most images reach the goal; of several that of the highest loss."""

    held: Tensor

    def __init__(self, goal: Goal, cap: float) -> None:
        self._goal, self._cap = goal, cap
        self._rank = (-1, 0.0)

    def height(self, outputs: Tensor, rows: Tensor) -> Tensor:
        """The loss, up to the cap."""
        return self._goal.loss(outputs, rows).clamp(max=self._cap)

    def see(self, held: Tensor, outputs: Tensor) -> None:
        """Keeps a shift if it is better than those before."""
        rows = torch.arange(len(outputs), device=outputs.device)
        reached = int(self._goal.reached(outputs, rows).sum())
        rank = reached, float(self.height(outputs, rows).double().mean())
        if rank > self._rank:
            self.held, self._rank = held, rank


def _shift(held: Tensor) -> Shift:
    """What a picture around grey stands for: 0 is -1, 1 is 1."""
    return 2 * held - 1


def _shifted(images: Images, held: Tensor, threat: ThreatModel) -> Images:
    """The images with the shift, cut to the box."""
    return threat.project(images + _shift(held), images)


def _through_the_walls(gradient: Images, points: Images) -> Tensor:
    """How the loss of all images grows along the shift, upwards or downwards, whichever is more.

    An image that has gone to a wall has no say in going on, nor in coming back from beyond it.
    """
    up = gradient.masked_fill((points < 0) | (points >= 1), 0).sum(dim=0, keepdim=True)
    down = gradient.masked_fill((points <= 0) | (points > 1), 0).sum(dim=0, keepdim=True)
    return torch.where(up + down > 0, up.clamp(min=0), down.clamp(max=0))


def _halved(threat: ThreatModel) -> ThreatModel:
    """The ball around grey, where shifts are half as long; pixels are as many."""
    return threat if isinstance(threat, L0) else replace(threat, eps=threat.eps / 2)


def _shared(threat: ThreatModel) -> ThreatModel:
    """With one radius for all."""
    low, high = map(float, torch.as_tensor(threat.eps, dtype=torch.float64).aminmax())
    if low < high:
        raise ThreatError(f"universal needs one eps for all images, not {low} to {high}")
    return replace(threat, eps=high)


def _tell(report: Callable[[Shift], object] | None, held: Tensor) -> None:
    if report is not None:
        report(_shift(held[0]))


def _check(steps: object, step_size: object, cap: object, report: object) -> None:
    check_counts(steps=steps)
    check_range("(0, inf)", cap=cap)
    if step_size is not None:
        check_range("(0, inf)", step_size=step_size)
    if report is not None and not callable(report):
        raise InputError(f"report is a function that takes a shift, not {report!r}")
