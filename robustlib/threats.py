"""What the attacker may change: a ball around each image, within the box [0, 1]."""

import dataclasses
import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real

import torch
from jaxtyping import Int
from torch import Tensor

from robustlib._balls import column, filled, held, inwards, largest, nonzero, share, shrunk, unit
from robustlib.draws import Draws
from robustlib.errors import ThreatError
from robustlib.types import Images, PerRow


@dataclass(frozen=True, eq=False)
class ThreatModel(ABC):
    """The ball of radius `eps` around each image, met with the box [0, 1].

    It alone knows its norm: attacks ask it for distances, directions and projections.

    Args:
        eps: Radius in pixel units of [0, 1], as `8 / 255`: one number, or a tensor [n] or
            [n, 1, 1, 1] with one a row. `inf` asks for as small a change as possible.

    Raises:
        ThreatError: If a radius is negative or no number.
    """

    eps: float | Tensor

    def __post_init__(self) -> None:
        if isinstance(self.eps, bool) or not isinstance(self.eps, Real | Tensor):
            came = type(self.eps).__name__
            raise ThreatError(f"eps is a number, or a tensor with one for each row, not {came}")
        if not isinstance(self.eps, Tensor):  # torch knows no fractions
            object.__setattr__(self, "eps", float(self.eps))
        if not bool((torch.as_tensor(self.eps) >= 0).all()):
            raise ThreatError(f"eps is a radius ≥ 0 in the pixel units of [0, 1], not {self.eps}")

    @abstractmethod
    def distance(self, adversarial: Images, images: Images) -> PerRow:
        """How far each row has been moved, in this norm."""

    @abstractmethod
    def steepest(self, gradient: Images, point: Images) -> Images:
        """The direction of unit norm that climbs fastest, moving only what has room in [0, 1]."""

    @abstractmethod
    def project(self, points: Images, images: Images) -> Images:
        """The nearest points (in the Euclidean sense) that lie in both the ball and the box."""

    def onto(self, images: Images) -> Callable[[Images], Images]:
        """`project` for many points around the same images."""
        return lambda points: self.project(points, images)

    @abstractmethod
    def random_start(self, images: Images, draws: Draws) -> Images:
        """A uniform draw from the ball, projected; the image itself where eps is infinite."""

    def ascend(self, point: Images, gradient: Images, length: float | Tensor) -> Images:
        """The point, gone a length along the steepest direction; it may leave ball and box."""
        return point + length * self.steepest(gradient, point)

    @property
    def reach(self) -> float | Tensor:
        """How far `ascend` goes from the image to the end of the ball: eps, if that is a length."""
        return self.eps

    def take(self, rows: Int[Tensor, " m"]) -> "ThreatModel":
        """The threat model of some rows."""
        if isinstance(self.eps, Tensor) and self.eps.ndim:
            return dataclasses.replace(self, eps=self.eps[rows])
        return self

    def placed(self, images: Images) -> "ThreatModel":
        """This threat model with one radius a row shaped, typed and placed as the images are.

        Raises:
            ThreatError: If there are radii for another number of rows.
        """
        if not isinstance(self.eps, Tensor) or not self.eps.ndim:
            return dataclasses.replace(self, eps=float(self.eps))
        if self.eps.numel() != len(images):
            shape = tuple(self.eps.shape)
            raise ThreatError(f"eps needs one radius for each of {len(images)} images, not {shape}")
        return dataclasses.replace(self, eps=column(self.eps, images).to(images))

    def radius(self, images: Images) -> PerRow:
        """The radius of each row."""
        eps = torch.as_tensor(self.eps, dtype=images.dtype, device=images.device)
        return eps.reshape(-1).expand(len(images))


