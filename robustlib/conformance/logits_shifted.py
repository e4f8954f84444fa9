"""A constant taken off all logits changes no answer, and should change no attack."""

import torch
from torch import Tensor, nn

from robustlib.conformance._base import Finding, Known, Subject, succeeded, wrong
from robustlib.conformance._nets import radius, small


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


def logits_shifted(subject: Subject) -> Finding:
    """As many pictures are broken with every logit a hundred lower."""
    return compared(subject, shift=-100)


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
