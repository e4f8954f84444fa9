"""SimBA: one direction of a basis at a time, kept where the loss rises."""

from collections.abc import Generator
from typing import Any

import torch

from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._codes import Code, cosines, pixels
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.goals import Goal
from robustlib.questions import ScoreBased, Scores
from robustlib.threats import L2, Linf, ThreatModel
from robustlib.types import Images, Rows


def simba(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 1000,
    step_size: float = 0.2,
    basis: str = "pixel",
    side: int | None = None,
    draws: Draws,
) -> ScoreBased:
    """Steps along random directions of a basis, down or else up, wherever the loss rises.

    candidate = project(adversarial - step_size · q), where that fails + step_size · q;
    adversarial ← candidate if loss(candidate) > loss(adversarial)

    Args:
        images: Clean images; for their waves, those of another shape than [n, c, h, w] are taken
            as one line of pixels.
        goal: What to climb; by cross entropy it is the paper's probability of a class.
        threat: `L2` or `Linf`. With `eps=inf` too a row ends at its first success.
        steps: Directions tried, ≥ 1, of 1 or 2 queries each; all of the basis in a random order,
            and then in another.
        step_size: Euclidean length of a step, in pixel units, > 0.
        basis: "pixel", whose directions are the numbers of an image, or "dct": cosine waves.
        side: Of the waves, how many of the lowest frequencies along each axis, ≥ 1, at most the
            image's side; None: half of it.
        draws: The rows' random streams.

    Returns:
        The last accepted points.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If the norm is neither.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.8]]), Misclassify(torch.tensor([0]))
        >>> result = attack(model, images, goal, L2(0.5), simba)
        >>> result.success.item(), round(result.distance.item(), 2), result.queries.item()
        (True, 0.4, 4)

    Source: guo2019simple, algorithm 1

    Differences: the paper bounds the change by the number of steps alone, and its code in Linf by
        cutting; here what leaves the ball is projected onto it. A side where nothing would change,
        as at a wall of the box, is not asked about. The paper's waves are an eighth of the
        frequencies along each axis of 224 pixels.
    """
    check_counts(steps=steps)
    check_range("(0, inf)", step_size=step_size)
    code = _basis(images, basis, side)
    walk = _Walk(images, goal, one_of("simba", threat, L2, Linf))
    yield from walk.begin()
    for step in range(steps):
        if not step % code.size:
            order = draws.uniform(code.size).argsort(dim=1, stable=True)
        chosen, nothing = order[:, step % code.size, None], images.new_zeros(len(images), code.size)
        way = code.change(nothing.scatter(1, chosen, step_size))
        failed = yield from walk.go(-way, (~walk.reached).nonzero().squeeze(1))
        yield from walk.go(way, failed)
    return walk.points


def _basis(images: Images, basis: str, side: int | None) -> Code:
    if side is not None:
        check_counts(side=side)
    if basis not in ("pixel", "dct"):
        raise InputError(f'basis is a name, "pixel" or "dct", not {basis!r}')
    return pixels(images) if basis == "pixel" else cosines(images, side)


class _Walk:
    """Where the rows stand, how high that is, and which have succeeded."""

    def __init__(self, images: Images, goal: Goal, threat: ThreatModel) -> None:
        self.images, self.goal, self.threat = images, goal, threat
        self.points = images.clone()

    def begin(self) -> Generator[Any, Any, None]:
        """Finds out how high the images are."""
        answer = yield from Scores(self.images)
        everyone = torch.arange(len(self.images), device=self.images.device)
        self._height = self.goal.loss(answer.outputs.double(), everyone)
        self.reached = answer.reached.clone()

    def go(self, way: Images, rows: Rows) -> Generator[Any, Any, Rows]:
        """Tries a way in some rows; those that are no higher there and have stayed."""
        here, images, ball = self.points[rows], self.images[rows], self.threat.take(rows)
        ahead = (here + way[rows]).clamp(0, 1)
        there = ball.project(ahead, images)
        moved = ((ahead != here) & (there != here)).flatten(1).any(dim=1)
        asked, there = rows[moved], there[moved]
        if not len(asked):
            return rows
        answer = yield from Scores(there, asked)
        height = self.goal.loss(answer.outputs.double(), asked)
        better = (height > self._height[asked]) | answer.reached
        taken = asked[better]
        self.points[taken], self._height[taken] = there[better], height[better]
        self.reached[taken] |= answer.reached[better]
        return rows[~torch.isin(rows, taken)]
