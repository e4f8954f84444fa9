"""What makes a victim look stronger than it is: a warning for each, and what to do about it.

    Doubt               (UserWarning)
    ├── RandomAnswers   the same image is answered differently each time
    ├── MixedRows       an answer depends on what else is in the batch
    ├── NoSlope         the loss has no slope at many an image
    └── Probabilities   the answers are probabilities, which round to 0 and 1

An attack goes on all the same. `warnings.filterwarnings("error", category=Doubt)` stops it.
"""

import sys
from types import FrameType
from typing import ClassVar
from warnings import warn, warn_explicit

import torch
from torch import Tensor

_SURE = 0.999
"""From here on a probability may hide its slope in what floating point rounds away."""


_ROUNDED = 1e-2
"""How far from 1 probabilities may add up to that bfloat16 has rounded on the way."""

_MANY = 8
"""Rows of logits that do not all lie in [0, 1] and add up to nearly 1 by chance."""

_THREADS = "threading", "concurrent.futures.thread"
"""Where the stack of a thread begins that runs nothing but an attack: no caller is there."""


class Doubt(UserWarning):
    """Fewer images may have been broken than can be: by default, nothing is known of how."""

    told: ClassVar[str] = "the model may look stronger than it is"


class RandomAnswers(Doubt):
    """Noise or dropout of the model's own: `eot` averages over it, and one form of AutoAttack."""

    told = (
        "the model answers the same image differently each time: no row is retired, and "
        "a success is one draw's verdict; robustlib.attacks.eot averages over draws, and "
        "auto_attack with version='rand'"
    )


class MixedRows(Doubt):
    """Statistics of the batch, in eval mode."""

    told = (
        "the model's answer to an image depends on what else is in the batch: every image is "
        "shown alone and none is retired, which is slow"
    )


class NoSlope(Doubt):
    """Rounding, saturation, a gradient cut off: what follows gradients is blind there."""

    told = (
        "the loss has no slope at more than a tenth of the images, which no attack by gradients "
        "breaks: give the layer that hides it another's slope (robustlib.stand_ins.Straight), or "
        "attack by scores or labels"
    )


class Probabilities(Doubt):
    """A softmax at the end: where it has rounded, differences are gone, and slopes with them."""

    told = (
        "the model answers probabilities, not logits, whose slopes vanish where they round to 0 "
        "and 1: attack what comes before the softmax, or robustlib.stand_ins.Logits of the model"
    )


def tell(kind: type[Doubt]) -> None:
    """Warns of it, where the caller of the library is: so each of their models is told of.

    A thread of a server's has no caller, but a place that is the same for all jobs, where Python
    would show one warning for them all: each is shown there.
    """
    depth, module = _outside()
    if module in _THREADS:
        warn_explicit(kind(kind.told), None, "a job of a thread", 0)
    else:
        warn(kind(kind.told), stacklevel=depth)


def _outside() -> tuple[int, str]:
    """How far up the stack the first place is that is not ours, and in which module."""
    depth, frame = 1, sys._getframe(1)
    while frame.f_back and _module(frame).split(".")[0] == "robustlib":
        depth, frame = depth + 1, frame.f_back
    return depth, _module(frame)


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def flat(gradient: Tensor) -> bool:
    """Whether more than a tenth of the inputs have a gradient of zero everywhere.

    Fewer than that are what a net of few units does by itself.

    Examples:
        >>> flat(torch.tensor([[0.0, 0.0], [0.0, 1.0]])), flat(torch.tensor([[0.0, 1.0]]))
        (True, False)
    """
    return bool((gradient == 0).flatten(1).all(dim=1).float().mean() > 0.1)


def alike(one: Tensor, other: Tensor) -> bool:
    """Whether outputs are the same up to what another order of summation may do."""
    if not one.is_floating_point():
        return torch.equal(one, other)
    scale = max(1.0, float(one.abs().max()))
    return bool(((one - other).abs() <= 10 * torch.finfo(one.dtype).eps ** 0.5 * scale).all())


def probable(outputs: Tensor) -> bool:
    """Whether these are probabilities whose slope is another than their logits'.

    Of two classes the direction is the same until one of them is all but certain.

    Args:
        outputs: The answers to some images, [n, k].

    Examples:
        >>> probable(torch.tensor([[0.2, 0.5, 0.3]])), probable(torch.tensor([[0.4, 0.6]]))
        (True, False)
        >>> probable(torch.tensor([[1.0, 0.0]])), probable(torch.tensor([[2.0, -1.0, 0.0]]))
        (True, False)
    """
    if outputs.ndim != 2 or not outputs.is_floating_point() or outputs.shape[1] < 2:
        return False
    return shares(outputs) and (outputs.shape[1] > 2 or float(outputs.max()) >= _SURE)


def shares(outputs: Tensor) -> bool:
    """Whether scores [n, k] lie in [0, 1] and each row adds up to 1.

    As half precision adds, where they are many: of few, logits might.

    Examples:
        >>> shares(torch.tensor([[0.4, 0.6]])), shares(torch.tensor([[0.4, 0.5]]))
        (True, False)
    """
    told = outputs.double()
    inside = bool(((told >= 0) & (told <= 1)).all())
    off = _ROUNDED if len(told) >= _MANY else torch.finfo(outputs.dtype).eps ** 0.5
    return inside and bool(((told.sum(dim=1) - 1).abs() < off).all())
