"""The one-pixel attack: differential evolution over places and colours of a few pixels."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from robustlib._balls import column
from robustlib._border import check_counts, check_range
from robustlib.attacks._base import bounded, one_of
from robustlib.attacks._canvas import Canvas, on_canvas
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.questions import ScoreBased, Scores
from robustlib.threats import L0, ThreatModel
from robustlib.types import Images, PerRow

Members = Float[Tensor, "n members pixels 2+c"]
"""Of each pixel its place from top and left, as shares of the picture, and its colours."""

_SLAB = 50
"""Members of a row in one question: all pictures at once would fill the memory."""


def one_pixel(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 100,
    population: int = 400,
    factor: float = 0.5,
    draws: Draws,
) -> ScoreBased:
    """Breeds places and colours of as few pixels as may change.

    child = a + factor · (b - c), of three other members chosen at random for each member;
    member ← child if loss(image with child's pixels) > loss(image with member's pixels)

    Args:
        images: Clean images [n, c, h, w]; inputs of another shape are taken as one line of pixels.
        goal: What to climb; under cross entropy it is the paper's probability of the class.
        threat: `L0` of finite eps, the number of pixels.
        steps: Generations after the first, ≥ 1, of `population` queries each.
        population: Members, ≥ 4.
        factor: How far a child goes along a difference, in (0, 2].
        draws: The rows' random streams.

    Returns:
        The fittest members' pictures.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite or the norm is not L0.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.cat([images.sum(1, True), 0 * images[:, :1] + 2.5], dim=1)
        >>> images, goal = torch.full((1, 4), 0.7), Misclassify(torch.tensor([0]))
        >>> result = attack(model, images, goal, L0(1), one_pixel)
        >>> result.success.item(), result.distance.item()
        (True, 1.0)

    Source: su2019pixel, section III

    Differences: the paper does not say what becomes of a child beyond its range: here its place is
        drawn anew and its colours are cut to the box. A success ends a row, where the paper waits
        for a probability of 0.9 of a target; colours are not rounded to 256 levels.
    """
    check_counts(steps=steps)
    check_counts(4, population=population)
    check_range("(0, 2]", factor=factor)
    scene = _Scene(images, goal, bounded(one_of("one_pixel", threat, L0)).radius(images).floor())
    streams = scene.streams(draws)
    members = torch.stack([scene.drawn(stream, population) for stream in streams], dim=2)
    height = yield from scene.measured(members)
    for _ in range(steps):
        one, other, third = (scene.of(members, each) for each in _three(draws, population))
        children = scene.inside(one + factor * (other - third), streams)
        found = yield from scene.measured(children)
        better = found > height
        members = torch.where(better[..., None, None], children, members)
        height = torch.where(better, found, height)
    best = height.argmax(dim=1, keepdim=True)
    return scene.painted(scene.of(members, best)).view_as(images)


@dataclass(frozen=True, eq=False)
class _Scene:
    """The images, what is wanted of them, and how many pixels of each may change."""

    images: Images
    goal: Goal
    count: PerRow

    @property
    def canvas(self) -> Canvas:
        """The images as pictures."""
        return on_canvas(self.images)

    def streams(self, draws: Draws) -> list[Draws]:
        """One for each pixel: what a row draws does not depend on how many others may change."""
        most = min(int(self.count.max()), self.canvas[0, 0].numel())
        return [draws.child(number) for number in range(max(1, most))]

    def drawn(self, stream: Draws, many: int) -> Tensor:
        """Any place, and colours from a bell that is cut to the box."""
        colours = 0.5 + 0.5 * stream.normal(many, self.canvas.shape[1])
        return torch.cat([stream.uniform(many, 2), colours.clamp(0, 1)], dim=2)

    def inside(self, members: Members, streams: list[Draws]) -> Members:
        """Colours in the box, and another place for what has left the picture."""
        place, colours = members[..., :2], members[..., 2:].clamp(0, 1)
        fresh = torch.stack([each.uniform(members.shape[1], 2) for each in streams], dim=2)
        gone = (place < 0) | (place >= 1)
        return torch.cat([torch.where(gone, fresh, place), colours], dim=3)

    def of(self, members: Members, chosen: Tensor) -> Members:
        """Some members of each row [n, m]."""
        return members[torch.arange(len(members), device=members.device)[:, None], chosen]

    def measured(self, members: Members) -> Generator[Any, Any, Tensor]:
        """The loss of each member's picture [n, members]."""
        found = []
        for first in range(0, members.shape[1], _SLAB):
            part = members[:, first : first + _SLAB]
            pictures = self.painted(part).flatten(0, 1)
            rows = torch.arange(len(part), device=part.device).repeat_interleave(part.shape[1])
            answer = yield from Scores(pictures.view(-1, *self.images.shape[1:]), rows)
            found.append(self.goal.loss(answer.outputs.double(), rows).view(len(part), -1))
        return torch.cat(found, dim=1)

    def painted(self, members: Members) -> Tensor:
        """The pictures [n, members, c, h, w]: one pixel after another, the last on top."""
        size = torch.tensor(self.canvas.shape[2:], device=members.device)
        spot = torch.minimum((members[..., :2] * size).long(), size - 1)
        place = spot[..., 0] * size[1] + spot[..., 1]
        pictures = self.canvas.flatten(2)[:, None].repeat(1, members.shape[1], 1, 1)
        for number in range(members.shape[2]):
            here = place[:, :, number, None, None].expand(*pictures.shape[:3], 1)
            colour, old = members[:, :, number, 2:, None], pictures.gather(3, here)
            pictures.scatter_(3, here, torch.where(column(self.count > number, old), colour, old))
        return pictures.view(*pictures.shape[:3], *self.canvas.shape[2:])


def _three(draws: Draws, many: int) -> tuple[Tensor, ...]:
    """For each member three others, no two the same [n, many]."""
    chosen = torch.arange(many, device=draws.device).expand(len(draws), 1, many)
    for taken in range(1, 4):
        other = draws.randint(many - taken, many)
        for each in chosen.sort(dim=1).values.unbind(1):
            other = other + (other >= each)  # those that are taken are passed over
        chosen = torch.cat([chosen, other[:, None]], dim=1)
    return chosen[:, 1:].unbind(1)
