"""What an attack may climb: one number for each sample, higher is worse for the classifier.

Each is `loss(logits, labels) -> [m]`. A goal turns one into an objective over rows, so
`Misclassify(labels, measure=margin)` climbs the margin.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from robustlib.errors import InputError
from robustlib.types import Loss

_TIE = 1e-12
"""Added to a spread of logits: where all are the same it is none, and nothing divides by zero."""


_LEAST = 1e-30
"""Far below float32's precision, and far above its smallest number."""


def cross_entropy(logits: Float[Tensor, "m k"], labels: Int[Tensor, " m"]) -> Float[Tensor, " m"]:
    """The negative log-likelihood of the label: -log softmax(logits)[label].

    In float32 softmax rounds to 0 and 1 where a model is confident, and loss and gradient would be
    zero. A share of 1e-30 of the label's negative log-odds keeps the way up: no other number of the
    loss can tell.

    Args:
        logits: Scores before the softmax.
        labels: Class indices in [0, k).

    Returns:
        The loss of each sample, in nats, ≥ 0 but for that share.

    Examples:
        >>> cross_entropy(torch.zeros(1, 4), torch.tensor([2])).exp().round().item()
        4.0
    """
    others, own = against(logits, labels)
    odds = others.logsumexp(dim=1) - own
    return functional.cross_entropy(logits, labels, reduction="none") + _LEAST * odds


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


def dlr(logits: Float[Tensor, "m k"], labels: Int[Tensor, " m"]) -> Float[Tensor, " m"]:
    """The difference of logits ratio: the margin over the spread of the three largest logits.

    dlr = margin / (z₁ - z₃), where z₁ ≥ z₂ ≥ … are the logits in falling order

    Neither a constant added to all logits nor a positive factor changes it.

    Args:
        logits: Scores before the softmax, of three classes or more.
        labels: Class indices in [0, k).

    Returns:
        The ratio of each sample, in [-1, 0) where the label stands alone at the top, and ≥ 0 where
        it does not.

    Raises:
        InputError: With two classes there is no third logit: the two over their own difference
            would be -1 or 1 with no slope. `margin` does there: all that it lacks is a scale, and
            a step of set length asks for none.

    Examples:
        >>> dlr(torch.tensor([[1.0, 5.0, 2.0]]), torch.tensor([1])).item()
        -0.75

    Source: croce2020reliable, equation 6
    """
    return margin(logits, labels) / (_spread(logits, "dlr", (2, 2)) + _TIE)


def dlr_towards(ahead: int) -> Loss:
    """The targeted difference of logits ratio, towards one other class: label + ahead.

    (z[label + ahead] - z[label]) / (z₁ - (z₃ + z₄) / 2), where z₁ ≥ z₂ ≥ … fall

    `Misclassify` with this measure drives a picture towards one class and still counts every wrong
    one: on the way to a far class a nearer one may be entered.

    Args:
        ahead: How many classes after the label the other one stands, from 1, round the end.

    Returns:
        The measure of logits of three classes or more.

    Raises:
        InputError: If ahead is no count. The measure raises one with two classes, and where ahead
            leads round to the label itself.

    Examples:
        >>> dlr_towards(2)(torch.tensor([[4.0, 1.0, 0.0, 2.0]]), torch.tensor([0])).item()
        -1.1428571939468384

    Source: croce2020reliable, equation 7

    Differences: of three classes the third stands for the fourth, which the paper needs.
    """
    if isinstance(ahead, bool) or not isinstance(ahead, int) or ahead < 1:
        raise InputError(f"ahead is a count ≥ 1, not {ahead!r}")

    def measure(logits: Tensor, labels: Tensor) -> Tensor:
        if not ahead % logits.shape[1]:
            raise InputError(f"of {logits.shape[1]} classes, {ahead} ahead is the label itself")
        return dlr_between(logits, labels, (labels + ahead) % logits.shape[1])

    return measure


def dlr_between(
    logits: Float[Tensor, "m k"], labels: Int[Tensor, " m"], others: Int[Tensor, " m"]
) -> Float[Tensor, " m"]:
    """The targeted difference of logits ratio, towards one class a sample; see `dlr_towards`.

    Args:
        logits: Scores before the softmax, of three classes or more.
        labels: Class indices in [0, k).
        others: The classes to go towards.

    Returns:
        The ratio of each sample, ≥ 0 where the other class is ahead of the label.

    Raises:
        InputError: With two classes.

    Examples:
        >>> logits = torch.tensor([[4.0, 1.0, 0.0, 2.0]])
        >>> dlr_between(logits, torch.tensor([0]), torch.tensor([3])).item()
        -0.5714285969734192

    Source: croce2020reliable, equation 7
    """
    spread = _spread(logits, "dlr_towards", (2, min(3, logits.shape[1] - 1)))
    lead = logits.gather(1, others[:, None]) - logits.gather(1, labels[:, None])
    return lead.squeeze(1) / (spread + _TIE)


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


def _spread(logits: Tensor, name: str, ranks: tuple[int, int]) -> Tensor:
    """The largest logit, less the mean of those at two ranks, counted from 0."""
    classes = logits.shape[1]
    if classes < 3:
        raise InputError(f"{name} compares three classes or more, not {classes}: margin takes two")
    falling = logits.topk(max(ranks) + 1, dim=1).values
    return falling[:, 0] - falling[:, list(ranks)].mean(dim=1)
