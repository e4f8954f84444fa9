"""What the attacker wants, told as a loss to climb and a test of success."""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from robustlib.errors import InputError
from robustlib.losses import cross_entropy, margin
from robustlib.types import Loss, Outputs

Own = TypeVar("Own", "Misclassify", "Target")

_ROUNDED, _COARSE = 4, 2**-8
"""By how many units in the last place of the largest logit another batch may have others; by which
share of it at most, in half precision."""


class Goal(ABC):
    """A wish for each row. `rows` says which row's wish each output is measured against.

    A goal never carries a flag for its direction: it is always climbed.
    """

    @abstractmethod
    def loss(self, outputs: Outputs, rows: Tensor) -> Tensor:
        """What the attacker climbs, [m]; differentiable in `outputs`."""

    @abstractmethod
    def reached(self, outputs: Outputs, rows: Tensor) -> Tensor:
        """Whether each output is what the attacker wants, [m] bool."""

    @abstractmethod
    def take(self, rows: Tensor) -> "Goal":
        """The goal of some rows, renumbered from 0."""

    @abstractmethod
    def to(self, device: torch.device) -> "Goal":
        """The goal with its tensors on a device."""

    @abstractmethod
    def check(self, outputs: Outputs, count: int) -> None:
        """Raises an `InputError` unless this is a goal for `count` rows and such outputs."""

    def measured(self, measure: Loss) -> "Goal":
        """The same wish, climbed by another loss; itself, where no other makes sense."""
        return self

    def beside(self, others: "Sequence[Goal]") -> "Goal | None":
        """One goal for the rows of this and then of others; None if there is no such goal."""
        return None


@dataclass(frozen=True, eq=False)
class Misclassify(Goal):
    """Any class but the label: loss = measure(logits, label).

    Args:
        labels: The true classes, one for each row.
        measure: The loss that is climbed; see `robustlib.losses`.

    Raises:
        InputError: If the labels are no tensor of integers.

    Examples:
        >>> goal = Misclassify(torch.tensor([0, 1]))
        >>> goal.reached(torch.tensor([[2.0, 1.0], [2.0, 1.0]]), torch.tensor([0, 1])).tolist()
        [False, True]
    """

    labels: Int[Tensor, " n"]
    measure: Loss = cross_entropy

    def __post_init__(self) -> None:
        """Check the classes once, at the border."""
        _check_parts(self.labels, self.measure)

    def loss(self, outputs: Float[Tensor, "m k"], rows: Int[Tensor, " m"]) -> Float[Tensor, " m"]:
        """The measure of the label."""
        return self.measure(outputs, self.labels[rows])

    def reached(self, outputs: Tensor, rows: Int[Tensor, " m"]) -> Bool[Tensor, " m"]:
        """Whether the model names another class."""
        return decided(outputs) != self.labels[rows]

    def take(self, rows: Int[Tensor, " m"]) -> "Misclassify":
        """The labels of some rows."""
        return dataclasses.replace(self, labels=self.labels[rows])

    def to(self, device: torch.device) -> "Misclassify":
        """The labels on a device."""
        return dataclasses.replace(self, labels=self.labels.to(device, torch.int64, copy=True))

    def check(self, outputs: Tensor, count: int) -> None:
        """One label a row, each a class that the model has."""
        _check_classes(self.labels, outputs, count)

    def beside(self, others: Sequence[Goal]) -> "Misclassify | None":
        """All labels, where all climb the same measure; a goal of another class has its own."""
        alike = _alike(Misclassify, [self, *others])
        if alike is None:
            return None
        return dataclasses.replace(self, labels=torch.cat([one.labels for one in alike]))

    def measured(self, measure: Loss) -> "Misclassify":
        """The same labels, climbed by another loss."""
        return dataclasses.replace(self, measure=measure)


