"""Who is examined, and what an examination finds: the two ends of every check of a diagnosis."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from jaxtyping import Int
from torch import Tensor

from robustlib.types import Classifier, Images


@dataclass(frozen=True)
class Finding:
    """What one check saw.

    Args:
        name: The check's, in one word.
        healthy: Whether all is well; None: it could not be examined.
        seen: What was seen, with figures.
        why: Why that matters.
        advice: What to do about it.
    """

    name: str
    healthy: bool | None
    seen: str
    why: str = ""
    advice: str = ""


@dataclass(frozen=True, eq=False)
class Patient:
    """A model in eval mode, and the pictures that it is asked about.

    Args:
        model: Images in [0, 1] to logits.
        images: Pictures, at least two.
        outputs: Its answers to them, as one batch.
        labels: Their true classes; None: nobody knows them.
        eps: The radius of attacks, in pixel units of [0, 1], in the largest change of a pixel.
        random: Whether it answers the same pictures differently each time.
    """

    model: Classifier
    images: Images
    outputs: Tensor
    labels: Int[Tensor, " n"] | None
    eps: float
    random: bool = False

    @property
    def scores(self) -> bool:
        """Whether the answers are scores [n, k] of two classes or more, all of them numbers."""
        told = self.outputs
        shaped = told.is_floating_point() and told.ndim == 2 and told.shape[1] > 1
        return shaped and bool(told.isfinite().all())


Check: TypeAlias = Callable[[Patient], Finding]


def share(flags: Tensor) -> float:
    """The share of true ones, in [0, 1]; 0 of none.

    Examples:
        >>> import torch
        >>> share(torch.tensor([True, False]))
        0.5
    """
    return float(flags.double().mean()) if len(flags) else 0.0
