"""Several models as one."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from robustlib.errors import InputError
from robustlib.types import Classifier


class Ensemble(nn.Module):
    """Answers with the weighted mean of its models' logits.

    Args:
        models: Of the same classes.
        weights: How much each counts, > 0; they need not sum to 1. None: all alike.

    Raises:
        InputError: If there are no models, or not a weight > 0 for each.

    Examples:
        >>> both = Ensemble([lambda images: images, lambda images: 3 * images], [3, 1])
        >>> both(torch.tensor([[1.0, 2.0]]))
        tensor([[1.5000, 3.0000]])

    Source: dong2018boosting, section 3.4
    """

    def __init__(
        self, models: Sequence[Classifier], weights: Sequence[float] | None = None
    ) -> None:
        super().__init__()
        if not models:
            raise InputError("an ensemble has one model at least; there is none")
        given = [1.0] * len(models) if weights is None else list(weights)
        if len(given) != len(models) or not all(weight > 0 for weight in given):
            raise InputError(f"weights are a number > 0 for each of {len(models)} models: {given}")
        self.weights = [weight / sum(given) for weight in given]
        self.models = list(models)
        self.members = nn.ModuleList(each for each in models if isinstance(each, nn.Module))
        self.training = any(module.training for module in self.members)

    def forward(self, images: Tensor) -> Tensor:
        """The mean logits [n, classes]."""
        answers = [model(images) for model in self.models]
        parts = [weight * answer for weight, answer in zip(self.weights, answers, strict=True)]
        return torch.stack(parts).sum(dim=0)
