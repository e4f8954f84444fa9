"""The middle of a picture, enlarged."""

import math

import torch

from robustlib.corruptions._sampling import Pictures


def zoomed(images: Pictures, factor: float) -> Pictures:
    """The middle of each picture, enlarged by a factor ≥ 1 to the whole, linear between pixels.

    Of size pixels ⌈size / factor⌉ are kept; their first and their last become the ends of
    round(kept · factor) pixels, of which the middle is cut out again.
    """
    return _stretched(_stretched(images, 2, factor), 3, factor)


def _stretched(images: Pictures, axis: int, factor: float) -> Pictures:
    size = images.shape[axis]
    kept = math.ceil(size / factor)
    length = round(kept * factor)
    ticks = torch.arange(size, dtype=torch.float64, device=images.device) + (length - size) // 2
    places = ticks * ((kept - 1) / max(length - 1, 1)) + (size - kept) // 2
    left = places.floor().long()
    share = (places - left).to(images)
    share = share[:, None] if axis == 2 else share
    before = images.index_select(axis, left)
    after = images.index_select(axis, (left + 1).clamp(max=size - 1))
    return before * (1 - share) + after * share
