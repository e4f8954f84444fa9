"""What a model last said of each row, so that a closed row can be answered without being shown."""

import torch
from torch import Tensor

from robustlib._passes import Seen
from robustlib.types import Objective


class Memory:
    """One model's last answers, a line for each row.

    Gradients are kept by the number of losses they were asked for: a row that was asked for one
    gradient has no answer yet to a question for k.

    Args:
        count: Rows.
        device: Where they are.
    """

    def __init__(self, count: int, device: torch.device) -> None:
        self._nothing = torch.zeros(count, dtype=torch.bool, device=device)
        self._scores = _Store(self._nothing)
        self._slopes: dict[tuple[int, ...], _Store] = {}

    def keep(self, rows: Tensor, seen: Seen, retired: Tensor) -> None:
        """Remembers what was seen of distinct rows; a retired row's outputs are not written over.

        They are of the candidate that reached its goal, and must go on saying so.
        """
        write = ~(retired & self._scores.known[rows])
        if bool(write.all()):
            self._scores.put(rows, seen.outputs)
        else:
            self._scores.put(rows[write], seen.outputs[write])
        if seen.loss is not None and seen.gradient is not None:
            store = self._slopes.setdefault(tuple(seen.loss.shape[1:]), _Store(self._nothing))
            store.put(rows, seen.loss, seen.gradient)

    def knows_outputs(self, rows: Tensor) -> Tensor:
        """Whether outputs are remembered for each row."""
        return self._scores.known[rows]

    def knows_gradient(self, of: Objective, rows: Tensor) -> Tensor:
        """Whether a gradient of as many losses as `of` has is remembered for each row."""
        known = self._nothing[rows]
        for some in rows[self._scores.known[rows]][:1]:  # one row's outputs tell how many losses
            width = tuple(of(self._scores.of(some[None])[0], some[None]).shape[1:])
            if width in self._slopes:
                known = self._slopes[width].known[rows]
        return known

    def recall(self, rows: Tensor, of: Objective | None, shape: torch.Size) -> Seen:
        """The remembered answer of each input's row; the gradient too if `of` is given.

        A row whose budget ended before its gradient was ever asked has none: it is zero.
        """
        (outputs,) = self._scores.of(rows)
        if of is None:
            return Seen(outputs)
        loss = of(outputs, rows)
        store = self._slopes.get(tuple(loss.shape[1:]))
        if store is None:
            return Seen(outputs, loss, outputs.new_zeros(*loss.shape, *shape))
        return Seen(outputs, *store.of(rows))


class _Store:
    """Tensors with a line for each row, made when the first line comes."""

    def __init__(self, nothing: Tensor) -> None:
        self.known = nothing.clone()
        self._values: tuple[Tensor, ...] = ()

    def put(self, rows: Tensor, *values: Tensor) -> None:
        if not self._values:
            count = len(self.known)
            self._values = tuple(value.new_zeros(count, *value.shape[1:]) for value in values)
        for mine, value in zip(self._values, values, strict=True):
            mine[rows] = value
        self.known[rows] = True

    def of(self, rows: Tensor) -> tuple[Tensor, ...]:
        return tuple(value[rows] for value in self._values)
