"""Functional dropout in front of the net, which eval mode does not stop."""

from torch import Tensor
from torch.nn import functional

from robustlib.conformance._base import Finding, Subject
from robustlib.conformance._defences import chanced

SHARE = 0.05


def dropout(subject: Subject) -> Finding | None:
    """As many pictures are broken, by most answers, as without it."""
    return chanced(subject, dropped)


def dropped(images: Tensor) -> Tensor:
    """A tenth of all pixels at zero, whatever mode the model is in."""
    return functional.dropout(images, SHARE, training=True)
