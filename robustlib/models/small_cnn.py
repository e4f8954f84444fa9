"""A small convolutional network with batch normalisation, for two CPU cores."""

import torch
from torch import nn

from robustlib.models._base import Normalise, initialised


def small_cnn(
    *,
    in_channels: int = 3,
    classes: int = 10,
    width: int = 32,
    mean: tuple[float, ...] = (0.5,),
    std: tuple[float, ...] = (0.25,),
    seed: int = 0,
) -> nn.Module:
    """Five convolutions with batch normalisation, then one linear layer.

    With width 32: 312,000 parameters and 8 million multiply-adds on a picture of 32 x 32. The
    first layer halves the picture at once, which is what makes it fast on a CPU.

    Args:
        in_channels: 3 for RGB, 1 for grey.
        classes: how many logits.
        width: channels of the first layer; the others have 2 and 4 times as many.
        mean: what the normalisation layer subtracts, for each channel or one for all, in [0, 1].
        std: what it divides by, above 0.
        seed: of the initial weights.

    Returns:
        A module from images in [0, 1], 25 pixels a side or more, to logits.

    Examples:
        >>> small_cnn(classes=7, width=4)(torch.zeros(2, 3, 32, 32)).shape
        torch.Size([2, 7])

    Source: he2015delving, section 2.2 (initial weights)
    """
    with torch.random.fork_rng(devices=[]):  # building layers draws numbers that we replace
        model = nn.Sequential(
            Normalise(list(mean), list(std)),
            *_block(in_channels, width, stride=2, size=5),
            *_block(width, 2 * width, stride=2),
            *_block(2 * width, 2 * width),
            *_block(2 * width, 4 * width, stride=2),
            *_block(4 * width, 4 * width),
            nn.AdaptiveAvgPool2d(4),
            nn.Flatten(),
            nn.Linear(4 * width * 16, classes),
        )
    return initialised(model, seed)


def _block(inputs: int, outputs: int, *, stride: int = 1, size: int = 3) -> list[nn.Module]:
    convolution = nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)
    return [convolution, nn.BatchNorm2d(outputs), nn.ReLU()]
