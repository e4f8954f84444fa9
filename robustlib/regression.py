"""Goals about numbers, where a model answers a value and not a class."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from robustlib.errors import InputError
from robustlib.goals import Goal
from robustlib.types import Outputs


@dataclass(frozen=True, eq=False)
class Deviate(Goal):
    """Numbers further from some values than a tolerance: loss = Σ |outputs - values|.

    Args:
        values: What is left behind, [n] or [n, k]: the truth, or the model's own answer.
        tolerance: Sum of the absolute differences that is no success yet, in the outputs' unit,
            ≥ 0: one number, or one for each row.

    Raises:
        InputError: If the values are no numbers, or the tolerance is negative.

    Examples:
        >>> goal = Deviate(torch.tensor([1.0]), tolerance=0.5)
        >>> goal.reached(torch.tensor([0.4, 0.6]), torch.tensor([0, 0])).tolist()
        [True, False]
    """

    values: Float[Tensor, "n *k"]
    tolerance: float | Tensor

    def __post_init__(self) -> None:
        """Check the values once, at the border."""
        _check_values(self.values, self.tolerance)

    def loss(self, outputs: Outputs, rows: Int[Tensor, " m"]) -> Float[Tensor, " m"]:
        """How far the outputs are; where they are not away at all it still has a slope, upwards."""
        away = outputs - self.values[rows].to(outputs)
        return torch.where(away >= 0, away, -away).reshape(len(away), -1).sum(dim=1)

    def reached(self, outputs: Outputs, rows: Int[Tensor, " m"]) -> Bool[Tensor, " m"]:
        """Whether they are further than the tolerance."""
        return self.loss(outputs, rows) > _of_rows(self.tolerance, rows)

    def take(self, rows: Int[Tensor, " m"]) -> "Deviate":
        """The values of some rows."""
        return Deviate(self.values[rows], _of_rows(self.tolerance, rows))

    def to(self, device: torch.device) -> "Deviate":
        """The values on a device."""
        return Deviate(self.values.to(device, copy=True), _on(self.tolerance, device))

    def check(self, outputs: Outputs, count: int) -> None:
        """As many values as the model answers."""
        _check_numbers(self.values, outputs, count)


@dataclass(frozen=True, eq=False)
class Approach(Goal):
    """Numbers as near to some values as a tolerance: loss = -Σ |outputs - values|.

    Args:
        values: What is wanted, [n] or [n, k].
        tolerance: Sum of the absolute differences that counts as there, in the outputs' unit, ≥ 0:
            one number, or one for each row.

    Raises:
        InputError: If the values are no numbers, or the tolerance is negative.

    Examples:
        >>> goal = Approach(torch.tensor([1.0]), tolerance=0.5)
        >>> goal.reached(torch.tensor([0.4, 0.6]), torch.tensor([0, 0])).tolist()
        [False, True]
    """

    values: Float[Tensor, "n *k"]
    tolerance: float | Tensor

    def __post_init__(self) -> None:
        """Check the values once, at the border."""
        _check_values(self.values, self.tolerance)

    def loss(self, outputs: Outputs, rows: Int[Tensor, " m"]) -> Float[Tensor, " m"]:
        """How near the outputs are."""
        return -Deviate(self.values, self.tolerance).loss(outputs, rows)

    def reached(self, outputs: Outputs, rows: Int[Tensor, " m"]) -> Bool[Tensor, " m"]:
        """Whether they are as near as the tolerance."""
        return -self.loss(outputs, rows) <= _of_rows(self.tolerance, rows)

    def take(self, rows: Int[Tensor, " m"]) -> "Approach":
        """The values of some rows."""
        return Approach(self.values[rows], _of_rows(self.tolerance, rows))

    def to(self, device: torch.device) -> "Approach":
        """The values on a device."""
        return Approach(self.values.to(device, copy=True), _on(self.tolerance, device))

    def check(self, outputs: Outputs, count: int) -> None:
        """As many values as the model answers."""
        _check_numbers(self.values, outputs, count)


def _of_rows(tolerance: float | Tensor, rows: Tensor) -> float | Tensor:
    return tolerance[rows] if isinstance(tolerance, Tensor) and tolerance.ndim else tolerance


def _on(tolerance: float | Tensor, device: torch.device) -> float | Tensor:
    return tolerance.to(device) if isinstance(tolerance, Tensor) else tolerance


def _check_values(values: Tensor, tolerance: float | Tensor) -> None:
    if not isinstance(values, Tensor) or not values.is_floating_point():
        came = values.dtype if isinstance(values, Tensor) else type(values).__name__
        raise InputError(f"values are a floating-point tensor, not {came}")
    numbers = torch.as_tensor(tolerance)
    if numbers.dtype == torch.bool or not bool((numbers >= 0).all()):
        raise InputError(f"tolerance is a number ≥ 0 in the outputs' unit, not {tolerance!r}")
    if numbers.ndim and numbers.shape != values.shape[:1]:
        raise InputError(
            f"tolerance is one number, or one for each of {len(values)} rows, "
            f"not {tuple(numbers.shape)}"
        )


def _check_numbers(values: Tensor, outputs: Outputs, count: int) -> None:
    wanted = (count, *outputs.shape[1:])
    if tuple(values.shape) != wanted or not outputs.is_floating_point():
        raise InputError(
            f"a goal of values needs as many as the model answers, {wanted}, "
            f"not {tuple(values.shape)}"
        )
