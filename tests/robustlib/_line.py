"""A linear model of two classes, and how far each image is from turning into the other."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from robustlib.threats import L2, ThreatModel


@dataclass(frozen=True)
class Line:
    """The model, images that no wall is near, and the height of each above the boundary.

    Args:
        model: In eval mode; class 1 where the height is positive.
        images: [n, 1, 3, 4].
        height: w·x + b, [n]; half are positive.
        normal: w, the difference of the two classes' weights.
    """

    model: nn.Module
    images: Tensor
    height: Tensor
    normal: Tensor

    def reach(self, threat: ThreatModel) -> float:
        """How much height the threat model can take: eps times the dual norm of w."""
        return float(threat.eps * self.normal.norm(p=2 if isinstance(threat, L2) else 1))


def line(count: int, generator: torch.Generator) -> Line:
    """A drawn one; whoever passes the generator may go on drawing from it."""
    layer = nn.Linear(12, 2)
    images = torch.rand(count, 1, 3, 4, generator=generator) * 0.4 + 0.3
    with torch.no_grad():
        layer.weight.normal_(generator=generator)
        layer.bias.zero_()
        normal = layer.weight[1] - layer.weight[0]
        height = images.flatten(1) @ normal
        layer.bias[1] = 0.01 - height.median()  # both classes
    return Line(
        nn.Sequential(nn.Flatten(), layer).eval(), images, height + layer.bias[1].item(), normal
    )
