"""What is found of a picture is the same whatever stands beside it."""

import torch

from robustlib.conformance._base import Finding, Known, Subject, wrong
from robustlib.conformance._nets import radius, small


def company(subject: Subject) -> Finding:
    """Twelve pictures at once, and in three lots: the same are broken.

    Where an attack draws from torch's global generator, that begins with the same seed each time.
    """
    known = small()
    whole = _broken(known, subject)
    lots = torch.arange(12).view(3, 4)
    parts = [_broken(taken(known, rows), subject) for rows in lots]
    differ = int((torch.cat(parts) != whole).sum())
    return Finding(not differ, f"{differ} of 12 differ" if differ else "the same in lots of four")


def taken(known: Known, rows: torch.Tensor) -> Known:
    """Some of the pictures."""
    images, labels, exact = (each[rows] for each in (known.images, known.labels, known.exact))
    return Known(known.model, images, labels, exact, tuple(rows.tolist()))


def _broken(known: Known, subject: Subject) -> torch.Tensor:
    torch.default_generator.manual_seed(0)  # of libraries that draw from it
    return wrong(known, subject.run(known, radius(subject)))
