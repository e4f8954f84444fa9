"""Fast passes: a copy of the model in bfloat16 proposes, the model itself in float32 decides.

The copy has its batch normalisation folded into its convolutions, where the model can be traced,
and its weights in the order that convolutions like. What it calls a success is shown to the model
itself before anybody hears of it, and every few passes so is everything: only what the model
itself has seen can be a result.
"""

import copy
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal

import torch
from torch import Tensor, nn
from torch.fx import GraphModule, Node, symbolic_trace
from torch.nn.utils import convert_conv2d_weight_memory_format
from torch.nn.utils.fusion import fuse_conv_bn_eval

from robustlib import doubts
from robustlib._passes import Passes, Places, Request, Seen
from robustlib.errors import InputError
from robustlib.questions import Access
from robustlib.types import Classifier

_EVERY = 16
"""In one of so many passes everything is looked at."""

_NEAR = 4
"""In one of so many passes what is all but there is looked at."""

_BEAT = (5**0.5 - 1) / 2
"""Shares of a turn from one pass to the next: who asks by turns is in step with no count of it."""

_GAP = 2**-5
"""Between the two highest logits, as a share of the largest: rounding may have made it."""

_SAMPLE, _LAUNCHED = 16, 256
"""Inputs that are timed: on a CPU a few tell as much as many, elsewhere they tell of launches."""

_WORTH = 0.8
"""The share of float32's time above which bfloat16 is left alone."""

_TIMES = 3
"""Passes of each that are timed; the quickest counts, since in the first there is more to do."""

Precision = Literal["full", "fast"]
_Loss = Callable[[Tensor, Places], Tensor]


class FastPasses(Passes):
    """Passes whose proposals come from a copy in bfloat16.

    Requests that propose are shown to the copy. Those inputs whose goal is reached there, and all
    of one pass in sixteen, are shown to the model too, and its answer takes the other's place:
    `Seen.sure` marks them. All other requests are answered by the model alone.

    Args:
        model: The model, of float32.
        size: Inputs in a pass; None: by the device and the size of an input.

    Raises:
        InputError: If the model is no module, or not of float32.
    """

    def __init__(self, model: Classifier, *, size: int | None = None) -> None:
        if not isinstance(model, nn.Module):
            raise InputError('precision="fast" copies the model, which must be an nn.Module')
        types = {each.dtype for each in model.parameters() if each.is_floating_point()}
        if types - {torch.float32}:
            raise InputError(f'precision="fast" is for models of float32, not {types}')
        super().__init__(model, size=size)
        self.precision = "fast"
        self._module = model
        self._quick: Passes | None = None
        self._shows = 0

    def weigh(self, images: Tensor, *, graded: bool) -> int:
        """Makes the copy and times it; where it gains too little, it is left alone from then on.

        Args:
            images: Some to try it on.
            graded: Whether gradients will be asked for.

        Returns:
            How many inputs the model was shown for it.
        """
        plain = Passes(self.model, size=self.size)
        most = _SAMPLE if images.device.type == "cpu" else _LAUNCHED
        sample = images[: min(most, plain.room(Request((images,))))]
        loss = _total if graded else None
        try:
            own = _seconds(plain, sample, loss)
        except Exception as error:  # the attack will meet it too, if it matters
            self.precision = f"float32: the model fails where it is timed ({type(error).__name__})"
            return len(sample)
        try:
            quick, rough = self._copied(sample, loss)
        except Exception as error:
            self.precision = f"float32: the model does not run in bfloat16 ({type(error).__name__})"
            return _TIMES * len(sample)
        if rough / own > _WORTH:
            self.precision = f"float32: bfloat16 takes {rough / own:.2f} of its time here"
        else:
            self._quick = quick
        return _TIMES * len(sample)

    def _copied(self, sample: Tensor, loss: _Loss | None) -> tuple[Passes, float]:
        """The passes of a copy, and the seconds of one."""
        quick = Passes(_Quick(_folded(self._module, sample)), size=self.size)
        try:
            return quick, _seconds(quick, sample, loss)
        except RuntimeError:  # what was taken for the last layer is not: others follow, in bfloat16
            quick = Passes(_Quick(_folded(self._module, sample), head=False), size=self.size)
        return quick, _seconds(quick, sample, loss)

    def show(self, requests: Sequence[Request]) -> list[Seen]:
        """The model's answers, or its copy's where they were only proposed."""
        if self._quick is None or not any(request.reached for request in requests):
            return super().show(requests)
        if self.size is not None:
            self._quick.size = min(self.size, self._quick.size or self.size)
        proposed = [number for number, each in enumerate(requests) if each.reached]
        found = dict(zip(proposed, self._proposals([requests[i] for i in proposed]), strict=True))
        others = [number for number in range(len(requests)) if number not in found]
        if others:
            answers = super().show([requests[number] for number in others])
            found.update(zip(others, answers, strict=True))
        return [found[number] for number in range(len(requests))]

    def _proposals(self, requests: Sequence[Request]) -> list[Seen]:
        assert self._quick is not None
        self._shows += 1
        seen = self._quick.show(requests)
        marks = [self._doubted(*pair) for pair in zip(requests, seen, strict=True)]
        places = [mark.nonzero().squeeze(1) for mark in marks]
        again = [
            Request(tuple(array[there] for array in request.inputs))
            for request, there in zip(requests, places, strict=True)
            if len(there)
        ]
        decided = iter(super().show(again) if again else ())
        return [
            _corrected(request, one, there, next(decided) if len(there) else None)
            for request, one, there in zip(requests, seen, places, strict=True)
        ]

    def _doubted(self, request: Request, seen: Seen) -> Tensor:
        """Which proposals the model is to see itself."""
        whole, logits = slice(0, len(request)), seen.outputs
        assert request.reached is not None
        reached = request.reached(logits, whole)
        turn = self._shows * _BEAT % 1
        if turn * _EVERY < 1:
            return torch.ones_like(reached)
        if turn * _NEAR >= 1 or logits.ndim != 2 or logits.shape[1] < 2:
            return reached
        first, second = logits.topk(2, dim=1).values.unbind(1)
        return reached | (first - second < _GAP * logits.abs().amax(dim=1))


