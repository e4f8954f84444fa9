"""The step along the last gradient is the one that succeeds: it is looked at, and handed over."""

import dataclasses

import torch
from torch import Tensor, nn

from robustlib._border import seeded
from robustlib.conformance._base import Finding, Known, Subject, hits
from robustlib.conformance._planes import linear
from robustlib.threats import L0


class Late(nn.Module):
    """A model's logits, the label's own far ahead until so many gradients have been taken.

    A constant on one logit changes no way up. A pass counts where its inputs carry gradients.

    Args:
        model: The model.
        ahead: How far: enough, and not so far that softmax rounds and hides the slope.
        held: For how many gradients class 0 stays ahead.
    """

    def __init__(self, model: nn.Module, ahead: float, held: float) -> None:
        super().__init__()
        self.model, self.ahead, self.held, self.seen = model, ahead, held, 0
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        """The logits."""
        self.seen += images.requires_grad
        logits: Tensor = self.model(images)
        before = self.seen - images.requires_grad  # a look without a gradient comes after all
        return logits + torch.tensor([self.ahead, 0.0]) if before < self.held else logits


def last_step(subject: Subject) -> Finding:
    """Two planes' distance is allowed, and no point is a success before the last gradient.

    The attack is run twice, alike: once to count its gradients, once to be late. One that takes a
    gradient and throws its step away has paid for nothing, and finds nothing.
    """
    planes = linear(walls=False)
    exact = planes.exact(subject.norm)
    eps = float(exact.max()) * (1 if subject.norm is L0 else 2)
    known = Known(planes.model, planes.images, planes.labels, exact)
    ahead = 4 * float(planes.model(planes.images).max())
    never = _run(subject, known, Late(planes.model, ahead, torch.inf), eps)[1]
    found, _ = _run(subject, known, Late(planes.model, ahead, never.seen), eps)
    count = int(hits(known, subject, found, eps).sum())
    return Finding(count == len(found), f"{count} of {len(found)} after {never.seen} gradients")


def _run(subject: Subject, known: Known, model: Late, eps: float) -> tuple[Tensor, Late]:
    with seeded():
        return subject.run(dataclasses.replace(known, model=model), eps), model
