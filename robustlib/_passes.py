"""The only place that calls a model: passes of the right size, with or without a gradient."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor

from robustlib.errors import ModelError
from robustlib.types import Classifier, Outputs

_LARGEST = 2**25 - 2**14
"""Bytes of the largest block that glibc's allocator learns from: 32 MiB and its own lines."""

Places = slice | Tensor

_TILE = 16
"""Inputs in a pass of the exact mode: enough to fill the machine, little to waste on one image."""


@dataclass(frozen=True, eq=False)
class Request:
    """Inputs to be shown, and the losses [b] or [b, k] of the outputs at some of them.

    `reached` says of outputs whether the goal is; it is given where a rougher answer will do that
    only proposes (`robustlib._fast`).
    """

    inputs: tuple[Tensor, ...]
    loss: Callable[[Outputs, Places], Tensor] | None = None
    reached: Callable[[Outputs, Places], Tensor] | None = None

    def __len__(self) -> int:
        return len(self.inputs[0])


@dataclass(frozen=True, eq=False)
class Seen:
    """What the model made of a request; loss and gradient where a loss was given.

    `sure` marks what the model itself has answered, where another proposes; None: all of it.
    """

    outputs: Outputs
    loss: Tensor | None = None
    gradient: Tensor | None = None
    sure: Tensor | None = None

    def take(self, places: Places) -> "Seen":
        """Some of it, all of it sure or nothing asked about that."""
        if self.loss is None or self.gradient is None:
            return Seen(self.outputs[places])
        return Seen(self.outputs[places], self.loss[places], self.gradient[places])


