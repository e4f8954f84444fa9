"""What is attacked in a victim's stead, where the victim hides its slope.

What is found is then held against the victim itself: `model(result.adversarial)`.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from robustlib.types import Classifier


class Straight(nn.Module):
    """BPDA: a layer's own answer on the way forward, another one's slope on the way back.

    forward: layer(x); backward: the gradient of `slope` at x

    Args:
        layer: What hides its slope, as rounding does.
        slope: What has one and does nearly the same; None: nothing is done to x at all, which
            suits whatever gives back what it was given, or nearly.

    Examples:
        >>> point = torch.tensor([0.26], requires_grad=True)
        >>> rounded = Straight(lambda images: (10 * images).round() / 10)(point)
        >>> rounded.backward()
        >>> rounded.item(), point.grad.item()
        (0.30000001192092896, 1.0)

    Source: athalye2018obfuscated, section 4.1
    """

    def __init__(
        self, layer: Callable[[Tensor], Tensor], slope: Callable[[Tensor], Tensor] | None = None
    ) -> None:
        super().__init__()
        self.layer, self.slope = layer, slope
        self.training = getattr(layer, "training", False)

    def forward(self, images: Tensor) -> Tensor:
        """The layer's answer."""
        smooth = images if self.slope is None else self.slope(images)
        with torch.no_grad():
            told = self.layer(images)
        return told + (smooth - smooth.detach())  # zero, but for its slope


class Logits(nn.Module):
    """Logs of a model's probabilities: its logits, but for one constant an image.

    log softmax(z) = z - log Σ exp(z), and no attack here asks for the constant

    Args:
        model: It answers probabilities; what is less than a dtype's smallest number is lost.

    Examples:
        >>> sure = lambda images: torch.softmax(40 * images, dim=1)
        >>> image = torch.tensor([[1.0, 0.0, 0.5]])
        >>> (Logits(sure)(image) / 40).round(decimals=3) + 0.0
        tensor([[ 0.0000, -1.0000, -0.5000]])
    """

    def __init__(self, model: Classifier) -> None:
        super().__init__()
        self.model = model
        self.training = getattr(model, "training", False)

    def forward(self, images: Tensor) -> Tensor:
        """The logs."""
        probabilities = self.model(images)
        return probabilities.clamp(min=torch.finfo(probabilities.dtype).tiny).log()
