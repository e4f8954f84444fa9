"""Expectation over transformation: an attack that allows for what happens on the way to the eye."""

import dataclasses
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from robustlib._border import check_counts
from robustlib.attacks._base import Line
from robustlib.attacks.pgd import pgd
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.goals import Goal
from robustlib.questions import Attack, Decision, Gradient, Scores, WhiteBox
from robustlib.threats import ThreatModel
from robustlib.types import Images

Transform = Callable[[Images, Draws], Images]
"""transform(points, draws): each point as it may be seen, differentiable; draws are its row's."""


def eot(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    method: Attack = pgd,
    transform: Transform | None = None,
    samples: int = 16,
    draws: Draws,
) -> WhiteBox:
    """Runs an attack on the mean loss over random transformations, or over a model's own chance.

    g = mean_t ∇_x loss(model(t(x))) over fresh transformations t in every step

    Whatever the attack asks about a point is asked about `samples` transformed ones and answered by
    the means of losses, gradients and outputs; a goal counts as reached where more than half of
    them have reached it. The attack's own looks (`Decision`) stay looks at the point itself.

    All these are probes: the victim is shown the last point once, without transformation, so that a
    victim that answers at random is not called fooled for the luckiest of many tries.

    Args:
        images: Clean images.
        goal: What to climb.
        threat: Any that the attack knows.
        method: The attack, one that follows gradients or scores, its options bound by
            `functools.partial`.
        transform: transform(points, draws) -> what the model gets to see. None: the points
            themselves, several times, for a victim that answers at random.
        samples: Transformations in each question, ≥ 1.
        draws: The rows' random streams.

    Returns:
        The attack's last candidates.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If the attack does not know the threat model.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> from robustlib.threats import Linf
        >>> dimmed = lambda points, draws: points * (0.8 + 0.2 * draws.uniform(1))
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.55], [0.9]]), Misclassify(torch.tensor([0, 0]))
        >>> attack(model, images, goal, Linf(0.1), eot, transform=dimmed).success.tolist()
        [True, False]

    Source: athalye2018synthesizing, section 2.1; athalye2018obfuscated, section 4.2.2

    Differences: the paper bounds the expected perceived distance in LAB by a Lagrangian; here the
        threat model bounds the image itself, as in the later paper.
    """
    if not callable(method):
        raise InputError(f"method is a generator function, an attack such as pgd, not {method!r}")
    if transform is not None and not callable(transform):
        raise InputError(f"transform is a function (points, draws) -> points, not {transform!r}")
    check_counts(samples=samples)
    chances = draws.child(1)
    line = Line(method(images, goal, threat, draws=draws.child(0)))
    while asked := line.asked:
        views = [_Views(one, samples, transform, chances) for one in asked]
        answers: tuple[Any, ...] = yield tuple(view.question for view in views)
        line.hear([view.mean(answer) for view, answer in zip(views, answers, strict=True)])
    return line.returned


class _Views:
    """One question as many about how its points may be seen, and many answers as one."""

    def __init__(
        self,
        asked: Gradient | Scores | Decision,
        samples: int,
        transform: Transform | None,
        chances: Draws,
    ) -> None:
        self._looks_itself = isinstance(asked, Decision)
        self.question: Gradient | Scores | Decision = asked
        self._samples = samples
        if self._looks_itself:
            return
        points = torch.as_tensor(asked.inputs)
        rows = asked.rows
        if rows is None:
            rows = torch.arange(len(points), device=points.device)
        many = rows.repeat_interleave(samples)
        with torch.enable_grad():
            self._points = points.detach().repeat_interleave(samples, dim=0).requires_grad_()
            self._seen = transform(self._points, chances.take(many)) if transform else self._points
        seen = self._seen.detach()
        self.question = dataclasses.replace(asked, inputs=seen, rows=many, candidate=False)

    def mean(self, answer: Any) -> Any:
        """The answer to the question as it was asked."""
        if self._looks_itself:
            return answer
        parts = {"outputs": self._each(answer.outputs).mean(dim=1)}
        if hasattr(answer, "gradient"):
            parts["loss"] = self._each(answer.loss).mean(dim=1)
            parts["gradient"] = self._each(self._pulled(answer.gradient)).mean(dim=1)
        reached = self._each(answer.reached).double().mean(dim=1) > 0.5
        return dataclasses.replace(answer, reached=reached, **parts)

    def _pulled(self, gradient: Tensor) -> Tensor:
        """Gradients with respect to the points, from those with respect to what was seen."""
        if self._seen is self._points:
            return gradient
        several = gradient.ndim > self._seen.ndim
        columns = gradient.unbind(1) if several else [gradient]
        back = [
            torch.autograd.grad(self._seen, self._points, each, retain_graph=True)[0]
            for each in columns
        ]
        return torch.stack(back, dim=1) if several else back[0]

    def _each(self, many: Tensor) -> Tensor:
        """[n samples, ...] as [n, samples, ...]."""
        return many.view(-1, self._samples, *many.shape[1:])
