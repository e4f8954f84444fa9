"""What an attack may climb: one number for each sample, higher is worse for the classifier.

Each is `loss(logits, labels) -> [m]`. A goal turns one into an objective over rows, so
`Misclassify(labels, measure=margin)` climbs the margin.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from robustlib.errors import InputError


def cross_entropy(logits: Float[Tensor, "m k"], labels: Int[Tensor, " m"]) -> Float[Tensor, " m"]:
    """The negative log-likelihood of the label: -log softmax(logits)[label].

    It vanishes in float32 where a model is confident; `margin` does not.

    Args:
        logits: Scores before the softmax.
        labels: Class indices in [0, k).

    Returns:
        The loss of each sample, in nats, ≥ 0.

    Examples:
        >>> cross_entropy(torch.zeros(1, 4), torch.tensor([2])).exp().round().item()
        4.0
    """
    return functional.cross_entropy(logits, labels, reduction="none")


def margin(logits: Float[Tensor, "m k"], labels: Int[Tensor, " m"]) -> Float[Tensor, " m"]:
    """How far the best other class is ahead: max over j ≠ label of logits[j], less logits[label].

    Positive exactly where the label has lost. Adding a constant to all logits changes nothing.

    Args:
        logits: Scores before the softmax.
        labels: Class indices in [0, k).

    Returns:
        The margin of each sample, in the unit of the logits.

    Examples:
        >>> margin(torch.tensor([[1.0, 5.0, 2.0]]), torch.tensor([1])).item()
        -3.0

    Source: carlini2017towards, section IV-A, objective f6 without its cut at zero
    """
    others, own = against(logits, labels)
    return others.amax(dim=1) - own


def against(
    logits: Float[Tensor, "m k"], labels: Int[Tensor, " m"]
) -> tuple[Float[Tensor, "m others"], Float[Tensor, " m"]]:
    """Splits logits into those of the k - 1 other classes, in order, and the label's own.

    Args:
        logits: Scores before the softmax.
        labels: Class indices in [0, k).

    Returns:
        The others' logits [m, k - 1] and the label's [m].

    Raises:
        InputError: With fewer than two classes there is no other.

    Examples:
        >>> others, own = against(torch.tensor([[1.0, 5.0, 2.0]]), torch.tensor([1]))
        >>> others.tolist(), own.tolist()
        ([[1.0, 2.0]], [5.0])
    """
    classes = logits.shape[1]
    if classes < 2:
        raise InputError(f"a classifier has two classes or more, not {classes}")
    places = torch.arange(classes - 1, device=logits.device)
    others = places + (places >= labels[:, None])
    return logits.gather(1, others), logits.gather(1, labels[:, None]).squeeze(1)