class Linf(ThreatModel):
    """Each pixel by at most eps: max |adversarial - image| ≤ eps.

    Raises:
        ThreatError: If a finite eps is above 1, which would be no bound at all: 8 for `8 / 255`.

    Examples:
        >>> image = torch.tensor([[0.5, 0.99]])
        >>> [round(pixel, 2) for pixel in Linf(0.1).project(image + 1, image)[0].tolist()]
        [0.6, 1.0]
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        eps = torch.as_tensor(self.eps)
        if bool(((eps > 1) & eps.isfinite()).any()):
            raise ThreatError(
                "eps in Linf is at most 1, the whole range of a pixel, "
                f"not {self.eps}: grey levels are written over 255, as 8/255"
            )

    def distance(self, adversarial: Images, images: Images) -> PerRow:
        """The largest change of any pixel."""
        return (adversarial - images).abs().flatten(1).amax(dim=1)

    def steepest(self, gradient: Images, point: Images) -> Images:
        """The gradient's sign."""
        return _with_room(gradient, point).sign()

    def ascend(self, point: Images, gradient: Images, length: float | Tensor) -> Images:
        """The same for all pixels: those at their wall run into it, and `project` has them back."""
        if isinstance(length, Tensor):
            return gradient.sign().mul_(length).add_(point)
        return torch.add(point, gradient.sign(), alpha=length)

    def project(self, points: Images, images: Images) -> Images:
        """Each pixel to the nearest allowed one: exact, for both sets are boxes."""
        return self.onto(images)(points)

    def onto(self, images: Images) -> Callable[[Images], Images]:
        """The walls are found once."""
        walls = (images - self.eps).clamp_(min=0), (images + self.eps).clamp_(max=1)
        return lambda points: points.clamp(*walls)

    def random_start(self, images: Images, draws: Draws) -> Images:
        """Each pixel uniform within eps, cut to the box."""
        noise = 2 * draws.uniform(*images.shape[1:]) - 1
        return self.project(images + _finite(self.eps) * noise, images)


class L2(ThreatModel):
    """The Euclidean length of the change: ‖adversarial - image‖₂ ≤ eps.

    Examples:
        >>> image = torch.tensor([[0.0, 0.0]])
        >>> L2(0.5).project(torch.tensor([[3.0, 4.0]]), image)
        tensor([[0.3000, 0.4000]])
    """

    def distance(self, adversarial: Images, images: Images) -> PerRow:
        """The Euclidean length of the change."""
        return (adversarial - images).flatten(1).norm(dim=1)

    def steepest(self, gradient: Images, point: Images) -> Images:
        """The gradient over its length; zero where the gradient is."""
        return unit(_with_room(gradient, point))

    def project(self, points: Images, images: Images) -> Images:
        """Exactly: clip(image + t (point - image), 0, 1) for the largest t ≤ 1 within the ball."""
        shift = points - images
        room = torch.where(shift > 0, 1 - images, images)
        radius, eps = self.radius(images), torch.finfo(images.dtype).eps
        # In float64 nothing is more exact to look again whether roundings have led away.
        rounding = shift[:1].numel() * eps if images.dtype == torch.float64 else 2 * eps * radius
        radius = (radius - rounding).clamp(min=0)
        kept = share(shift.flatten(1) ** 2, room.flatten(1) ** 2, radius[:, None] ** 2)
        way = column(kept, images) * shift
        return held((images + way).clamp(0, 1), way, images, self.radius(images.double()))

    def random_start(self, images: Images, draws: Draws) -> Images:
        """Uniform in the ball, projected onto its part within the box."""
        direction = unit(draws.normal(*images.shape[1:]))
        length = draws.uniform(*[1] * (images.ndim - 1)) ** (1 / max(1, images[0:1].numel()))
        return self.project(images + _finite(self.eps) * length * direction, images)


class L1(ThreatModel):
    """The sum of all changes: Σ |adversarial - image| ≤ eps.

    Examples:
        >>> image = torch.tensor([[0.5, 0.5]])
        >>> L1(0.75).project(torch.tensor([[2.0, 0.75]]), image)
        tensor([[1.0000, 0.7500]])
    """

    def distance(self, adversarial: Images, images: Images) -> PerRow:
        """The sum of all changes."""
        return (adversarial - images).abs().flatten(1).sum(dim=1)

    def steepest(self, gradient: Images, point: Images) -> Images:
        """One step of one pixel: that of the largest slope."""
        flat = _with_room(gradient, point).flatten(1)
        return (flat.sign() * largest(flat.abs(), torch.ones_like(flat[:, :1]))).view_as(gradient)

    def ascend(self, point: Images, gradient: Images, length: float | Tensor) -> Images:
        """The highest point of a linear slope so far off within the box: the steepest pixels first.

        A step along `steepest` alone would end at a wall with most of its length unused.
        """
        room = torch.where(gradient > 0, 1 - point, point).flatten(1)
        most = torch.as_tensor(length, dtype=point.dtype, device=point.device).reshape(-1, 1)
        way = filled(gradient.flatten(1).abs(), room, most.expand(len(point), 1))
        return point + way.view_as(point) * gradient.sign()

    def project(self, points: Images, images: Images) -> Images:
        """The nearest point of ball ∩ box, exactly: all ways shortened by the same, as they fit."""
        there, here = points.double(), images.double()
        shift = there - here
        room = torch.where(shift > 0, 1 - here, here)
        rounding = shift[:1].numel() * torch.finfo(torch.float64).eps  # of all ways together
        radius = (self.radius(here)[:, None] - rounding).clamp(min=0)
        way = shrunk(shift.flatten(1).abs(), room.flatten(1), radius).view_as(shift)
        exact = (here + way * shift.sign()).clamp(0, 1)
        return inwards(exact.to(images), exact, images)

    def random_start(self, images: Images, draws: Draws) -> Images:
        """Uniform in the ball, projected onto its part within the box."""
        sizes = -(1 - draws.uniform(*images.shape[1:])).log()
        sizes = sizes / column(nonzero(sizes.flatten(1).sum(dim=1)), images)
        signs = torch.where(draws.uniform(*images.shape[1:]) < 0.5, -1, 1)
        length = draws.uniform(*[1] * (images.ndim - 1)) ** (1 / max(1, images[0:1].numel()))
        return self.project(images + _finite(self.eps) * length * signs * sizes, images)