def check_precision(precision: Precision, images: Tensor, access: Access, **others: object) -> None:
    """Raises an `InputError` where an attack cannot be run in a precision.

    Args:
        precision: "full" or "fast".
        images: What is attacked.
        access: The attack's level.
        others: Terms that are not to be had together with "fast", by name.
    """
    if precision not in ("full", "fast"):
        raise InputError(f'precision is "full" or "fast", not {precision!r}')
    if precision == "full":
        return
    if access is Access.DECISION:
        raise InputError(
            'precision="fast" is for attacks by gradients or scores: one by decisions walks along '
            "a border that lies elsewhere in bfloat16"
        )
    if images.dtype != torch.float32:
        raise InputError(f'precision="fast" is for images of float32, not {images.dtype}')
    if given := [name for name, value in others.items() if value]:
        raise InputError(f'{given[0]} is not to be had with precision="fast", which is rougher')


class _Quick(nn.Module):
    """A model in bfloat16 that takes and gives float32; `head` keeps its last layer in that."""

    def __init__(self, model: nn.Module, *, head: bool = True) -> None:
        super().__init__()
        model = convert_conv2d_weight_memory_format(model.bfloat16(), torch.channels_last)
        linear = [name for name, each in model.named_modules() if name and type(each) is nn.Linear]
        for name in linear[-1:] if head else ():
            model.set_submodule(name, _Head(model.get_submodule(name)))
        self.model = model.eval()

    def forward(self, images: Tensor, *others: Tensor) -> Tensor:
        """The answer, rounded on the way."""
        order = torch.channels_last if images.ndim == 4 else torch.preserve_format
        half = images.to(torch.bfloat16, memory_format=order)
        outputs: Tensor = self.model(half, *others)
        return outputs.float()


class _Head(nn.Module):
    """The last layer in float32: rounded to bfloat16, logits lose the gaps that they are about."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer.float()

    def forward(self, features: Tensor) -> Tensor:
        """The logits."""
        logits: Tensor = self.layer(features.float())
        return logits


def _folded(model: nn.Module, images: Tensor) -> nn.Module:
    """A frozen copy without batch normalisation, or with it where the model cannot be traced."""
    same = copy.deepcopy(model).requires_grad_(False)
    try:
        folded = _without_norms(symbolic_trace(same))
        with torch.no_grad():
            alike = doubts.alike(folded(images), same(images))
    except Exception:  # whatever a model of one's own raises when it is traced
        return same
    return folded.requires_grad_(False) if alike else same


def _without_norms(traced: GraphModule) -> GraphModule:
    """Each normalisation that follows a convolution multiplied into the convolution's weights."""
    calls = [node for node in traced.graph.nodes if node.op == "call_module"]
    times = Counter(node.target for node in calls)
    for node in calls:
        before, norm = node.args[0], traced.get_submodule(node.target)
        if type(norm) is not nn.BatchNorm2d or not isinstance(before, Node):
            continue
        if before.op != "call_module" or len(before.users) > 1 or times[before.target] > 1:
            continue
        convolution = traced.get_submodule(str(before.target))
        if type(convolution) is nn.Conv2d:
            traced.set_submodule(str(before.target), fuse_conv_bn_eval(convolution, norm))
            node.replace_all_uses_with(before)
            traced.graph.erase_node(node)
    traced.recompile()
    traced.delete_all_unused_submodules()
    return traced


def _total(outputs: Tensor, part: Places) -> Tensor:
    return outputs.float().reshape(len(outputs), -1).sum(dim=1)


def _seconds(passes: Passes, images: Tensor, loss: _Loss | None) -> float:
    taken = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        passes.show([Request((images,), loss)])[0].outputs.sum().item()  # waits for the device
        taken.append(time.perf_counter() - began)
    return min(taken)


def _corrected(request: Request, seen: Seen, there: Tensor, decided: Seen | None) -> Seen:
    """What was proposed, with the model's own outputs and losses where it was asked."""
    sure = torch.zeros(len(request), dtype=torch.bool, device=seen.outputs.device)
    if decided is None:
        return Seen(seen.outputs, seen.loss, seen.gradient, sure)
    sure[there] = True
    outputs = seen.outputs.index_copy(0, there, decided.outputs)
    loss = seen.loss
    if loss is not None and request.loss is not None:
        loss = loss.index_copy(0, there, request.loss(decided.outputs, there))
    return Seen(outputs, loss, seen.gradient, sure)
