"""A sign by the road: a plate seen from where one happens to stand, in whatever light there is."""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from robustlib._border import check_range
from robustlib._motions import Motion, middles, mixed
from robustlib.draws import Draws
from robustlib.scenes._base import check_textures
from robustlib.types import Images, PerRow

_TOE = 0.05
"""Added before the power: a curve that is steep at black, but not endlessly."""

_ALONG = 1e-9
"""Of the middle's nearness: at the horizon one looks along the plate, and divides by no less."""


def sign(
    textures: Images,
    draws: Draws,
    *,
    turn: float = 10.0,
    zoom: float = 0.2,
    shift: float = 0.1,
    tilt: float = 0.1,
    gain: float = 0.3,
    bias: float = 0.1,
    gamma: float = 0.2,
    ground: float = 0.5,
) -> Images:
    """Shows a flat plate from a random side, turned, near or far, in random light.

    picture = clip(gain_c · curve(seen) + bias_c, 0, 1), with
    curve(x) = ((x + 0.05)^g - 0.05^g) / (1.05^g - 0.05^g), and seen the texture in perspective,
    each of its corners moved by itself, and then turned, zoomed and shifted. All of these numbers
    are drawn for each row, evenly within their limits (zoom and g by their logarithms); each
    channel has its own gain and bias.

    Args:
        textures: [n, c, h, w] in [0, 1].
        draws: The rows' random streams.
        turn: The farthest, either way, in degrees, in [0, 180].
        zoom: How much larger or smaller at most, a factor of 1 + zoom, in [0, 10].
        shift: The farthest, each way, as a share of the picture's side, in [0, 1].
        tilt: How far each corner moves in each direction, as a share of half the side, in
            [0, 0.5).
        gain: How much brighter or darker at most, as a share, in [0, 1].
        bias: How much light is added or lacking at most, in [0, 1].
        gamma: The largest |log g|, in [0, 2].
        ground: What is seen beside the plate, in [0, 1].

    Returns:
        Pictures of the textures' shape.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> still = {"turn": 0, "zoom": 0, "shift": 0, "tilt": 0, "gamma": 0}
        >>> seen = sign(torch.full((1, 1, 2, 2), 0.5), Draws(0, [0]), **still, gain=0.1, bias=0)
        >>> bool((0.45 <= seen.min()) and (seen.max() <= 0.55))
        True

    Source: eykholt2018robust, section 3.2

    Differences: the paper draws photographs of the sign, and synthetic changes of them, of which
        these are; a printer's range of colours is not here.
    """
    check_textures(textures, draws)
    check_range("[0, 180]", turn=turn)
    check_range("[0, 10]", zoom=zoom)
    check_range("[0, 1]", shift=shift, gain=gain, bias=bias, ground=ground)
    check_range("[0, 0.5)", tilt=tilt)
    check_range("[0, 2]", gamma=gamma)
    channels, height, width = textures.shape[1:]
    drawn = 2 * draws.uniform(13 + 2 * channels).to(textures.device, torch.float64) - 1
    motion = Motion(
        turn * drawn[:, 0],
        (math.log1p(zoom) * drawn[:, 1]).exp(),
        shift * width * drawn[:, 2],
        shift * height * drawn[:, 3],
    )
    across, down = motion.back.of(*middles(textures))
    corners = tilt * drawn[:, 4:12].view(-1, 4, 2)
    across, down = flat(across * 2 / width, down * 2 / height, corners)
    seen = _beside(textures, across * width / 2, down * height / 2, ground)
    bent = _curve(seen, (gamma * drawn[:, 12]).exp())
    gains, biases = drawn[:, 13:].to(seen).view(-1, 2, channels, 1, 1).unbind(1)
    return ((1 + gain * gains) * bent + bias * biases).clamp(0, 1)


def flat(
    across: Float[Tensor, "n h w"], down: Float[Tensor, "n h w"], moves: Float[Tensor, "n 4 2"]
) -> tuple[Tensor, Tensor]:
    """Where on the plate one looks, in half sides from its middle, if its corners have moved.

    (u, v) = ((a x + b y + c) / k, (d x + e y + f) / k) with k = g x + h y + 1, the one such map
    that brings the four moved corners back.

    Args:
        across: Places of the picture, in half sides to the right of its middle.
        down: The same, downwards.
        moves: Of the corners: those on the left, from above, and then those on the right.

    Returns:
        The places on the plate, or outside of it; beyond the horizon, too, they are outside.
    """
    plain = moves.new_tensor([[-1, -1], [-1, 1], [1, -1], [1, 1]]).expand_as(moves)
    (x, y), (u, v) = (plain + moves).unbind(2), plain.unbind(2)
    one, none = torch.ones_like(x), torch.zeros_like(x)
    upper = torch.stack([x, y, one, none, none, none, -x * u, -y * u], dim=2)
    lower = torch.stack([none, none, none, x, y, one, -x * v, -y * v], dim=2)
    sides = torch.cat([upper, lower], dim=1), torch.cat([u, v], dim=1)
    a, b, c, d, e, f, g, h = torch.linalg.solve(*sides)[:, :, None, None].unbind(1)
    near = g * across + h * down + 1
    near = near.masked_fill(near.abs() < _ALONG, _ALONG)
    return (a * across + b * down + c) / near, (d * across + e * down + f) / near


def _beside(textures: Images, across: Tensor, down: Tensor, ground: float) -> Images:
    """The plate, and where it does not reach, the ground."""
    covered = mixed(torch.ones_like(textures[:, :1]), across, down)
    return mixed(textures, across, down) + (1 - covered) * ground


def _curve(pictures: Images, power: PerRow) -> Images:
    """From 0 to 0 and from 1 to 1; below 0 it is even."""
    power = power.view(-1, 1, 1, 1)
    low, high = _TOE**power, (1 + _TOE) ** power
    return ((pictures.clamp(min=0) + _TOE) ** power - low).div(high - low).to(pictures.dtype)
