"""What attacks share that look for the nearest success: a memory of it, and how to ask on the way.

Their iterates run through the whole box. Under a finite eps those outside the ball are probes: they
show the way, and only what has come inside may be the result.
"""

import dataclasses
from collections.abc import Generator
from typing import Any, TypeVar

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from robustlib._balls import column
from robustlib._border import allowed
from robustlib.draws import Draws
from robustlib.goals import Goal, Misclassify
from robustlib.losses import against, margin
from robustlib.questions import Decision, DecisionAnswer, Gradient, GradientAnswer, Question
from robustlib.threats import Linf, ThreatModel
from robustlib.types import Images, Objective

A = TypeVar("A", GradientAnswer, DecisionAnswer)
Asking = Generator[Any, Any, A]


class Nearest:
    """The nearest success of each row so far, and all questions, whose answers are noted in it.

    Args:
        images: Clean images.
        threat: Its norm is the distance; its eps says what may be a candidate.
        least: The loss from which a point counts as a success, where a confidence is wanted; all
            but the result are probes then, or else the nearest of them would be taken.
    """

    def __init__(self, images: Images, threat: ThreatModel, *, least: float = 0.0) -> None:
        self.images, self.threat, self._least = images, threat, least
        self.points = images.clone()
        self.distance = torch.full_like(threat.distance(images, images), torch.inf)
        self._rows = torch.arange(len(images), device=images.device)
        self.successes = torch.zeros_like(self._rows)

    @property
    def found(self) -> Bool[Tensor, " n"]:
        """Which rows have a success."""
        return self.distance.isfinite()

    def gradient(
        self,
        points: Images,
        of: Objective | None = None,
        rows: Int[Tensor, " m"] | None = None,
    ) -> Asking[GradientAnswer]:
        """Asks for gradients, one point a row: all of them, or some."""
        places = self._rows if rows is None else rows
        answer = yield from self._ask(Gradient(points, rows, of=of))
        enough = answer.loss >= self._least if self._least else answer.reached
        self._note(points, places, answer.reached & enough)
        return answer

    def beside(self, points: Images, probes: Images, of: Objective) -> Asking[GradientAnswer]:
        """Asks whether points are successes, and in the same pass for gradients at probes."""
        parts, order = self._parts(Decision(points))
        answer, *decided = yield (Gradient(probes, of=of, candidate=False), *parts)
        self._note(points, self._rows, _merged(tuple(decided), order).reached)
        return answer

    def decision(self, points: Images, rows: Int[Tensor, " m"]) -> Asking[DecisionAnswer]:
        """Asks whether points of some rows are successes."""
        answer = yield from self._ask(Decision(points, rows))
        self._note(points, rows, answer.reached)
        return answer

    def closer(self, halvings: int) -> Generator[Any, Any, None]:
        """Bisects the straight way from each image to its nearest success.

        Args:
            halvings: Of the way, ≥ 0.
        """
        rows = self.found.nonzero().squeeze(1)
        images, way = self.images[rows], self.points[rows] - self.images[rows]
        low, high = torch.zeros_like(self.distance[rows]), torch.ones_like(self.distance[rows])
        for _ in range(halvings if len(rows) else 0):
            middle = (low + high) / 2
            answer = yield from self.decision(images + column(middle, images) * way, rows)
            low = torch.where(answer.reached, low, middle)
            high = torch.where(answer.reached, middle, high)

    def elsewhere(self, spread: float, draws: Draws) -> Images:
        """Random points, as far away as a share of the nearest success, or of the far corner."""
        return of_radius(self.threat, spread * self.reach, self.images).random_start(
            self.images, draws
        )

    @property
    def reach(self) -> Float[Tensor, " n"]:
        """The distance of the nearest success, or the farthest at which one may be."""
        corner = torch.where(self.images < 0.5, 1.0, 0.0).to(self.images)
        most = self.threat.distance(corner, self.images)
        return torch.minimum(self.distance, torch.minimum(most, self.threat.radius(self.images)))

    def result(self, last: Images) -> Images:
        """The nearest success, or the last point where there is none, brought into the ball."""
        best = torch.where(column(self.found, last), self.points, last)
        return self.threat.project(best, self.images)

    def _ask(self, question: Question[A]) -> Asking[A]:
        """A question whose points are candidates only where they lie in the ball."""
        parts, order = self._parts(question)
        if len(parts) == 1:
            return (yield from parts[0])
        answers: tuple[A, ...] = yield parts
        return _merged(answers, order)

    def _parts(self, question: Question[A]) -> tuple[tuple[Question[A], ...], Tensor]:
        """The question, or that of the points inside and that of those outside; their places."""
        points = torch.as_tensor(question.inputs)
        rows = self._rows if question.rows is None else question.rows
        inside = self._inside(points, rows)
        if bool(inside.all()):
            return (question,), torch.arange(len(rows), device=rows.device)
        places = [mask.nonzero().squeeze(1) for mask in (inside, ~inside) if bool(mask.any())]
        parts = tuple(
            dataclasses.replace(
                question, inputs=points[part], rows=rows[part], candidate=bool(inside[part[0]])
            )
            for part in places
        )
        return parts, torch.cat(places).argsort()

    def _inside(self, points: Images, rows: Tensor) -> Bool[Tensor, " m"]:
        if self._least:
            return torch.zeros_like(rows, dtype=torch.bool)
        radius = allowed(self.threat, self.images)[rows]  # a projected point may be so far
        if bool(radius.isinf().all()):
            return torch.ones_like(rows, dtype=torch.bool)
        return self.threat.distance(points.double(), self.images[rows].double()) <= radius

    def _note(self, points: Images, rows: Tensor, reached: Tensor) -> None:
        distance = self.threat.distance(points, self.images[rows])
        self.successes[rows] += reached
        better = (reached & (distance < self.distance[rows])).nonzero().squeeze(1)
        self.distance[rows[better]] = distance[better]
        self.points[rows[better]] = points[better]


def leads(goal: Goal, classes: int) -> Objective:
    """How far each class is from reaching the goal: zero on its boundary.

    Args:
        goal: For `Misclassify`, logits_j - logits_label of the highest other classes j; for any
            other goal its margin alone.
        classes: How many are looked at, the label among them, ≥ 2.

    Returns:
        An objective (outputs, rows) -> [m, j].
    """

    def of(outputs: Tensor, rows: Tensor) -> Float[Tensor, "m j"]:
        if not isinstance(goal, Misclassify):
            return goal.measured(margin).loss(outputs, rows)[:, None]
        others, own = against(outputs, goal.labels[rows])
        return others.topk(min(classes - 1, others.shape[1]), dim=1).values - own[:, None]

    return of


def of_radius(threat: ThreatModel, radius: Float[Tensor, " n"], images: Images) -> ThreatModel:
    """The ball of the same norm with another radius a row."""
    most = radius.clamp(max=1) if isinstance(threat, Linf) else radius
    return dataclasses.replace(threat, eps=column(most, images))


def _merged(answers: tuple[A, ...], order: Tensor) -> A:
    """Answers to the parts of a question as one, its points in their order."""
    first = answers[0]
    parts: dict[str, Any] = {}
    for field in dataclasses.fields(first):
        values = [getattr(answer, field.name) for answer in answers]
        parts[field.name] = None if values[0] is None else torch.cat(values)[order]
    return dataclasses.replace(first, **parts)
