"""A softmax behind logits so far apart that it rounds to 0 and 1."""

from torch import Tensor

from robustlib.conformance._base import Finding, Subject
from robustlib.conformance._defences import SOFTMAX, hidden

SHARPENED = 55
"""Of the next class no probability is too small for float32: its log is a logit still."""


def softmax_outputs(subject: Subject) -> Finding:
    """As many pictures are broken as by logits: the logs of probabilities still are some."""
    return hidden(subject, SOFTMAX, after=sure)


def sure(logits: Tensor) -> Tensor:
    """Probabilities, many of which are 0 and 1 in float32 but for a trace."""
    return (SHARPENED * logits).softmax(dim=1)
