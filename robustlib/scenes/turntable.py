"""A cylinder on a turntable: the texture is wrapped around it."""

import math

import torch
from torch import Tensor

from robustlib._border import check_range
from robustlib.draws import Draws
from robustlib.scenes._base import check_textures
from robustlib.types import Images


def turntable(
    textures: Images,
    draws: Draws,
    *,
    turn: float = 180.0,
    towards: float = 0.0,
    width: float = 1.0,
    shade: float = 0.0,
    ground: float = 0.0,
) -> Images:
    """Shows a cylinder with the texture around it, turned at random about its axis.

    What lies at angle a from the texture's middle, to the right, is seen at angle b = a + turned,
    at R sin b to the right of the picture's middle, if it is in front: cos b > 0. It is as bright
    as 1 - shade · (1 - cos b).

    The eye is level and far away, so rows stay rows. A place is mixed from the two columns of the
    texture around it; the last is the first one's neighbour.

    Args:
        textures: [n, c, h, w] in [0, 1]. Its columns go around once.
        draws: The rows' random streams.
        turn: The farthest either way from `towards`, uniformly, in degrees, in [0, 180].
        towards: The turn to which a side is turned in the middle of these, in degrees.
        width: The cylinder's, as a share of the picture's, in (0, 1]: 2 R.
        shade: What a place that faces sideways lacks of the light, in [0, 1].
        ground: What is seen beside the cylinder, in [0, 1].

    Returns:
        Pictures of the textures' shape.

    Raises:
        InputError: If an argument is not what it should be.

    Examples:
        >>> stripes = (torch.arange(8) / 8).expand(1, 1, 2, 8)
        >>> turntable(stripes, Draws(0, [0]), turn=0, width=0.75)[0, 0, 0].mul(100).round().tolist()
        [0.0, 28.0, 35.0, 41.0, 46.0, 52.0, 59.0, 0.0]

    Source: athalye2018synthesizing, section 2.2

    Differences: a cylinder, seen from afar, in place of models of any shape in perspective; what
        is random is its turn alone: light, colours and distance are not.
    """
    check_textures(textures, draws)
    check_range("[0, 180]", turn=turn)
    check_range("[-360, 360]", towards=towards)
    check_range("(0, 1]", width=width)
    check_range("[0, 1]", shade=shade, ground=ground)
    chance = 2 * draws.uniform(1).to(textures.device, torch.float64) - 1
    turned = torch.deg2rad(towards + turn * chance)
    size = textures.shape[3]
    across = torch.arange(size, dtype=torch.float64, device=textures.device) - (size - 1) / 2
    sine = across / (width * size / 2)
    inside = sine.abs() <= 1
    facing = sine.clamp(-1, 1).asin()
    light = 1 - shade * (1 - facing.cos())
    seen = _columns(textures, (size - 1) / 2 + size * (facing - turned) / math.tau)
    return torch.where(inside, seen * light.to(textures), ground)


def _columns(textures: Images, places: Tensor) -> Images:
    """The texture at places between its columns [n, w], which go around."""
    first = places.floor()
    share = (places - first)[:, None, None, :].to(textures)
    return (1 - share) * _column(textures, first) + share * _column(textures, first + 1)


def _column(textures: Images, numbers: Tensor) -> Images:
    numbers = numbers.long().remainder(textures.shape[3])
    return textures.gather(3, numbers[:, None, None, :].expand_as(textures))
