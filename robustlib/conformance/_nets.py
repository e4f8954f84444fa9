"""Small seeded nets: nothing is known of their nearest adversarial examples, much of manners."""

import torch
from torch import Tensor, nn

from robustlib.conformance._base import Finding, Known, Subject, succeeded, wrong
from robustlib.threats import L0, L1, L2, Linf

RADIUS = {Linf: 0.06, L2: 0.4, L1: 1.5, L0: 1.0}
"""Of a small net's pictures some withstand it, and some do not."""


def small(classes: int = 4) -> Known:
    """Twelve pictures of two channels with many pixels at 0 and 1, and a net with BatchNorm."""
    generator = torch.Generator().manual_seed(3)
    model = nn.Sequential(
        nn.Conv2d(2, 6, 3, padding=1),
        nn.BatchNorm2d(6),
        nn.SiLU(),
        nn.Flatten(),
        nn.Linear(216, classes),
    )
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point():
            drawn = torch.randn(tensor.shape, generator=generator) * 0.4
            tensor.copy_(drawn.abs() + 0.5 if name.endswith("var") else drawn)
    images = (torch.rand(12, 2, 6, 6, generator=generator) * 1.4 - 0.2).clamp(0, 1)
    return of(model.eval(), images)


def of(model: nn.Module, images: Tensor) -> Known:
    """A model and pictures, labelled by its own answers."""
    with torch.no_grad():
        labels = model(images).argmax(dim=1)
    return Known(model, images, labels, torch.full((len(images),), torch.nan))


def radius(subject: Subject) -> float:
    """The radius at which a small net is attacked."""
    return torch.inf if subject.minimal else RADIUS[subject.norm]


class Affine(nn.Module):
    """Another model's logits, scaled and shifted."""

    def __init__(self, model: nn.Module, scale: float = 1, shift: float = 0) -> None:
        super().__init__()
        self.model, self.scale, self.shift = model, scale, shift
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        """Its logits, scaled and shifted."""
        logits: Tensor = self.model(images) * self.scale + self.shift
        return logits


def compared(subject: Subject, **change: float) -> Finding:
    """How many pictures of the small net are broken, and how many of the changed one.

    Args:
        subject: The attack.
        change: `scale` or `shift` of all logits.
    """
    known = small()
    other = Known(Affine(known.model, **change), known.images, known.labels, known.exact)
    plain, changed = (broken(each, subject) for each in (known, other))
    return Finding(changed >= plain, f"{changed} broken, {plain} as they were")


def broken(known: Known, subject: Subject) -> int:
    """How many pictures have another answer, within the radius if there is one."""
    eps = radius(subject)
    if eps < torch.inf:
        return int(succeeded(known, subject, eps).sum())
    return int(wrong(known, subject.run(known, eps)).sum())
