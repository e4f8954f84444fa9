"""Which coordinates ZOO moves: those of ever finer spaces, and rather those that have mattered."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from robustlib.attacks._canvas import grid
from robustlib.attacks._codes import Code, bilinear, pixels
from robustlib.attacks._zeroth import Places, Search
from robustlib.draws import Draws
from robustlib.types import Images

_REGIONS = 8
"""Along each axis, within which the largest change speaks for all."""

_FLOOR = 0.1
"""The least chance of a coordinate, as a share of the mean: what was never moved may come yet."""


def spaces(images: Images, levels: int) -> list[Code]:
    """Small pictures that are enlarged bilinearly, each twice as wide as the last; then pixels."""
    longer = max(grid(images.shape[1:])[1:])
    coarse = [bilinear(images, max(1, longer >> level)) for level in range(levels - 1, 0, -1)]
    return [*coarse, pixels(images)]


class Choice:
    """Coordinates for each step, no two of a row the same; all, if there are fewer.

    Args:
        search: What is descended; its code is the first of the spaces.
        spaces: Of equal time each.
        draws: The rows' random streams.
        coordinates: In each step.
        weighted: Whether the chance of each follows how much has changed around it so far, told
            anew in each space and whenever the weights' time is over.
    """

    def __init__(
        self,
        search: Search,
        spaces: Sequence[Code],
        draws: Draws,
        *,
        coordinates: int,
        weighted: bool = False,
    ) -> None:
        self._search, self._spaces, self._draws = search, spaces, draws
        self._coordinates, self._weighted = coordinates, weighted
        self._chances: Tensor | None = None

    def __call__(self, step: int) -> Places:
        """The places of a step, after a change of space where that is due."""
        plan, search = self._search.plan, self._search
        space = self._spaces[step * len(self._spaces) // plan.steps]
        entered = space is not search.code
        if entered:
            enter(search, space)
        if self._weighted and step and (entered or not step % plan.switch_steps):
            self._chances = chances(search)
        keys = self._draws.uniform(search.code.size)
        if self._chances is not None:  # each next one is drawn by its chance among those left
            keys = keys.log() / self._chances
        return keys.topk(min(self._coordinates, search.code.size), dim=1).indices


def enter(search: Search, space: Code) -> None:
    """Goes on in another space, at a change like that reached; Adam begins anew."""
    if space.is_pixels:
        codes = (search.iterates() - search.images).flatten(1)
    else:
        small = search.codes.view(-1, *search.code.shape)
        large = functional.interpolate(small, size=space.shape[1:], mode="bilinear")
        codes = large.flatten(1)
    search.go_on_in(space, codes)


def chances(search: Search) -> Float[Tensor, "n size"]:
    """For each coordinate the largest change in its region, of mean 1; where there is none, 1."""
    changes = search.codes.abs().view(len(search.codes), *grid(torch.Size(search.code.shape)))
    high, wide = changes.shape[2:]
    kernel = [max(1, high // _REGIONS), max(1, wide // _REGIONS)]
    pooled = functional.max_pool2d(changes, kernel, ceil_mode=True)
    spread = pooled.repeat_interleave(kernel[0], dim=2).repeat_interleave(kernel[1], dim=3)
    flat = spread[:, :, :high, :wide].flatten(1)
    mean = flat.mean(dim=1, keepdim=True)
    return torch.where(mean > 0, flat / mean, 1) + _FLOOR
