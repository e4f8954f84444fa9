"""A layer in front of the net that adds noise to every picture, anew each time."""

import torch
from torch import Tensor

from robustlib.conformance._base import Finding, Subject
from robustlib.conformance._defences import chanced

SPREAD = 0.1


def noise(subject: Subject) -> Finding:
    """As many pictures are broken, by most answers, as without it: a mean of gradients leads on."""
    return chanced(subject, added)


def added(images: Tensor) -> Tensor:
    """Normal numbers of the global generator."""
    return images + SPREAD * torch.randn_like(images)
