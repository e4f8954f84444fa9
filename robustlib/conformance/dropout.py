"""Functional dropout in front of the net, which eval mode does not stop."""

from torch import Tensor
from torch.nn import functional

from robustlib.conformance._base import Finding, Subject
from robustlib.conformance._defences import chanced

SHARE = 0.05


def dropout(subject: Subject) -> Finding:
    """As many pictures are broken, by most answers, as without it."""
    return chanced(subject, dropped)


def dropped(images: Tensor) -> Tensor:
    """A twentieth of all pixels at zero, the rest as much brighter, whatever the model's mode."""
    return functional.dropout(images, SHARE, training=True)