@dataclass(frozen=True, eq=False)
class Target(Goal):
    """One class of the attacker's choice: loss = -measure(logits, target).

    Args:
        targets: The wanted classes, one for each row.
        measure: The loss that is climbed down; see `robustlib.losses`.

    Raises:
        InputError: If the targets are no tensor of integers.

    Examples:
        >>> goal = Target(torch.tensor([1]))
        >>> goal.reached(torch.tensor([[2.0, 3.0, 0.0]]), torch.tensor([0])).item()
        True
    """

    targets: Int[Tensor, " n"]
    measure: Loss = cross_entropy

    def __post_init__(self) -> None:
        """Check the classes once, at the border."""
        _check_parts(self.targets, self.measure)

    def loss(self, outputs: Float[Tensor, "m k"], rows: Int[Tensor, " m"]) -> Float[Tensor, " m"]:
        """The measure of the target, negated."""
        return -self.measure(outputs, self.targets[rows])

    def reached(self, outputs: Tensor, rows: Int[Tensor, " m"]) -> Bool[Tensor, " m"]:
        """Whether the model names the target."""
        return decided(outputs) == self.targets[rows]

    def take(self, rows: Int[Tensor, " m"]) -> "Target":
        """The targets of some rows."""
        return dataclasses.replace(self, targets=self.targets[rows])

    def to(self, device: torch.device) -> "Target":
        """The targets on a device."""
        return dataclasses.replace(self, targets=self.targets.to(device, torch.int64, copy=True))

    def check(self, outputs: Tensor, count: int) -> None:
        """One target a row, each a class that the model has."""
        _check_classes(self.targets, outputs, count)

    def beside(self, others: Sequence[Goal]) -> "Target | None":
        """All targets, where all climb the same measure; a goal of another class has its own."""
        alike = _alike(Target, [self, *others])
        if alike is None:
            return None
        return dataclasses.replace(self, targets=torch.cat([one.targets for one in alike]))

    def measured(self, measure: Loss) -> "Target":
        """The same targets, climbed by another loss."""
        return dataclasses.replace(self, measure=measure)


def decided(outputs: Tensor) -> Int[Tensor, " m"]:
    """The class that a model names: the largest score, or its answer itself if it says only that.

    Args:
        outputs: Logits [m, k], or the labels [m] of a label-only model.

    Returns:
        Class indices.
    """
    return outputs.argmax(dim=1) if outputs.is_floating_point() else outputs


def firm(goal: Goal, outputs: Outputs, rows: Int[Tensor, " m"]) -> Bool[Tensor, " m"]:
    """Where the class that a goal wants leads by more than logits differ from batch to batch.

    Of goals that are no matter of one class, and of labels, everywhere.

    Examples:
        >>> logits = torch.tensor([[1.0, 1.0 + 2**-23], [1.0, 1.1]])
        >>> firm(Target(torch.tensor([1, 1])), logits, torch.arange(2)).tolist()
        [False, True]
    """
    if not isinstance(goal, Misclassify | Target) or not outputs.is_floating_point():
        return torch.ones(len(outputs), dtype=torch.bool, device=outputs.device)
    size = outputs.abs()
    largest = size.masked_fill(size.isinf(), 0).amax(dim=1)
    rounding = min(_ROUNDED * torch.finfo(outputs.dtype).eps, _COARSE)
    return goal.measured(margin).loss(outputs, rows) >= rounding * largest


def _alike(kind: type[Own], goals: Sequence[Goal]) -> list[Own] | None:
    """The goals, where all are of one kind and climb the same measure."""
    alike = [one for one in goals if type(one) is kind]
    if len(alike) < len(goals) or any(one.measure is not alike[0].measure for one in alike):
        return None
    return alike


def _check_parts(classes: Tensor, measure: Loss) -> None:
    if not isinstance(classes, Tensor):
        came = type(classes).__name__
        raise InputError(f"a goal's classes are a tensor, not {came}: torch.as_tensor makes one")
    if not callable(measure):
        raise InputError(f"measure is a function of robustlib.losses, not {measure!r}")
    if classes.is_floating_point() or classes.dtype == torch.bool:
        raise InputError(f"a goal's classes are integers, not {classes.dtype}: use .long()")


def _check_classes(classes: Tensor, outputs: Tensor, count: int) -> None:
    if classes.shape != (count,):
        raise InputError(
            f"a goal needs one class for each of the {count} images, "
            f"not a tensor of shape {tuple(classes.shape)}"
        )
    if not outputs.is_floating_point():
        return
    if outputs.ndim != 2 or outputs.shape[1] < 2:
        raise InputError(
            f"a classifier answers [n, k] logits with k ≥ 2, not shape {tuple(outputs.shape)}"
        )
    if count and (int(classes.min()) < 0 or int(classes.max()) >= outputs.shape[1]):
        raise InputError(
            f"classes lie in 0 … {outputs.shape[1] - 1} for this model; "
            f"{int(classes.min())} … {int(classes.max())} came"
        )
