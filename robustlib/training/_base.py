"""What every objective here promises: from a model and a batch to a loss, and nothing else.

An objective keeps no state. Its options are keyword arguments; one named `threat` receives the
threat model that is trained against. It leaves the model in the mode in which it found it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from jaxtyping import Float, Int64
from torch import Tensor, nn


@dataclass(frozen=True, eq=False)
class Batch:
    """What one step learns from.

    Args:
        images: in [0, 1].
        labels: their classes.
        keys: the number of each picture in its data set: its random stream.
        seed: of this step.
    """

    images: Float[Tensor, "n c h w"]
    labels: Int64[Tensor, " n"]
    keys: Sequence[int]
    seed: int


@dataclass(frozen=True, eq=False)
class Outcome:
    """What an objective answers.

    Args:
        loss: to go down, the mean over the batch.
        right: which pictures the model named rightly, as the objective showed them to it.
    """

    loss: Float[Tensor, ""]
    right: Tensor


Objective: TypeAlias = Callable[..., Outcome]
"""objective(model, batch, **options) -> Outcome; the model comes in train mode."""


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """The model in eval mode, then each of its layers as it was, also after an error.

    An attack in train mode would meet another model than the one that is judged, and would stir
    the averages of batch normalisation at every step.

    Examples:
        >>> model = nn.Dropout().train()
        >>> with evaluating(model):
        ...     model.training
        False
        >>> model.training
        True
    """
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for layer, mode in modes:
            layer.training = mode
