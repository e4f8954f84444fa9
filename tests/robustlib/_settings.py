"""Settings that differ in one thing, and must not have the same key."""

from collections import deque
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from robustlib.attacks.pgd import pgd
from robustlib.attacks.square import square
from robustlib.goals import Misclassify
from robustlib.losses import margin
from robustlib.threats import L2, Linf


def net(weight: float = 1.0, bias: bool = True) -> nn.Module:
    layers = nn.Sequential(nn.Flatten(), nn.Linear(2, 2, bias=bias), nn.BatchNorm1d(2)).eval()
    for tensor in layers.parameters():
        nn.init.constant_(tensor, weight)
    return layers


def scaled(by: float) -> Any:
    """A model that is a function, around what it was made of."""
    inner = lambda images: images * by  # noqa: E731
    return lambda images: inner(images)


class Shifted(nn.Module):
    """It holds a tensor that is neither parameter nor buffer."""

    def __init__(self, by: float) -> None:
        super().__init__()
        self.mean = torch.tensor(by)


class Wish:
    """A goal or a model that is no dataclass."""

    def __init__(self, labels: Tensor) -> None:
        self.labels, self.itself = labels, self


class Holder:
    """An object of no known kind."""

    def __init__(self, held: Any) -> None:
        self.held = held

    def within(self, eps: float) -> Linf:
        return Linf(self.held * eps)


class Slotted:
    """An object that has no dict."""

    __slots__ = ("held",)

    def __init__(self, held: Any) -> None:
        self.held = held


class Holding(nn.Module):
    """A module that holds something besides parameters and buffers."""

    def __init__(self, held: Any) -> None:
        super().__init__()
        self.held = held


def circle(number: int) -> dict[str, Any]:
    """A list, a dict and a function that lead to each other."""
    ring: dict[str, Any] = {"number": number}
    ring |= {"list": [ring], "function": lambda: ring}
    return ring


HELD: dict[str, tuple[Any, Any]] = {
    "array": (np.zeros(3), np.array([0, 0, 1e-9])),
    "array's type": (np.zeros(2, "float32"), np.zeros(2, "int32")),
    "array of objects": (np.array([1, "a"], object), np.array([2, "a"], object)),
    "number of NumPy's": (np.float32(0.1), np.float32(0.2)),
    "bytes": (b"one", b"two"),
    "path": (Path("/a"), Path("/b")),
    "type of numbers": (torch.float32, torch.float64),
    "device": (torch.device("cpu"), torch.device("meta")),
    "set": ({1, "a"}, {2, "a"}),
    "frozen set": (frozenset({"x", "y"}), frozenset({"x", "z"})),
    "complex": (1j, 2j),
    "slice": (slice(1), slice(2)),
    "list": ([0.1, [0.2]], [0.1, [0.3]]),
    "tuple": ((1, torch.zeros(1)), (1, torch.ones(1))),
    "dict": ({"a": {"b": 1}}, {"a": {"b": 2}}),
    "objects": ([Holder(1)], [Holder(2)]),
    "model": (net(), net(1.5)),
    "goal": (Misclassify(torch.zeros(1).long()), Misclassify(torch.ones(1).long())),
    "function": (pgd, square),
    "made function": (scaled(1), scaled(2)),
    "method": (Holder(1).within, Holder(2).within),
    "built-in function": (torch.relu, torch.tanh),
    "default": (lambda x, by=1: x * by, lambda x, by=2: x * by),
    "constants": (lambda x: x in {"a", "b"}, lambda x: x in {"a", "c"}),
    "class": (Linf, L2),
    "circle": (circle(1), circle(2)),
    "object of an object": (Holder(Holder(1)), Holder(Holder(2))),
    "slots": (Slotted(1), Slotted(2)),
    "date": (date(2020, 1, 1), date(2021, 1, 1)),
    "queue": (deque([1]), deque([2])),
    "read-only dict": (MappingProxyType({1: 1}), MappingProxyType({1: 2})),
    "bound built-in function": ({1: 2}.get, {1: 3}.get),
}
HOLDERS = {
    "alone": lambda held: held,
    "option": lambda held: partial(pgd, starts=held),
    "object": Holder,
    "module": Holding,
}
ONE = torch.tensor([0, 1])
PAIRS = {
    "weights": (net(), net(1.5)),
    "structure": (net(), net(bias=False)),
    "images": (torch.zeros(2, 1), torch.tensor([[0.0], [1e-7]])),
    "shape": (torch.zeros(2, 1), torch.zeros(1, 2)),
    "type": (torch.zeros(2), torch.zeros(2).double()),
    "labels": (Misclassify(ONE), Misclassify(1 - ONE)),
    "measure": (Misclassify(ONE), Misclassify(ONE, margin)),
    "norm": (Linf, L2),
    "attack": (partial(pgd, steps=3), partial(square, steps=3)),
    "option": (partial(pgd, steps=3), partial(pgd, steps=4)),
    "options": (partial(pgd, steps=3), partial(pgd, steps=3, restarts=1)),
    "name": ({"pgd": pgd}, {"other": pgd}),
    "seed": (0, 1),
    "radii": ((0.0, 0.1), (0.0, 0.1, 0.2)),
    "nested": ([("a",), "b"], [("a", "b")]),
    "closure": (scaled(1), scaled(2)),
    "lambda": (lambda eps: Linf(eps), lambda eps: L2(eps)),
    "attribute": (Shifted(0.1), Shifted(0.2)),
    "object": (Wish(ONE), Wish(1 - ONE)),
    "origin": ("def build(): 1", "def build(): 2"),
    **{
        f"{name}, {kind}": (hold(one), hold(other))
        for name, (one, other) in HELD.items()
        for kind, hold in HOLDERS.items()
    },
}
