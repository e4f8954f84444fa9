"""Patches: what the attacker may change is a part of the picture, and there any colour will do."""

import dataclasses
from dataclasses import dataclass, field

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from robustlib.draws import Draws
from robustlib.errors import ThreatError
from robustlib.threats import Linf, ThreatModel
from robustlib.types import Images, PerRow

Masks = Bool[Tensor, "n 1 h w"]
"""Which pixels of each picture; n is 1 where all have the same."""


@dataclass(frozen=True, eq=False)
class Patch(ThreatModel):
    """Only pixels of one part of the picture, each by at most eps: by default to any colour.

    The part is a region that is given, a square at any place, or such a square within a region.
    The distance is the largest change of any pixel, infinite once others have changed than may.
    Inputs that are no pictures [n, c, h, w] are one line of pixels, and a square is a piece of it.

    Args:
        eps: How far each pixel may go, in pixel units of [0, 1], one number or one a row; 1 by
            default, from wall to wall. `inf` asks for as small a change as possible.
        region: What may change, true where it may: [h, w] or [1, 1, h, w] for all pictures,
            [n, 1, h, w] for each its own. None: any pixel.
        size: The side of the one square that may change, in pixels, ≥ 1. None: all of the region.

    Raises:
        ThreatError: If eps, region or size is none, or neither region nor size is given.

    Examples:
        >>> image = torch.full((1, 1, 2, 2), 0.5)
        >>> corner = torch.tensor([[True, False], [False, False]])
        >>> Patch(region=corner).project(image + 9, image).flatten().tolist()
        [1.0, 0.5, 0.5, 0.5]
        >>> Patch(size=1).project(image - corner.float(), image).flatten().tolist()
        [0.0, 0.5, 0.5, 0.5]
    """

    eps: float | Tensor = 1.0
    region: Tensor | None = field(default=None, kw_only=True, repr=False)
    size: int | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        eps = torch.as_tensor(self.eps)
        if bool(((eps > 1) & eps.isfinite()).any()):
            raise ThreatError(f"eps in Patch is at most 1, which is any colour, not {self.eps}")
        _check_size(self.size)
        if self.region is not None:
            object.__setattr__(self, "region", _mask(self.region))
        elif self.size is None:
            raise ThreatError("a patch has a region or a size; for all pixels there is Linf")

    @classmethod
    def somewhere(
        cls, images: Images, size: int, draws: Draws, *, eps: float | Tensor = 1.0
    ) -> "Patch":
        """A patch whose region is a square at a random place of each picture.

        Args:
            images: The pictures.
            size: The side of the square, in pixels, ≥ 1; cut to the picture.
            draws: One random stream for each.
            eps: How far each pixel may go.

        Examples:
            >>> patch = Patch.somewhere(torch.zeros(5, 3, 8, 8), 3, Draws(0, range(5)))
            >>> patch.region.flatten(1).sum(dim=1).tolist()
            [9, 9, 9, 9, 9]
        """
        _check_size(size)
        return cls(eps, region=squares(anywhere(images, size, draws), size, canvas(images)))

    def distance(self, adversarial: Images, images: Images) -> PerRow:
        """The largest change of any pixel; infinite if one has changed that may not."""
        change = _pictures(adversarial - images).abs()
        changed = change.amax(dim=1, keepdim=True) > 0
        beyond = (changed & ~self.open(images)).flatten(1).any(dim=1)
        if self.size is not None:
            beyond = beyond | (_extent(changed, 2) > self.size) | (_extent(changed, 3) > self.size)
        return change.flatten(1).amax(dim=1).masked_fill(beyond, torch.inf)

    def steepest(self, gradient: Images, point: Images) -> Images:
        """The gradient's sign in the region, or in that square of it which is worth most."""
        sign = _pictures(Linf(0.0).steepest(gradient, point)).masked_fill(~self.open(point), 0)
        if self.size is not None:
            here = _pictures(point)
            reach = torch.as_tensor(self.eps, dtype=here.dtype, device=here.device)
            room = torch.where(sign > 0, 1 - here, here).minimum(reach)
            worth = (_pictures(gradient) * sign * room).sum(dim=1)
            square = squares(best(worth.double(), self.size), self.size, canvas(point))
            sign = sign.masked_fill(~square, 0)
        return sign.view_as(point)

    def project(self, points: Images, images: Images) -> Images:
        """The nearest allowed point, exactly: of all squares the one that brings it nearest."""
        inside = torch.where(self.open(images), *self._both(points, images))
        if self.size is not None:
            there, here = _pictures(points).double(), _pictures(images).double()
            gains = ((there - here) ** 2 - (there - inside.double()) ** 2).sum(dim=1)
            corners = best(gains, self.size)
            square = squares(corners, self.size, canvas(images))
            inside = torch.where(square, inside, _pictures(images))
        return inside.view_as(images)

    def random_start(self, images: Images, draws: Draws) -> Images:
        """Each pixel uniform within eps, cut to the box; of a square, at a random place."""
        points = _pictures(Linf(self.eps).random_start(images, draws))
        chosen = self.open(images)
        if self.size is not None:
            everywhere = chosen.expand(len(images), -1, -1, -1)
            corners = within(everywhere, self.size, draws.uniform())
            chosen = chosen & squares(corners, self.size, canvas(images))
        return torch.where(chosen, points, _pictures(images)).view_as(images)

    def take(self, rows: Int[Tensor, " m"]) -> "Patch":
        """The threat model of some rows."""
        taken = super().take(rows)
        region = self.region
        if region is not None and len(region) > 1:
            region = region[rows.to(region.device)]
        return dataclasses.replace(self, eps=taken.eps, region=region)

    def placed(self, images: Images) -> "Patch":
        """This threat model, radii and region placed as the images are.

        Raises:
            ThreatError: If radii or region are for other images.
        """
        placed = super().placed(images)
        region = None if self.region is None else self.open(images)
        return dataclasses.replace(self, eps=placed.eps, region=region)

    def open(self, images: Images) -> Masks:
        """Which pixels may change; where there is a size, not all of them at once.

        Raises:
            ThreatError: If the region is for other images.
        """
        sides = canvas(images)
        if self.region is None:
            return torch.ones(1, 1, *sides, dtype=torch.bool, device=images.device)
        count, wanted = len(self.region), (len(images), 1, *sides)
        if count not in (1, len(images)) or self.region.shape[2:] != sides:
            came = tuple(self.region.shape)
            raise ThreatError(f"region needs the shape {wanted}, or one mask for all, not {came}")
        return self.region.to(images.device)

    def _both(self, points: Images, images: Images) -> tuple[Tensor, Tensor]:
        """Each pixel at its nearest allowed colour, and as it was."""
        return _pictures(Linf(self.eps).project(points, images)), _pictures(images)


