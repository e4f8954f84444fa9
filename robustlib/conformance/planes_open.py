"""Two classes on two sides of a plane, with room on all sides."""

from robustlib.conformance._base import Finding, Known, Subject, held_against
from robustlib.conformance._planes import linear


def planes_open(subject: Subject) -> Finding:
    """The distance is the margin over the weights' dual norm."""
    planes = linear(walls=False)
    return held_against(
        Known(planes.model, planes.images, planes.labels, planes.exact(subject.norm)), subject
    )
