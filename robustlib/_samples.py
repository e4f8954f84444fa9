"""Pictures for an examination where nobody gives any: of what shape, how many, and drawn how."""

import time
from math import log2

from torch import Tensor, nn
from torch.nn import functional

from robustlib._border import Border, home_of
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.types import Classifier, Images

SIDES = (32, 28, 224, 8, 16, 64, 96, 128, 299)
"""Of pictures that models are made for, the most usual first."""

PASSES = 900
"""That an examination costs a picture at most, counted in forward passes of it."""

FEWEST, MOST = 8, 64


def drawn(shape: tuple[int, ...], count: int, *, seed: int = 0) -> Images:
    """Random pictures: every other one noise, the rest soft, as light and dark in photographs.

    Args:
        shape: Of one picture, without the batch; of two sides or fewer all are noise.
        count: How many.
        seed: Of the numbers.

    Examples:
        >>> drawn((3, 8, 8), 4).shape
        torch.Size([4, 3, 8, 8])
    """
    draws = Draws(seed, range(count))
    noise = draws.uniform(*shape)
    if len(shape) != 3:
        return noise
    small = draws.uniform(shape[0], 4, 4)
    soft = functional.interpolate(small, size=shape[1:], mode="bilinear")
    noise[::2] = soft[::2]
    return noise


def shape_of(model: Classifier) -> tuple[int, ...]:
    """A shape of pictures that a model answers, tried from the most usual on.

    Args:
        model: Its first layer says how many channels, or how many numbers, it takes.

    Raises:
        InputError: If none of them is answered.
    """
    first = _first_weight(model)
    tried: list[tuple[int, ...]]
    if first is not None and first.ndim == 2:
        numbers = first.shape[1]
        tried = [(each, side, side) for side in SIDES for each in (1, 3)]
        tried = [shape for shape in tried if shape[0] * shape[1] ** 2 == numbers] + [(numbers,)]
    else:
        channels = (3, 1) if first is None else (first.shape[1],)
        tried = [(each, side, side) for side in SIDES for each in channels]
    found = next((shape for shape in tried if _answers(model, shape)), None)
    if found is None:
        known = ", ".join(map(str, tried[:3]))
        raise InputError(f"the model answers no pictures of {known} and the like: give their shape")
    return found


def affordable(model: Classifier, shape: tuple[int, ...], *, seconds: float = 60) -> int:
    """How many pictures an examination of so many seconds has time for: 8, 16, 32 or 64.

    Args:
        model: In eval mode.
        shape: Of one picture.
        seconds: That it may last, roughly.
    """
    if not _answers(model, shape):  # which the examination itself will tell better
        return FEWEST
    images, took = suited(drawn(shape, FEWEST), model), []
    with Border([model], images.device, 0):
        for _ in range(2):
            began = time.perf_counter()
            model(images.clone())
            took.append((time.perf_counter() - began) / FEWEST)
    fit = seconds / PASSES / max(min(took), 1e-9)
    return min(MOST, max(FEWEST, 2 ** int(log2(max(fit, 1)))))


def _answers(model: Classifier, shape: tuple[int, ...]) -> bool:
    images = suited(drawn(shape, 2), model)
    with Border([model], images.device, 0):
        try:
            model(images)
        except Exception:  # whatever a model raises at what it was not made for
            return False
    return True


def suited(images: Images, model: Classifier) -> Images:
    """The pictures where a model's weights are, and of their kind.

    Args:
        images: Pictures.
        model: A function, or a module without weights of floating point, leaves their kind.
    """
    first = _first_weight(model)
    if first is None:
        first = next(iter(_weights(model)), None)
    images = images.detach()
    return images.to(home_of(model) or images.device) if first is None else images.to(first)


def _first_weight(model: Classifier) -> Tensor | None:
    """Of the first layer that has one of two axes or more."""
    return next((each for each in _weights(model) if each.ndim > 1), None)


def _weights(model: Classifier) -> list[nn.Parameter]:
    held = model.parameters() if isinstance(model, nn.Module) else ()
    return [each for each in held if each.is_floating_point()]
