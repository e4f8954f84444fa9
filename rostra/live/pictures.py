"""The test pictures that visitors choose from, and the Python that fetches each of them again."""

import functools
from dataclasses import replace
from typing import Final

import torch
from torch import Tensor

from robustlib.data._base import Dataset
from robustlib.data.digits import digits
from robustlib.data.signs import signs
from rostra.live import inputs, pixels
from rostra.live.inputs import Picture
from rostra.live.settings import Source
from rostra.live.words import VisitorError

# Of each class a picture that people see well, out of 16 sequences, and one like most: the
# standard model gives way at 8/255, as it does on nine test pictures of ten (see its card).
SIGNS: Final = (15, 2, 7, 11, 9, 15, 15, 7, 15, 12, 7, 15, 12, 12, 3, 13)
# The Python that makes a set, however little of it: for the names of its classes.
DATA: Final = {"signs": "signs(1)", "digits": 'digits(split="test")'}


@functools.cache
def held(name: str) -> Dataset:
    """One test picture of each class; neither model has seen any of them.

    Args:
        name: "signs" or "digits".

    Returns:
        The pictures, classes in order, rounded to 8 bits as every picture here.
    """
    if name == "signs":
        shown = [signs(1, seed=seed, first=row, split="test") for row, seed in enumerate(SIGNS)]
        images, labels = (torch.cat(parts) for parts in _parts(shown))
        return replace(shown[0], images=images, labels=labels)
    every = digits(split="test")
    return every.take(torch.tensor(_first_of_each(every)))


def _parts(data: list[Dataset]) -> tuple[list[Tensor], list[Tensor]]:
    return [one.images for one in data], [one.labels for one in data]


def _first_of_each(data: Dataset) -> list[int]:
    return [int((data.labels == label).nonzero()[0]) for label in range(len(data.classes))]


def code(source: Source) -> str:
    """Write the Python expression that fetches a test picture.

    Args:
        source: A test picture.

    Returns:
        An expression of `signs` or `digits`; its value has shape [1, c, h, w].

    Examples:
        >>> code(Source("signs", index=3))
        'signs(1, seed=11, first=3, split="test").images'
    """
    if source.set == "signs":
        seed = SIGNS[source.index]
        return f'signs(1, seed={seed}, first={source.index}, split="test").images'
    row = _first_of_each(digits(split="test"))[source.index]
    return f'digits(split="test").images[{row}:{row + 1}]'


def fetch(source: Source) -> tuple[Picture, int | None]:
    """Take a test picture, or decode what a visitor brought.

    Args:
        source: Where it comes from.

    Returns:
        The picture, and its class where somebody has said it.

    Raises:
        VisitorError: It cannot be used.
    """
    data = held(source.set)
    if source.kind == "test":
        return Picture(pixels.to_bytes(data.images[source.index])), int(data.labels[source.index])
    channels, size = data.images.shape[1:3]
    file = inputs.from_uri(source.data)
    if source.kind == "pixels":
        return inputs.exact(file, channels, size), None
    if source.kind == "file":
        return inputs.uploaded(file, channels, size), None
    if channels != 1:
        raise VisitorError("choice", name="set", choices="digits", value=source.set)
    return inputs.drawn(file, size), None
