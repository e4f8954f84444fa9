"""Nearest and farthest points where a ball meets the box, coordinate by coordinate.

All arguments but `column`'s are flat, a row an image. `room` says how far each coordinate may go
before it stands at the wall of the box.
"""

import torch
from jaxtyping import Float
from torch import Tensor

Flat = Float[Tensor, "n d"]
Column = Float[Tensor, "n 1"]


def column(numbers: Tensor, images: Tensor) -> Tensor:
    """One number a row [n], shaped to go with images [n, ...]."""
    return numbers.reshape(-1, *[1] * (images.ndim - 1))


def share(shift: Flat, room: Flat, radius: Column) -> Column:
    """The t ≤ 1 with Σ min(t² shift², room²) = radius²: how far the L2 ball lets a shift go.

    Args:
        shift: The squares of the way.
        room: The squares of the room on it.
        radius: The square of the radius.
    """
    return level(shift, room, radius).clamp(max=1).sqrt()


def level(slopes: Flat, walls: Flat, total: Column) -> Column:
    """The smallest t ≥ 0 with Σ min(t slopes, walls) = total; inf where the walls sum to less.

    Args:
        slopes: How fast each grows with t, ≥ 0.
        walls: Where each stops growing, ≥ 0.
        total: What they sum to, ≥ 0.

    The sum is concave and piecewise linear in t, so Newton's method from zero rises to the root
    without passing it and ends when the set of those at their wall no longer grows.
    """
    found = torch.zeros_like(total)
    for _ in range(slopes.shape[1] + 1):
        at_wall = found * slopes >= walls
        spent = torch.where(at_wall, walls, 0).sum(dim=1, keepdim=True)
        slope = torch.where(at_wall, 0, slopes).sum(dim=1, keepdim=True)
        root = ((total - spent) / slope).nan_to_num(nan=torch.inf, posinf=torch.inf)
        root = root.maximum(found)
        if torch.equal(root, found):
            break
        found = root
    return found


def shrunk(sizes: Flat, room: Flat, radius: Column) -> Flat:
    """The nearest lengths to some, each within its room, that sum to a radius at most.

    They are min(max(sizes - t, 0), room) for the smallest t ≥ 0 that fits: each size and each room
    falls with t along a straight line from one breakpoint to another, so their sum is piecewise
    linear, and t is found on the one piece where the sum passes the radius.

    Args:
        sizes: Lengths of the way, ≥ 0.
        room: The most that each may be, ≥ 0.
        radius: What they may sum to, ≥ 0.
    """
    whole = torch.minimum(sizes, room)
    total = whole.sum(dim=1, keepdim=True)
    begins = (sizes - room).clamp(min=0)  # here it starts to fall, at its size it has vanished
    breaks, order = torch.cat([begins, sizes], dim=1).sort(dim=1)
    slopes = torch.cat([-torch.ones_like(sizes), torch.ones_like(sizes)], dim=1)
    slopes = slopes.gather(1, order).cumsum(dim=1)
    falls = torch.cat([torch.zeros_like(total), slopes[:, :-1] * breaks.diff(dim=1)], dim=1)
    sums = total + falls.cumsum(dim=1)
    piece = (sums > radius).sum(dim=1, keepdim=True).sub(1).clamp(min=0)  # the last that is above
    above, slope = sums.gather(1, piece), slopes.gather(1, piece)
    cut = breaks.gather(1, piece) + ((radius - above) / slope).nan_to_num(nan=0.0, posinf=0.0)
    found = torch.minimum((sizes - cut).clamp(min=0), room)
    found = torch.where(radius > 0, found, 0)
    return torch.where(total <= radius, whole, found)


def filled(gains: Flat, room: Flat, length: Column) -> Flat:
    """How far each coordinate goes when the steepest are used up first: a fractional knapsack.

    Args:
        gains: What each is worth per unit of way, ≥ 0; nothing is spent on zeros.
        room: How far each may go, ≥ 0.
        length: What may be gone in all, ≥ 0.
    """
    order = gains.argsort(dim=1, descending=True, stable=True)
    wanted = room.masked_fill(gains <= 0, 0).gather(1, order)
    before = wanted.cumsum(dim=1) - wanted
    taken = torch.minimum(wanted, (length - before).clamp(min=0))
    return torch.zeros_like(room).scatter(1, order, taken)


def largest(values: Flat, count: Column) -> Tensor:
    """Marks so many of each row's largest values, the first ones among equals."""
    order = values.argsort(dim=1, descending=True, stable=True)
    place = torch.arange(values.shape[1], device=values.device).expand_as(order)
    return torch.zeros_like(order).scatter(1, order, place) < count


def inwards(points: Tensor, exact: Tensor, images: Tensor) -> Tensor:
    """Rounded points moved by one number towards their images where rounding has led away.

    A sum of many roundings would leave a ball that the exact points stay in.

    Args:
        points: What was rounded to the images' type.
        exact: The same in float64.
        images: Where the ball is.
    """
    far = (points.double() - images.double()).abs() > (exact - images.double()).abs()
    return torch.where(far, torch.nextafter(points, images), points)


def held(points: Tensor, way: Tensor, images: Tensor, radius: Float[Tensor, " n"]) -> Tensor:
    """Points of an L2 ball, rounded inwards where their roundings add up to more than its radius.

    They do where a way is half of one between floating-point numbers: every tie is then broken to
    the same side.

    Args:
        points: The image and the way together, rounded; those that are too far are changed.
        way: From the image.
        images: Where the ball is.
        radius: In double precision; a difference's own rounding is kept back of it.
    """
    change = (points - images).flatten(1)
    length = torch.linalg.vector_norm(change, dim=1, dtype=torch.float64)
    rows = (length > radius * (1 - torch.finfo(points.dtype).eps)).nonzero().squeeze(1)
    if len(rows):
        here = images[rows]
        points[rows] = inwards(points[rows], here.double() + way[rows].double(), here)
    return points


def unit(vectors: Tensor) -> Tensor:
    """Each row over its Euclidean length; zero rows stay zero."""
    flat = vectors.flatten(1)
    flat = flat / nonzero(flat.abs().amax(dim=1, keepdim=True))  # else tiny ones square to zero
    return (flat / nonzero(flat.norm(dim=1, keepdim=True))).view_as(vectors)


def nonzero(divisor: Tensor) -> Tensor:
    """A divisor with ones for zeros."""
    return divisor.masked_fill(divisor == 0, 1)
