"""One class after another: what attacks share that go towards each of a row's likeliest classes."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from robustlib.goals import Goal, Misclassify
from robustlib.losses import against, dlr_between
from robustlib.questions import Scores
from robustlib.types import Images


@dataclass(frozen=True, eq=False)
class Lead(Goal):
    """Climbs towards one class a row, and counts every wrong one.

    The loss is the targeted difference of logits ratio; of two classes, which have none, the
    difference itself.

    Args:
        wish: Whose labels are left.
        others: The classes to go towards, one for each row.
    """

    wish: Misclassify
    others: Int[Tensor, " n"]

    def loss(self, outputs: Float[Tensor, "m k"], rows: Int[Tensor, " m"]) -> Float[Tensor, " m"]:
        """How far the other class is ahead of the label."""
        labels, others = self.wish.labels[rows], self.others[rows]
        if outputs.shape[1] > 2:
            return dlr_between(outputs, labels, others)
        return (outputs.gather(1, others[:, None]) - outputs.gather(1, labels[:, None])).squeeze(1)

    def reached(self, outputs: Tensor, rows: Int[Tensor, " m"]) -> Bool[Tensor, " m"]:
        """Whether the model names any other class than the label."""
        return self.wish.reached(outputs, rows)

    def take(self, rows: Int[Tensor, " m"]) -> "Lead":
        """The goal of some rows."""
        return Lead(self.wish.take(rows), self.others[rows])

    def to(self, device: torch.device) -> "Lead":
        """The goal on a device."""
        return Lead(self.wish.to(device), self.others.to(device))

    def check(self, outputs: Tensor, count: int) -> None:
        """One label and one other class a row."""
        self.wish.check(outputs, count)
        replace(self.wish, labels=self.others).check(outputs, count)


def ranked(
    images: Images, goal: Misclassify, count: int
) -> Generator[Any, Any, tuple[Tensor, ...]]:
    """The classes of the highest scores at the images but the label's: one line a rank.

    Args:
        images: Clean images; each is shown once.
        goal: Whose labels are left out.
        count: How many ranks at most, ≥ 0.

    Returns:
        At most `count` tensors [n], and no more than there are other classes.
    """
    answer = yield from Scores(images, candidate=False)
    others, _ = against(answer.outputs, goal.labels)
    best = others.topk(min(count, others.shape[1]), dim=1).indices
    return (best + (best >= goal.labels[:, None])).unbind(1)