class L0(ThreatModel):
    """The number of pixels that change, however far: #{adversarial ≠ image} ≤ eps.

    A pixel of [n, c, h, w] counts once, whichever of its channels change; of inputs of another
    shape each number counts. Half a pixel is none.

    Examples:
        >>> image = torch.zeros(1, 4)
        >>> L0(2).project(torch.tensor([[0.1, 0.5, -3.0, 0.2]]), image)
        tensor([[0.0000, 0.5000, 0.0000, 0.2000]])
    """

    def distance(self, adversarial: Images, images: Images) -> PerRow:
        """How many pixels have changed."""
        return _by_pixel((adversarial != images).to(images)).gt(0).to(images).sum(dim=1)

    def steepest(self, gradient: Images, point: Images) -> Images:
        """The gradient over its largest slope: no pixel goes further than from wall to wall."""
        flat = _with_room(gradient, point).flatten(1)
        return (flat / nonzero(flat.abs().amax(dim=1, keepdim=True))).view_as(gradient)

    @property
    def reach(self) -> float | Tensor:
        """From wall to wall, where any pixel may change: eps counts pixels, and is no length."""
        return self.eps.clamp(max=1) if isinstance(self.eps, Tensor) else min(self.eps, 1.0)

    def project(self, points: Images, images: Images) -> Images:
        """The nearest point of ball ∩ box, exactly: the pixels whose change brings it nearest."""
        inside = points.clamp(0, 1)
        gains = _by_pixel((points - images) ** 2 - (points - inside) ** 2)
        kept = largest(gains, self.radius(images)[:, None].floor())
        return torch.where(_over_channels(kept, images), inside, images)

    def random_start(self, images: Images, draws: Draws) -> Images:
        """As many pixels as may change, drawn at random, of any colour."""
        colours, chances = draws.uniform(*images.shape[1:]), draws.uniform(*_pixels(images))
        count = (self.radius(images).nan_to_num(posinf=0)[:, None]).floor()
        chosen = largest(chances.flatten(1), count)
        return torch.where(_over_channels(chosen, images), colours, images)


def _pixels(images: Images) -> tuple[int, ...]:
    """The shape of what counts as one, without the axis of channels."""
    return tuple(images.shape[2:] if images.ndim == 4 else images.shape[1:])


def _by_pixel(numbers: Tensor) -> Tensor:
    """[n, pixels]: the sum over the channels of each."""
    return (numbers.sum(dim=1) if numbers.ndim == 4 else numbers).flatten(1)


def _over_channels(chosen: Tensor, images: Images) -> Tensor:
    """What holds for a pixel, for all of its channels."""
    shaped = chosen.reshape(len(images), *_pixels(images))
    return shaped[:, None] if images.ndim == 4 else shaped


def _with_room(gradient: Tensor, point: Tensor) -> Tensor:
    """The gradient without the coordinates that already stand at the wall they would run into."""
    room = torch.where(gradient > 0, 1 - point, point)  # choosing among flags is ten times slower
    return torch.where(room <= 0, 0.0, gradient)


def _finite(eps: float | Tensor) -> float | Tensor:
    if isinstance(eps, Tensor):
        return eps.masked_fill(eps.isinf(), 0)
    return 0.0 if math.isinf(eps) else eps
