"""Four classes of a linear model, with most pixels at 0 or 1: the nearest class is not the next."""

from torch import nn

from robustlib.conformance._base import Finding, Known, Subject, held_against
from robustlib.conformance._planes import many


def classes_at_walls(subject: Subject) -> Finding:
    """The nearest of three planes, each as far as the box lets one go.

    Half is asked of a single attack: untargeted ones go where the loss rises now.
    """
    planes = many(subject.norm, 1.8)
    model = nn.Sequential(nn.Flatten(), planes.model).eval()
    exact = planes.exact(subject.norm).amin(dim=1)
    known = Known(model, planes.images.view(-1, 1, 3, 4), planes.labels, exact)
    return held_against(known, subject, alone=0.5)
