"""What every attack promises."""

import torch

from robustlib.errors import ThreatError
from robustlib.threats import ThreatModel


def bounded(threat: ThreatModel) -> ThreatModel:
    """The threat model itself, where it has a radius.

    Raises:
        ThreatError: If a radius is infinite.
    """
    if bool(torch.as_tensor(threat.eps).isinf().any()):
        raise ThreatError("this attack searches within a ball: give it a finite eps")
    return threat
