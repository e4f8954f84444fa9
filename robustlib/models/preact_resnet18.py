"""The residual network with 18 layers that robustness papers train on CIFAR-10."""

import itertools

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from robustlib.models._base import Normalise, initialised


def preact_resnet18(
    *,
    in_channels: int = 3,
    classes: int = 10,
    width: int = 64,
    mean: tuple[float, ...] = (0.4914, 0.4822, 0.4465),
    std: tuple[float, ...] = (0.2471, 0.2435, 0.2616),
    seed: int = 0,
) -> nn.Module:
    """Four stages of two residual blocks, each normalised and rectified before its convolutions.

    With width 64: 11.2 million parameters and 560 million multiply-adds on a picture of 32 x 32;
    width 16 has a sixteenth of both.

    Args:
        in_channels: 3 for RGB, 1 for grey.
        classes: how many logits.
        width: channels of the first stage; the others have 2, 4 and 8 times as many.
        mean: what the normalisation layer subtracts, for each channel or one for all, in [0, 1];
            by default CIFAR-10's. For other channels than three their mean is taken.
        std: what it divides by, above 0.
        seed: of the initial weights.

    Returns:
        A module from images in [0, 1], 8 pixels a side or more, to logits.

    Examples:
        >>> preact_resnet18(classes=7, width=4)(torch.zeros(2, 3, 32, 32)).shape
        torch.Size([2, 7])

    Source: he2016identity, section 3, figure 1(b)

    Differences: the first convolution has 3 x 3 weights and no pooling behind it, as the paper
        has it for CIFAR's small pictures; the last features are averaged over whatever is left.
    """
    channels = [width, width, 2 * width, 4 * width, 8 * width]
    with torch.random.fork_rng(devices=[]):  # building layers draws numbers that we replace
        blocks = [
            block
            for stage, (inputs, outputs) in enumerate(itertools.pairwise(channels))
            for block in (
                _Block(inputs, outputs, stride=1 if stage == 0 else 2),
                _Block(outputs, outputs, stride=1),
            )
        ]
        model = nn.Sequential(
            Normalise(_each(mean, in_channels), _each(std, in_channels)),
            nn.Conv2d(in_channels, width, 3, padding=1, bias=False),
            *blocks,
            nn.BatchNorm2d(8 * width),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(8 * width, classes),
        )
    return initialised(model, seed)


def _each(numbers: tuple[float, ...], channels: int) -> list[float]:
    """As many numbers as channels: those given, or their mean for all."""
    return [*numbers] if len(numbers) in (1, channels) else [sum(numbers) / len(numbers)]


class _Block(nn.Module):
    """x + conv(act(conv(act(x)))), where act normalises and rectifies."""

    def __init__(self, inputs: int, outputs: int, *, stride: int) -> None:
        super().__init__()
        self.before = nn.BatchNorm2d(inputs)
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.between = nn.BatchNorm2d(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        same = stride == 1 and inputs == outputs
        self.aside = None if same else nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, images: Float[Tensor, "n c h w"]) -> Float[Tensor, "n d h2 w2"]:
        """The block's own change, added to what came."""
        active = functional.relu(self.before(images))
        aside = images if self.aside is None else self.aside(active)
        change: Tensor = self.second(functional.relu(self.between(self.first(active))))
        return change + aside
