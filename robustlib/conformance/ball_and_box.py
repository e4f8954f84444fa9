"""What comes back lies in the box, and in the ball where there is one."""

import torch

from robustlib.conformance._base import Finding, Subject, far
from robustlib.conformance._nets import RADIUS, radius, small


def ball_and_box(subject: Subject) -> Finding:
    """To one unit in the last place of float32, also for pictures on which the attack fails."""
    known = small()
    adversarial = subject.run(known, radius(subject))
    if adversarial.shape != known.images.shape or not bool(adversarial.isfinite().all()):
        return Finding(False, "not all are finite pictures of the shape that was given")
    outside = float((adversarial - adversarial.clamp(0, 1)).abs().max())
    if outside:
        return Finding(False, f"{outside:.2g} outside the box")
    eps = RADIUS[subject.norm]
    over = float(far(adversarial, known, subject).max()) / eps - 1
    kept = subject.minimal or over <= torch.finfo(torch.float32).eps
    return Finding(kept, "in both" if kept else f"{over:.2g} of eps outside the ball")
