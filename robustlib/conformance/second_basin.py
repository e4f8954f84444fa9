"""Two ways out of a class: the slope at the picture leads to the farther one.

One pixel of four counts, and t is how far it has gone up. The margin falls slowly as t falls, to
zero at t = -0.4; as t rises it rises too, over a ridge at t = 0.02, and then falls to zero at 0.2:
m(t) = t + 0.4 - 10/3 max(0, t - 0.02). In L0 both ways are one pixel long.
"""

import torch
from torch import Tensor, nn

from robustlib.conformance._base import Finding, Known, Subject, far, succeeded, wrong
from robustlib.questions import Access
from robustlib.threats import L0

RIDGE, NEAR, FAR = 0.02, 0.2, 0.4
STEEP = (RIDGE + FAR) / (NEAR - RIDGE) + 1
POINTS = 8


class Ridge(nn.Module):
    """Logits (m(t), 0), with t the first pixel less one half."""

    def forward(self, images: Tensor) -> Tensor:
        """Class 0 between the two ways out."""
        risen = images.flatten(1)[:, 0] - 0.5
        margin = risen + FAR - STEEP * (risen - RIDGE).relu()
        return torch.stack([margin, torch.zeros_like(margin)], dim=1)


def second_basin(subject: Subject) -> Finding:
    """A single attack gets out by the way that its slope shows, one of several by the nearer one.

    The nearer way is to be found for three quarters, with half as much again to spare: from a
    random start in the ball it is seen as often as not. None gets out where that is too long.
    """
    known, farther = planted(subject)
    longest = known.exact if subject.whole else farther
    return (_nearest if subject.minimal else _reached)(subject, known, longest)


def planted(subject: Subject) -> tuple[Known, Tensor]:
    """Pictures on the near side of the ridge, and how long the farther way of each is."""
    generator = torch.Generator().manual_seed(2)
    images = torch.rand(POINTS, 1, 2, 2, generator=generator)
    risen = torch.linspace(-RIDGE, 0.8 * RIDGE, POINTS)
    images[:, 0, 0, 0] = 0.5 + risen
    near, far = (NEAR - risen).double(), (FAR + risen).double()
    if subject.norm is L0:
        near, far = torch.ones_like(near), torch.ones_like(far)
    labels = torch.zeros(POINTS, dtype=torch.int64)
    return Known(Ridge().eval(), images, labels, near), far


def _reached(subject: Subject, known: Known, longest: Tensor) -> Finding:
    spare = 1.0 if subject.norm is L0 else 1.5 if subject.whole else 1.02
    enough = float(longest.max()) * spare
    found = int(succeeded(known, subject, enough).sum())
    less = 0.75 if subject.whole else 1.0 if subject.access is Access.WHITE_BOX else 0.9
    lies = 0
    if subject.norm is not L0:  # where less than one pixel is no pixel
        lies = int(succeeded(known, subject, float(known.exact.min()) * 0.98).sum())
    told = f"{found} of {POINTS}" + (f", {lies} beyond reach" if lies else "")
    return Finding(found >= less * POINTS and not lies, told)


def _nearest(subject: Subject, known: Known, longest: Tensor) -> Finding:
    adversarial = subject.run(known, torch.inf)
    fooled, distance = wrong(known, adversarial), far(adversarial, known, subject)
    most = 1.01 if subject.access is Access.WHITE_BOX else 1.5
    found = int((fooled & (distance <= most * longest)).sum())
    below = int((fooled & (distance < known.exact * (1 - 1e-5))).sum())
    nearer = int((fooled & (distance <= most * known.exact)).sum())
    told = f"{found} of {POINTS} got out, {nearer} by the nearer way"
    return Finding(found == POINTS and not below, told)
