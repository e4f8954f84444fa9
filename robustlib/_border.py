"""The border: what comes in is checked once, and the world outside is left as it was found."""

import itertools
import math
import random
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from numbers import Integral, Real
from types import TracebackType
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from robustlib.draws import Draws
from robustlib.errors import InputError, ThreatError
from robustlib.goals import Goal
from robustlib.threats import ThreatModel
from robustlib.types import Classifier

T = TypeVar("T")


class Border:
    """`with` it the engine works; outside, models and random numbers are as they were found.

    The engine's own random state begins at the seed and goes on from one `with` to the next, so
    that a randomised model sees the same numbers whatever its caller draws in between.

    Args:
        models: Whose buffers are put back if a pass has changed them.
        device: Where the work is done.
        seed: Of the run. None: nobody inside draws, and random states are not looked at.
    """

    def __init__(self, models: list[Classifier], device: torch.device, seed: int | None) -> None:
        self._device, self._seed, self._models = device, seed, models
        self._ours: tuple[Any, ...] = ()
        self._theirs: tuple[Any, ...] = ()
        self._stack = ExitStack()
        self.note_buffers()

    def note_buffers(self) -> None:
        """From now on the models' buffers are to be as they are now."""
        self._buffers = [
            (module, name, buffer, _version(buffer), buffer.clone())
            for model in self._models
            if isinstance(model, nn.Module)
            for module in model.modules()
            for name, buffer in module._buffers.items()
            if buffer is not None
        ]

    def __enter__(self) -> None:
        if self._seed is not None:
            self._theirs = _random_states(self._device)
            _set_random_states(self._device, self._ours or _seeded(self._device, self._seed))
        self._stack.enter_context(torch.inference_mode(False))
        self._stack.enter_context(torch.no_grad())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()
        if self._seed is not None:
            self._ours = _random_states(self._device)
            _set_random_states(self._device, self._theirs)
        for module, name, buffer, version, content in self._buffers:
            if _version(buffer) != version:
                buffer.data.copy_(content)
            if module._buffers.get(name) is not buffer:
                module._buffers[name] = buffer

    def around(self, work: Generator[T, None, None]) -> Generator[T, None, None]:
        """The same items, each made within the border and handed over outside it."""
        try:
            while True:
                with self:
                    item = next(work, None)
                if item is None:
                    return
                yield item
        finally:
            work.close()


def _random_states(device: torch.device) -> tuple[Any, ...]:
    there = torch.cuda.get_rng_state(device) if device.type == "cuda" else None
    return torch.get_rng_state(), there, np.random.get_state(), random.getstate()  # noqa: NPY002


def _set_random_states(device: torch.device, states: tuple[Any, ...]) -> None:
    here, there, numpys, pythons = states
    torch.set_rng_state(here)
    if there is not None:
        torch.cuda.set_rng_state(there, device)
    np.random.set_state(numpys)  # noqa: NPY002
    random.setstate(pythons)


def _seeded(device: torch.device, seed: int) -> tuple[Any, ...]:
    """The four random states that a run with this seed begins with."""
    there, short = None, seed % 2**63  # what torch takes
    if device.type == "cuda":
        there = torch.Generator(device).manual_seed(short).get_state()
    here = torch.Generator().manual_seed(short).get_state()
    numpys = np.random.RandomState(seed % 2**32).get_state()
    return here, there, numpys, random.Random(seed).getstate()


@contextmanager
def seeded(seed: int = 0) -> Iterator[None]:
    """Random numbers on the CPU begin at a seed; afterwards they go on as they would have."""
    device = torch.device("cpu")
    theirs = _random_states(device)
    _set_random_states(device, _seeded(device, seed))
    try:
        yield
    finally:
        _set_random_states(device, theirs)


def _version(buffer: Tensor) -> int:
    return 0 if buffer.is_inference() else buffer._version


def check_images(images: Tensor) -> None:
    """Raises an `InputError` unless these are numbers in [0, 1], one row each."""
    wanted = "images are a floating-point tensor [n, ...] with values in [0, 1], not"
    if not isinstance(images, Tensor):
        came = f"{type(images).__module__}.{type(images).__qualname__}"
        raise InputError(f"{wanted} a {came}: for an array, torch.from_numpy(array).float()")
    if not images.is_floating_point():
        raise InputError(f"{wanted} {images.dtype}: for grey levels, images.float() / 255")
    if images.ndim < 2:
        shape = tuple(images.shape)
        raise InputError(f"{wanted} shape {shape}: for one image, image.unsqueeze(0)")
    low, high = map(float, images.detach().aminmax()) if images.numel() else (0.0, 1.0)
    if not (low >= 0 and high <= 1):  # or NaN
        raise InputError(
            f"images lie in [0, 1]; these span {low} … {high}. Grey levels are divided by 255; "
            "a normalisation belongs inside the model"
        )


