"""Ordinary training, the yardstick of all others."""

from torch import nn
from torch.nn import functional

from robustlib.training._base import Batch, Outcome


def standard(model: nn.Module, batch: Batch, *, label_smoothing: float = 0.0) -> Outcome:
    """The cross-entropy of the pictures as they are.

        loss = mean over i of -log softmax(model(images))[i, labels[i]]

    Args:
        model: in train mode.
        batch: what to learn from.
        label_smoothing: share of the label's weight given to all classes alike, in [0, 1).

    Returns:
        The loss, and which pictures were named rightly.

    Examples:
        >>> import torch
        >>> batch = Batch(torch.zeros(1, 1, 1, 2), torch.tensor([0]), [0], seed=0)
        >>> round(standard(nn.Flatten(), batch).loss.item(), 4)
        0.6931
    """
    logits = model(batch.images)
    loss = functional.cross_entropy(logits, batch.labels, label_smoothing=label_smoothing)
    return Outcome(loss, logits.argmax(dim=1) == batch.labels)
