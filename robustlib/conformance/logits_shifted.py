"""A constant taken off all logits changes no answer, and should change no attack."""

from robustlib.conformance._base import Finding, Subject
from robustlib.conformance._nets import compared


def logits_shifted(subject: Subject) -> Finding:
    """As many pictures are broken with every logit a hundred lower."""
    return compared(subject, shift=-100)
