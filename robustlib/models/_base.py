"""What every model here promises: images in [0, 1] to logits, normalisation inside."""

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn


class Normalise(nn.Module):
    """Subtracts a mean and divides by a standard deviation, channel by channel.

    It is a layer, so that attacks and users speak of pixels in [0, 1] and of nothing else. Its
    numbers are the model's architecture, not its weights: they are not saved.

    Args:
        mean: one number per channel, or one for all.
        std: the same, above 0.

    Examples:
        >>> Normalise([0.5], [0.25])(torch.ones(1, 1, 1, 1)).item()
        2.0
    """

    mean: Tensor
    std: Tensor

    def __init__(self, mean: list[float], std: list[float]) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean).view(-1, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(-1, 1, 1), persistent=False)

    def forward(self, images: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
        """Centred and scaled images."""
        return (images - self.mean) / self.std


def initialised(model: nn.Module, seed: int) -> nn.Module:
    """The model with the initial weights of a seed, drawn layer by layer in their order.

    Args:
        model: of convolutions and linear layers; what else it has keeps its own weights.
        seed: of the weights.

    Source: he2015delving, section 2.2
    """
    generator = Generator().manual_seed(seed)
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
        if isinstance(layer, nn.Linear):
            nn.init.xavier_normal_(layer.weight, generator=generator)
            nn.init.zeros_(layer.bias)
    return model
