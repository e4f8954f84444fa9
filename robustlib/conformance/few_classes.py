"""Two, three and a hundred classes."""

from robustlib.conformance._base import Finding, Subject
from robustlib.conformance._nets import radius, small


def few_classes(subject: Subject) -> Finding:
    """It runs, and pictures come back."""
    for classes in (2, 3, 100):
        known = small(classes)
        try:
            found = subject.run(known, radius(subject))
        except Exception as error:
            return Finding(False, f"{classes} classes: {type(error).__name__}")
        if not bool(found.isfinite().all()):
            return Finding(False, f"{classes} classes: not all numbers are finite")
    return Finding(True, "2, 3 and 100 run")
