"""Two classes on two sides of a plane, with most pixels at 0 or 1 already."""

from robustlib.conformance._base import Finding, Known, Subject, held_against
from robustlib.conformance._planes import linear


def planes_at_walls(subject: Subject) -> Finding:
    """Each pixel goes as far as its wall: the steepest first in L1, all alike in Linf."""
    planes = linear(walls=True)
    return held_against(
        Known(planes.model, planes.images, planes.labels, planes.exact(subject.norm)), subject
    )
