"""What the attacker may change: a ball around each image, within the box [0, 1]."""

import dataclasses
import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from numbers import Real

import torch
from jaxtyping import Float, Int
from torch import Tensor

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

    @abstractmethod
    def random_start(self, images: Images, draws: Draws) -> Images:
        """A uniform draw from the ball, projected; the image itself where eps is infinite."""

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
        column = self.eps.reshape(-1, *[1] * (images.ndim - 1)).to(images)
        return dataclasses.replace(self, eps=column)

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

    def project(self, points: Images, images: Images) -> Images:
        """Each pixel to the nearest allowed one: exact, for both sets are boxes."""
        return points.clamp(images - self.eps, images + self.eps).clamp(0, 1)

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
        return _unit(_with_room(gradient, point))

    def project(self, points: Images, images: Images) -> Images:
        """The nearest point of ball ∩ box, exactly.

        It is clip(image + t (point - image), 0, 1) for the largest t ≤ 1 within the ball.
        """
        shift = points - images
        room = torch.where(shift > 0, 1 - images, images)
        radius = self.radius(images) * (1 - 2 * torch.finfo(images.dtype).eps)  # rounding's share
        share = _share(shift.flatten(1) ** 2, room.flatten(1) ** 2, radius[:, None] ** 2)
        return (images + share.reshape(-1, *[1] * (images.ndim - 1)) * shift).clamp(0, 1)

    def random_start(self, images: Images, draws: Draws) -> Images:
        """Uniform in the ball, projected onto its part within the box."""
        direction = _unit(draws.normal(*images.shape[1:]))
        length = draws.uniform(*[1] * (images.ndim - 1)) ** (1 / max(1, images[0:1].numel()))
        return self.project(images + _finite(self.eps) * length * direction, images)


def _with_room(gradient: Tensor, point: Tensor) -> Tensor:
    """The gradient without the coordinates that already stand at the wall they would run into."""
    return gradient.masked_fill(torch.where(gradient > 0, point >= 1, point <= 0), 0)


def _unit(vectors: Tensor) -> Tensor:
    """Each row over its Euclidean length; zero rows stay zero."""
    flat = vectors.flatten(1)
    flat = flat / _nonzero(flat.abs().amax(dim=1, keepdim=True))  # else tiny ones square to zero
    return (flat / _nonzero(flat.norm(dim=1, keepdim=True))).view_as(vectors)


def _nonzero(divisor: Tensor) -> Tensor:
    return divisor.masked_fill(divisor == 0, 1)


def _finite(eps: float | Tensor) -> float | Tensor:
    if isinstance(eps, Tensor):
        return eps.masked_fill(eps.isinf(), 0)
    return 0.0 if math.isinf(eps) else eps


def _share(
    shift: Float[Tensor, "n d"], room: Float[Tensor, "n d"], radius: Float[Tensor, "n 1"]
) -> Float[Tensor, "n 1"]:
    """The t ≤ 1 with Σ min(t² shift², room²) = radius²; all arguments are squares already.

    The sum is concave and piecewise linear in t², so Newton's method from zero rises to the root
    without passing it and ends when the set of pixels at the wall no longer grows.
    """
    square = torch.zeros_like(radius)
    for _ in range(shift.shape[1] + 1):
        at_wall = square * shift >= room
        spent = torch.where(at_wall, room, 0).sum(dim=1, keepdim=True)
        slope = torch.where(at_wall, 0, shift).sum(dim=1, keepdim=True)
        root = ((radius - spent) / slope).nan_to_num(nan=1.0).clamp(max=1).maximum(square)
        if torch.equal(root, square):
            break
        square = root
    return square.sqrt()