class Passes:
    """Shows inputs to a model in passes of the device's best size.

    A pass that runs out of memory is halved and tried again. Gradients of parameters are never
    computed, and the parameters need not be touched for it: autograd is asked for the input's
    alone, and skips the others.

    Args:
        model: The model.
        size: Inputs in a pass; None: by the device and the size of an input.
        exact: Pads each pass to one fixed size, so that a row's result is the same, bit for bit,
            whatever stands beside it.
    """

    def __init__(self, model: Classifier, *, size: int | None = None, exact: bool = False) -> None:
        self.model = model
        self.exact = exact
        self.precision = "full"  # how it works, as a result says it
        self.size = _TILE if exact else size
        # Freed once, blocks up to its size are kept from now on: given back to the system after
        # each pass, their pages would be asked for, and zeroed, again in the next.
        torch.empty(_LARGEST, dtype=torch.uint8, device="cpu")

    def weigh(self, images: Tensor, *, graded: bool) -> int:
        """Nothing here: what works in another precision tries it. How many inputs that took."""
        return 0

    def show(self, requests: Sequence[Request]) -> list[Seen]:
        """The model's answers to several requests, as one batch.

        Raises:
            ModelError: If the model answers NaN, or nothing that can be differentiated.
        """
        inputs = tuple(map(_joined, zip(*(request.inputs for request in requests), strict=True)))
        parts: list[list[Seen]] = [[] for _ in requests]
        start, count = 0, len(inputs[0])
        while start < count:
            stop = start + self._share_of(count - start, inputs[0])
            try:
                seen = self._pass(inputs, slice(start, stop), requests)
            except RuntimeError as error:
                if not self._halve(error, stop - start):
                    raise
                continue
            for number, part in seen:
                parts[number].append(part)
            start = stop
        return [united(found) for found in parts]

    @property
    def kind(self) -> tuple[object, ...]:
        """Conversations with equal kinds may be shown to the model by the same passes."""
        return id(self.model), self.exact, self.precision

    def room(self, request: Request) -> int:
        """How many such inputs a pass holds."""
        return self._size_for(request.inputs[0])

    def _pass(
        self, inputs: tuple[Tensor, ...], where: slice, requests: Sequence[Request]
    ) -> list[tuple[int, Seen]]:
        """Shows one slice of the joined inputs; says which request each part answers."""
        count = where.stop - where.start
        shown = [self._padded(array[where].detach(), count) for array in inputs]
        pieces = _overlaps(requests, where)
        graded = any(requests[number].loss is not None for number, _, _ in pieces)
        with torch.set_grad_enabled(graded):
            point = shown[0].requires_grad_(graded)
            shown[0] = point.clone()  # a model may write into its input
            outputs = _checked(self._answer(shown), len(shown[0]))[:count]
            losses = [_loss(requests[number], outputs[at], part) for number, at, part in pieces]
            gradients = _gradients(point, losses, [at for _, at, _ in pieces])
        outputs = outputs.detach()
        return [
            (number, Seen(outputs[at], None if loss is None else loss.detach(), gradient))
            for (number, at, _), loss, gradient in zip(pieces, losses, gradients, strict=True)
        ]

    def _answer(self, shown: Sequence[Tensor]) -> object:
        """The model's own answer; what it raises says from now on what it was shown."""
        try:
            return self.model(*shown)
        except Exception as error:
            error.add_note(_told(shown[0]))
            raise

    def _share_of(self, left: int, inputs: Tensor) -> int:
        """Inputs in the next pass: on a CPU alike many in each, for small ones cost more a row."""
        most = self._size_for(inputs)
        if self.exact or inputs.device.type != "cpu":
            return min(most, left)
        return -(-left // -(-left // most))

    def _size_for(self, inputs: Tensor) -> int:
        if self.size is None:
            self.size = _best_size(inputs)
        return self.size

    def _halve(self, error: RuntimeError, count: int) -> bool:
        """Whether it was for want of memory and a smaller pass may be tried."""
        short = isinstance(error, torch.OutOfMemoryError) or "allocate memory" in str(error)
        if not short or count == 1 or self.exact:
            return False
        self.size = min(self.size or count, 2 * count - 1) // 2  # it was an even share of the size
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        return True

    def _padded(self, array: Tensor, count: int) -> Tensor:
        """Repeats the last input up to the size of the pass.

        On the CPU any size will do; on an accelerator each new one costs a plan, so there are few.
        """
        size = count
        if self.exact:
            size = _TILE
        elif array.device.type != "cpu":
            size = min(bucket(count), self._size_for(array))
        if size == count:
            return array
        return torch.cat([array, array[-1:].expand(size - count, *array.shape[1:])])


def bucket(count: int) -> int:
    """The smallest of 8, 16, 32, … that holds so many rows.

    Examples:
        >>> [bucket(count) for count in (1, 8, 9, 100)]
        [8, 8, 16, 128]
    """
    return max(8, 1 << (count - 1).bit_length())


def _best_size(inputs: Tensor) -> int:
    """Inputs in a pass: on a CPU as many as its caches hold, elsewhere as keep it busy."""
    numbers = max(1, inputs[:1].numel())
    if inputs.device.type == "cpu":
        return min(max(bucket(2**19 // numbers) // 2, 8), 256) * torch.get_num_threads()
    return min(max(bucket(2**24 // numbers), 32), 4096)


def _overlaps(requests: Sequence[Request], where: slice) -> list[tuple[int, slice, slice]]:
    """For each request with inputs in a pass: its number, their place there and in the request."""
    found, start = [], 0
    for number, request in enumerate(requests):
        low, high = max(where.start, start), min(where.stop, start + len(request))
        if low < high:
            at = slice(low - where.start, high - where.start)
            found.append((number, at, slice(low - start, high - start)))
        start += len(request)
    return found


def _loss(request: Request, outputs: Outputs, part: slice) -> Tensor | None:
    if request.loss is None:
        return None
    if not outputs.requires_grad:  # labels, or scores that were detached
        raise ModelError(
            "no gradient flows from the model's outputs to its input; a score- or decision-based "
            "attack needs none"
        )
    return request.loss(outputs, part)


def _gradients(
    point: Tensor, losses: Sequence[Tensor | None], places: Sequence[slice]
) -> list[Tensor | None]:
    """Each loss's gradient at its place: k of them for a loss [b, k], on one forward pass."""
    columns = [() if loss is None else loss.reshape(len(loss), -1).unbind(1) for loss in losses]
    depth = max(map(len, columns))
    found = []
    for level in range(depth):
        total = reduce(torch.add, [some[level].sum() for some in columns if level < len(some)])
        found.append(_gradient(total, point, keep=level + 1 < depth))
    return [
        None
        if loss is None
        else found[0][at]
        if loss.ndim == 1
        else torch.stack([gradient[at] for gradient in found[: len(some)]], dim=1)
        for loss, some, at in zip(losses, columns, places, strict=True)
    ]


def _gradient(total: Tensor, point: Tensor, *, keep: bool) -> Tensor:
    (gradient,) = torch.autograd.grad(total, point, retain_graph=keep, allow_unused=True)
    if gradient is None:
        raise ModelError("the model's outputs do not depend on its input in a way that has a slope")
    if bool(gradient.sum().isnan()) and bool(gradient.isnan().any()):  # the sum is the cheap test
        raise ModelError("the model's gradient is NaN: it has a pole at one of these images")
    return gradient.contiguous()  # of a channels_last model it is not, and sums with it crawl


def _checked(outputs: object, count: int) -> Outputs:
    if not isinstance(outputs, Tensor) or not outputs.ndim or len(outputs) != count:
        shape = tuple(outputs.shape) if isinstance(outputs, Tensor) else type(outputs).__name__
        raise ModelError(
            f"the model must answer {count} inputs with a tensor of as many rows, not {shape}; "
            "wrap it in one that returns its logits alone"
        )
    if bool(outputs.isnan().any()):
        raise ModelError("the model answered NaN: its weights or its normalisation are broken")
    return outputs


def _told(images: Tensor) -> str:
    """What a model that raised was shown, and what users mostly meant."""
    said = f"the model was shown {len(images)} x {tuple(images.shape[1:])} of {images.dtype}"
    if images.ndim < 4:
        said += "; one image alone needs a batch axis: image.unsqueeze(0)"
    if images.dtype == torch.float64:
        said += "; weights of float32 need images.float()"
    return said


def _joined(arrays: Sequence[Tensor]) -> Tensor:
    return arrays[0] if len(arrays) == 1 else torch.cat(list(arrays))


def united(parts: Sequence[Seen]) -> Seen:
    """What was seen of the pieces of a request, as of one."""
    if len(parts) == 1:
        return parts[0]
    losses = [part.loss for part in parts if part.loss is not None]
    gradients = [part.gradient for part in parts if part.gradient is not None]
    outputs = torch.cat([part.outputs for part in parts])
    if not losses:
        return Seen(outputs)
    return Seen(outputs, torch.cat(losses), torch.cat(gradients))