def check_counts(least: int = 1, /, **counts: object) -> None:
    """Raises an `InputError` unless each, named as users know it, is an integer from the least."""
    for name, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, Integral) or count < least:
            raise InputError(f"{name} is a count ≥ {least}, not {count!r}")


def check_range(interval: str, /, **numbers: Any) -> None:
    """Raises an `InputError` unless each, named as users know it, lies in one such as "(0, 1]"."""
    low, high = (float(end) for end in interval[1:-1].split(","))
    low = math.nextafter(low, math.inf) if interval[0] == "(" else low
    high = math.nextafter(high, -math.inf) if interval[-1] == ")" else high
    for name, number in numbers.items():
        real = isinstance(number, Real) and not isinstance(number, bool)
        if not (real and low <= number <= high):
            raise InputError(f"{name} is a number in {interval}, not {number!r}")


def check_draws(draws: object, images: Tensor) -> None:
    """Raises an `InputError` unless there is a random stream for each picture."""
    if not isinstance(draws, Draws):
        raise InputError(f"draws are Draws(seed, keys) with a key for each picture, not {draws!r}")
    if len(draws) != len(images):
        raise InputError(
            f"draws have a stream for each of {len(images)} pictures, not {len(draws)}: "
            "Draws(seed, range(len(images)))"
        )


def usable(device: torch.device | str) -> torch.device:
    """A device with its number, so that "cuda" says which; an `InputError` if it cannot be used."""
    try:
        return torch.empty(0, device=device).device
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"device {str(device)!r} cannot be used here: {reason}") from error


def check_wishes(goal: Goal, threat: ThreatModel) -> None:
    """Raises an `InputError` for what other libraries take instead: labels and a number."""
    if not isinstance(goal, Goal):
        came = type(goal).__name__
        raise InputError(f"goal is what the attacker wants, as Misclassify(labels), not a {came}")
    if not isinstance(threat, ThreatModel):
        raise InputError(f"threat is a norm with its radius, as Linf(8 / 255), not {threat!r}")


def check_model(model: Classifier, name: str, device: torch.device) -> None:
    """Raises an `InputError` unless the model is in eval mode and on the device."""
    if not callable(model):
        raise InputError(f"the {name} must be callable, images to logits; {model!r} is not")
    if not isinstance(model, nn.Module):
        return
    training = next((place for place, module in model.named_modules() if module.training), None)
    if training is not None:
        where = f"its module {training!r}" if training else "it"
        raise InputError(
            f"the {name} must be in eval mode, but {where} is in train mode, where attacks change "
            "batch statistics and dropout hides the gradient: call model.eval() first"
        )
    elsewhere = home_of(model)
    if elsewhere is not None and elsewhere != device:
        raise InputError(f"the {name} is on {elsewhere}, the attack on {device}: move the model")


def home_of(model: Classifier) -> torch.device | None:
    """The device of a model's parameters, if it has any."""
    if not isinstance(model, nn.Module):
        return None
    first = next(itertools.chain(model.parameters(), model.buffers()), None)
    return None if first is None else first.device


def allowed(threat: ThreatModel, images: Tensor) -> Tensor:
    """How far each row may be moved, in double precision: its radius, and a rounding more."""
    radius = threat.radius(images.double())  # not of the images' own kind: that may round it up
    return radius + torch.finfo(images.dtype).eps * radius.clamp(min=1)


def check_promise(adversarial: Tensor, images: Tensor, threat: ThreatModel, attack: str) -> Tensor:
    """The distance of each row, in double precision.

    Raises:
        ThreatError: If a row is more than a rounding outside the ball, or outside the box.
    """
    distance = threat.distance(adversarial.double(), images.double())
    outside = (adversarial < 0) | (adversarial > 1) | adversarial.isnan()
    wrong = (distance > allowed(threat, images)) | outside.flatten(1).any(dim=1)
    if bool(wrong.any()):
        row = int(wrong.nonzero()[0])
        raise ThreatError(
            f"{attack} offered a candidate for row {row} outside the box or at a distance of "
            f"{float(distance[row])} where {float(threat.radius(images)[row])} is allowed; project "
            "candidates with threat.project, and ask about other points with candidate=False"
        )
    return distance.to(images.dtype)
