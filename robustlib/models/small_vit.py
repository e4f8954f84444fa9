"""A small vision transformer: patches that look at each other."""

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn
from torch.nn import functional

from robustlib.models._base import Normalise


def small_vit(
    *,
    in_channels: int = 3,
    classes: int = 10,
    patch: int = 4,
    width: int = 128,
    depth: int = 6,
    heads: int = 4,
    mean: tuple[float, ...] = (0.5,),
    std: tuple[float, ...] = (0.25,),
    seed: int = 0,
) -> nn.Module:
    """Patches as words, six layers of attention, and the mean of what comes out.

    With the defaults: 1.2 million parameters.

    Args:
        in_channels: 3 for RGB, 1 for grey.
        classes: how many logits.
        patch: pixels a side of a patch; a picture's sides are multiples of it.
        width: numbers that stand for a patch, a multiple of 4 and of the heads.
        depth: layers.
        heads: ways of looking in each layer.
        mean: what the normalisation layer subtracts, for each channel or one for all, in [0, 1].
        std: what it divides by, above 0.
        seed: of the initial weights.

    Returns:
        A module from images in [0, 1] to logits.

    Examples:
        >>> small_vit(classes=7, width=16, depth=1)(torch.zeros(2, 3, 32, 32)).shape
        torch.Size([2, 7])

    Source: dosovitskiy2021image, section 3.1; beyer2022better (sines for places, and the mean)

    Differences: the key of attention has no bias, which would change nothing: a softmax ignores
        what is added to all.
    """
    with torch.random.fork_rng(devices=[]):  # building layers draws numbers that we replace
        model = nn.Sequential(
            Normalise(list(mean), list(std)),
            _Patches(in_channels, width, patch),
            *(_Layer(width, heads) for _ in range(depth)),
            nn.LayerNorm(width),
            _Mean(),
            nn.Linear(width, classes),
        )
    return _initialised(model, seed)


class _Patches(nn.Module):
    """[n, c, h, w] to [n, patches, width], each told where it stands."""

    def __init__(self, channels: int, width: int, patch: int) -> None:
        super().__init__()
        self.embed = nn.Conv2d(channels, width, patch, patch)

    def forward(self, images: Float[Tensor, "n c h w"]) -> Float[Tensor, "n p d"]:
        """Every patch as a vector, with its place."""
        found = self.embed(images)
        places = _places(found.shape[2], found.shape[3], found.shape[1]).to(found)
        return found.flatten(2).transpose(1, 2) + places


def _places(height: int, width: int, size: int) -> Float[Tensor, "p d"]:
    """Sines and cosines of the line and the column of each patch."""
    rates = 10_000 ** -(torch.arange(size // 4) / max(size // 4 - 1, 1))
    lines, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    angles = [axis.reshape(-1, 1) * rates for axis in (lines, columns)]
    return torch.cat([wave(angle) for angle in angles for wave in (torch.sin, torch.cos)], dim=1)


class _Layer(nn.Module):
    """Attention, then two linear layers, each added to what came."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        self.looks = nn.Linear(width, 3 * width, bias=False)
        self.mixes = nn.Linear(width, width)
        self.thinks = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, words: Float[Tensor, "n p d"]) -> Float[Tensor, "n p d"]:
        """What each patch has learnt from the others."""
        words = words + self.mixes(self._attended(self.before(words)))
        return words + self.thinks(self.between(words))

    def _attended(self, words: Float[Tensor, "n p d"]) -> Float[Tensor, "n p d"]:
        count, patches, width = words.shape
        shape = (count, patches, 3, self.heads, width // self.heads)
        query, key, value = self.looks(words).view(shape).permute(2, 0, 3, 1, 4)
        found = functional.scaled_dot_product_attention(query, key, value)
        return found.transpose(1, 2).reshape(count, patches, width)


class _Mean(nn.Module):
    """The mean of all patches."""

    def forward(self, words: Float[Tensor, "n p d"]) -> Float[Tensor, "n d"]:
        """One vector a picture."""
        return words.mean(dim=1)


def _initialised(model: nn.Module, seed: int) -> nn.Module:
    generator = Generator().manual_seed(seed)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            nn.init.trunc_normal_(layer.weight, std=0.02, a=-0.04, b=0.04, generator=generator)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return model
