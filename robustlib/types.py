"""The shapes that travel through the library, and what counts as a classifier."""

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias, runtime_checkable

from jaxtyping import Bool, Float, Int
from torch import Tensor

Images: TypeAlias = Float[Tensor, "n *shape"]
"""n inputs in [0, 1]; usually [n, c, h, w], but any trailing shape will do."""

Rows: TypeAlias = Int[Tensor, " m"]
"""Which row each of m things belongs to."""

Logits: TypeAlias = Float[Tensor, "m k"]
"""Scores of k classes before the softmax."""

PerRow: TypeAlias = Float[Tensor, " n"]
"""One number for each row."""

Flags: TypeAlias = Bool[Tensor, " n"]
"""One truth value for each row."""

Outputs: TypeAlias = Tensor
"""What a model returns for m inputs: [m, k] scores, or the [m] integers of a label-only one."""

Objective: TypeAlias = Callable[[Tensor, Tensor], Tensor]
"""of(outputs, rows) -> [m] or [m, k]: what is differentiated, for the row of each output."""

Loss: TypeAlias = Callable[[Tensor, Tensor], Tensor]
"""loss(logits, labels) -> [m]: a number for each sample, higher is worse for the classifier."""


@runtime_checkable
class Classifier(Protocol):
    """Anything that maps images in [0, 1] to logits. Normalisation is a layer inside it.

    Examples:
        >>> from torch import nn
        >>> isinstance(nn.Flatten(), Classifier)
        True
    """

    def __call__(self, images: Tensor, /) -> Any:
        """Answers [n, ...] images in [0, 1] with [n, k] logits."""
        ...
