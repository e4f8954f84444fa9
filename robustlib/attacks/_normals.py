"""The way across a border, guessed from on which side of it random points lie.

Directions are drawn in the whole space, or in a smaller one whose vectors are put together from
few numbers: those that vary slowly, or those of a given basis.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor

from robustlib._balls import column, nonzero
from robustlib.attacks._border_search import Asking, Ground
from robustlib.attacks._canvas import waves
from robustlib.draws import Draws
from robustlib.questions import Decision
from robustlib.types import Images, PerRow, Rows

Sampler: TypeAlias = Callable[[Draws, int], Tensor]
"""sample(draws, many) -> [m, many, ...] directions of Euclidean length 1."""

_SLAB = 50
"""Points of a row in one question: a thousand of each picture at once would fill the memory."""


def tally(
    rows: Rows,
    count: int,
    propose: Callable[[int], tuple[Tensor, Tensor]],
) -> Asking[tuple[Images, Images, PerRow]]:
    """Sums of probed directions u with their sides φ: Σ φ u, Σ u, and the mean of φ.

    φ is 1 where the goal is reached and -1 elsewhere.

    Args:
        rows: The rows that probe.
        count: Probes of each.
        propose: propose(many): points of the box [m, many, ...], and the directions they stand for.
    """
    leaning: Any = 0.0
    sums: Any = 0.0
    hits: Any = 0.0
    for first in range(0, count, _SLAB):
        many = min(_SLAB, count - first)
        probes, directions = propose(many)
        asked = Decision(probes.flatten(0, 1), rows.repeat_interleave(many), candidate=False)
        answer = yield from asked
        side = (2.0 * answer.reached - 1).to(probes).view(len(rows), many)
        both = torch.stack([side, torch.ones_like(side)], dim=1) @ directions.flatten(2)
        weighted, total = both.view(len(rows), 2, *directions.shape[2:]).unbind(1)
        leaning, sums = leaning + weighted, sums + total
        hits = hits + side.sum(dim=1)
    return leaning, sums, hits / count


def normal(
    ground: Ground,
    points: Images,
    rows: Rows,
    sample: Callable[[int], Tensor],
    *,
    radius: PerRow,
    count: int,
) -> Asking[Images]:
    """Where the border's side that reached the goal lies: Σ (φ - mean φ) u, of any length.

    Args:
        ground: Images and threat model.
        points: Points near the border.
        rows: Their rows.
        sample: sample(many): unit directions [m, many, ...].
        radius: How far from the points to probe, in Euclidean length, [m].
        count: Probes of each row.
    """
    tiny = 8 * torch.finfo(points.dtype).eps * ground.size**0.5  # rounding would eat what is less
    reach = column(radius.clamp(min=tiny), points)[:, None]

    def propose(many: int) -> tuple[Tensor, Tensor]:
        way = sample(many) * reach
        probes = (points[:, None] + way).clamp_(0, 1)
        return probes, torch.sub(probes, points[:, None], out=way).div_(reach)

    leaning, sums, mean = yield from tally(rows, count, propose)
    mixed = column(mean.abs() < 1, points)  # a mean of ±1 would leave nothing
    return torch.where(mixed, leaning - column(mean, points) * sums, leaning)


def unit(directions: Tensor) -> Tensor:
    """[m, many, ...] directions over their Euclidean lengths."""
    flat = directions.flatten(2)
    return (flat / nonzero(flat.norm(dim=2, keepdim=True))).view_as(directions)


def anywhere(shape: tuple[int, ...]) -> Sampler:
    """Directions of the whole space, all equally likely."""
    return lambda draws, many: unit(draws.normal(many, *shape))


def smooth(shape: tuple[int, ...], high: Tensor, wide: Tensor) -> Sampler:
    """Directions high · small · wideᵀ over the last two axes, where small is random.

    Args:
        shape: Of an image; one of a single axis is one line.
        high: [height, k], how the columns of an image are put together from k numbers.
        wide: [width, l], the same for its lines.
    """
    small = (*shape[:-2], high.shape[1], wide.shape[1])

    def sample(draws: Draws, many: int) -> Tensor:
        drawn = draws.normal(many, *small)
        lifted = high.to(drawn) @ drawn @ wide.to(drawn).T
        return unit(lifted.reshape(*drawn.shape[:2], *shape))

    return sample


def spanned(basis: Tensor) -> Sampler:
    """Directions of the space that vectors [k, ...] span."""
    flat = basis.flatten(1)

    def sample(draws: Draws, many: int) -> Tensor:
        drawn = draws.normal(many, len(basis))
        return unit((drawn @ flat.to(drawn)).reshape(*drawn.shape[:2], *basis.shape[1:]))

    return sample


def sides(shape: tuple[int, ...]) -> tuple[int, int]:
    """Height and width of an image; one of a single axis is one line."""
    return (1, *shape)[-2:]  # type: ignore[return-value]


def cosines(length: int, kept: int) -> Float[Tensor, "n k"]:
    """The slowest of the orthonormal cosine waves (DCT-II), as many as kept, each a column."""
    return waves(length)[:kept].T


def stretched(length: int, kept: int) -> Float[Tensor, "n k"]:
    """Linear interpolation from a few numbers to more: each column is one number's hill."""
    small = torch.eye(min(kept, length), dtype=torch.float64)[:, None]
    return torch.nn.functional.interpolate(small, size=length, mode="linear")[:, 0].T