def canvas(images: Images) -> tuple[int, int]:
    """Height and width of pictures; one line for inputs that are none."""
    height, width = _pictures(images).shape[2:]
    return height, width


def squares(corners: Int[Tensor, "n 2"], size: int, sides: tuple[int, int]) -> Masks:
    """Which pixels lie in a square of each picture.

    Args:
        corners: The topmost line and the leftmost column of each.
        size: Its side, in pixels.
        sides: Height and width of the pictures.
    """
    down, across = (
        torch.arange(side, device=corners.device) - corners[:, axis, None]
        for axis, side in enumerate(sides)
    )
    lines, columns = ((each >= 0) & (each < size) for each in (down, across))
    return lines[:, None, :, None] & columns[:, None, None, :]


def anywhere(images: Images, size: int, draws: Draws) -> Int[Tensor, "n 2"]:
    """The corners of a square at a random place of each picture, all of it inside."""
    free = [max(0, side - size) + 1 for side in canvas(images)]
    return torch.stack([draws.randint(each) for each in free], dim=1)


def within(region: Masks, size: int, place: PerRow) -> Int[Tensor, "n 2"]:
    """The corners of squares that show as much of a region as any, each as likely as another.

    Args:
        region: Of each picture.
        size: The squares' side, in pixels.
        place: Uniform in [0, 1): which of them it is.
    """
    shown = worths(region[:, 0].double(), size)
    fit = (shown == shown.amax(dim=(1, 2), keepdim=True)).flatten(1)
    before = fit.cumsum(dim=1)
    # In half precision a number just below 1 is 1.
    wanted = (place.double() * before[:, -1]).floor().minimum(before[:, -1] - 1)[:, None]
    found = (before <= wanted).sum(dim=1)
    return torch.stack([found // shown.shape[2], found % shown.shape[2]], dim=1)


def worths(gains: Float[Tensor, "n h w"], size: int) -> Float[Tensor, "n p q"]:
    """What the pixels of each square are worth together, by its corner.

    They are summed one by one, so that squares with the same pixels in them are worth the same.

    Examples:
        >>> worths(torch.tensor([[[1.0, 2.0, 4.0], [0.0, 1.0, 0.0]]]), 2).flatten().tolist()
        [4.0, 7.0]
    """
    for axis in (1, 2):
        length = min(size, gains.shape[axis])
        free = gains.shape[axis] - length + 1
        parts = [gains.narrow(axis, first, free) for first in range(length)]
        gains = torch.stack(parts).cumsum(dim=0)[-1]
    return gains


def best(gains: Float[Tensor, "n h w"], size: int) -> Int[Tensor, "n 2"]:
    """The corner of the square that is worth most, the first among equals."""
    worth = worths(gains, size)
    first = worth.flatten(1).argmax(dim=1) if len(worth) else worth.new_zeros(0).long()
    return torch.stack([first // worth.shape[2], first % worth.shape[2]], dim=1)


def _pictures(images: Images) -> Float[Tensor, "n c h w"]:
    return images if images.ndim == 4 else images.flatten(1)[:, None, None]


def _extent(changed: Masks, axis: int) -> PerRow:
    """From the first line, or column, that has changed to the last, both included."""
    touched = changed.any(dim=5 - axis)[:, 0]
    place = torch.arange(touched.shape[1], device=touched.device)
    last = torch.where(touched, place, -1).amax(dim=1)
    return last - torch.where(touched, place, len(place)).amin(dim=1) + 1


def _mask(region: object) -> Masks:
    if not isinstance(region, Tensor) or region.dtype != torch.bool:
        came = str(region.dtype) if isinstance(region, Tensor) else type(region).__name__
        raise ThreatError(f"region is a boolean tensor, true where pixels may change, not {came}")
    region = region[None, None] if region.ndim == 2 else region
    if region.ndim != 4 or region.shape[1] != 1:
        raise ThreatError(f"region is [h, w] or [n, 1, h, w], not {tuple(region.shape)}")
    return region


def _check_size(size: object) -> None:
    if size is not None and (isinstance(size, bool) or not isinstance(size, int) or size < 1):
        raise ThreatError(f"size is a count of pixels ≥ 1, not {size!r}")
