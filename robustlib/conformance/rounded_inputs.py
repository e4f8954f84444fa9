"""A layer in front of the net that rounds every picture to 64 levels."""

from torch import Tensor

from robustlib.conformance._base import Finding, Subject
from robustlib.conformance._defences import SLOPE, hidden

LEVELS = 64


def rounded_inputs(subject: Subject) -> Finding:
    """As many pictures are broken as without it: rounding has no slope, nothing else."""
    return hidden(subject, SLOPE, before=rounded)


def rounded(images: Tensor) -> Tensor:
    """To the nearest level."""
    return (images * (LEVELS - 1)).round() / (LEVELS - 1)
