"""A model's health before it is attacked: what would make it look stronger, or weaker, than it is.

An attack can be no better than what it is shown. `diagnose` asks a model a few hundred things in
less than a minute, and says of each what was seen, why it matters and what to do.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import nan
from typing import Any

from jaxtyping import Int
from torch import Tensor, nn

from robustlib import _answers, _slopes, doubts
from robustlib._border import Border, check_images
from robustlib._patient import Check, Finding, Patient
from robustlib._samples import suited
from robustlib._slopes import told
from robustlib.errors import InputError
from robustlib.types import Classifier, Images

Report = Callable[[str, int, int], None]
"""report(check, done, of): called before each check."""

ANSWERS: dict[str, Check] = {
    "precision": _answers.precision,
    "logits": _answers.logits,
    "scale": _answers.scale,
    "rows": _answers.rows,
    "steady": _answers.steady,
}
SLOPES: dict[str, Check] = {
    "slope": _slopes.slope,
    "differences": _slopes.differences,
    "surface": _slopes.surface,
    "unbounded": _slopes.unbounded,
    "black box": _slopes.black_box,
}


@dataclass(frozen=True)
class Diagnosis:
    """What an examination has found.

    Args:
        findings: One of each check.
        images: How many pictures were shown.
        classes: How many classes the model tells apart; 0 where it answers no scores.
        forward: Seconds of a forward pass of all pictures.
        backward: Seconds of one with its gradient; NaN where there is none.
    """

    findings: tuple[Finding, ...]
    images: int
    classes: int
    forward: float
    backward: float

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """What is not well."""
        return tuple(each for each in self.findings if each.healthy is False)

    @property
    def healthy(self) -> bool:
        """Whether nothing is doubted."""
        return not self.doubts

    def record(self) -> dict[str, str | int | float]:
        """A flat dict for tables: the verdict of each check, and what it saw."""
        told: dict[str, str | int | float] = {
            "healthy": int(self.healthy),
            "images": self.images,
            "classes": self.classes,
            "forward_seconds": self.forward,
            "backward_seconds": self.backward,
        }
        for each in self.findings:
            name = each.name.replace(" ", "_")
            told[name] = {True: "healthy", False: "doubt", None: "not examined"}[each.healthy]
            told[f"{name}_seen"] = each.seen
        return told


def diagnose(
    model: Classifier,
    images: Images,
    labels: Int[Tensor, " n"] | None = None,
    *,
    eps: float = 8 / 255,
    report: Report | None = None,
) -> Diagnosis:
    """Examines a model.

    It is left as it was found: mode, buffers and random states too. In train mode it is examined
    in eval mode.

    Args:
        model: Images in [0, 1] to logits.
        images: Pictures, two at least; the more they are like those of its training, the more its
            answers mean. Sixty will do.
        labels: Their true classes: only by them can it be told whether the normalisation is
            inside the model. None: nobody knows.
        eps: The radius at which attacks are compared, in pixel units of [0, 1].
        report: Called before each check.

    Returns:
        What was found.

    Raises:
        InputError: If there are fewer than two pictures, they are none in [0, 1], or there is not
            one label for each.

    Examples:
        >>> import torch
        >>> pictures = torch.rand(20, 1, 4, 4, generator=torch.Generator().manual_seed(0))
        >>> model = lambda images: (images * 9).flatten(1)[:, :4]
        >>> diagnose(model, pictures).healthy
        True
        >>> [each.name for each in diagnose(lambda x: model(x).softmax(1), pictures).doubts]
        ['logits']
    """
    _check(images, labels)
    images = suited(images, model)
    labels = None if labels is None else labels.to(images.device)
    with Border([model], images.device, 0), _in_eval_mode(model) as mode:
        patient, numbers, forward = _met(model, images, labels, eps)
        backward = _seconds_of_slopes(patient) if patient.scores else nan
        plan = _plan(patient, sloped=math.isfinite(backward))
        findings = [mode, numbers]
        for number, name in enumerate(plan):
            if report:
                report(name, number, len(plan))
            findings.append(_found(name, plan[name], patient))
            if name == "rows" and findings[-1].healthy is False:  # one by one they would take long
                plan |= _left_out(_slopes.ATTACKS, "its rows depend on each other")
    classes = patient.outputs.shape[1] if patient.scores else 0
    return Diagnosis(tuple(findings), len(images), classes, forward, backward)


def _check(images: Images, labels: Tensor | None) -> None:
    check_images(images)
    if len(images) < 2:
        raise InputError(f"a model is examined on two pictures at least, not {len(images)}")
    if labels is not None and labels.shape != (len(images),):
        raise InputError(f"{len(images)} pictures came with labels of shape {tuple(labels.shape)}")


def _met(
    model: Classifier, images: Images, labels: Tensor | None, eps: float
) -> tuple[Patient, Finding, float]:
    """The patient, after two looks; whether its answers are of use at all; seconds of a look."""
    try:
        model(images.clone())
        began = time.perf_counter()
        outputs, again = model(images.clone()), model(images.clone())
    except Exception as error:  # a transformer asserts the size that it takes
        shape = tuple(images.shape)
        raise InputError(f"the model fails on pictures of shape {shape}: {told(error)}") from error
    seconds = (time.perf_counter() - began) / 2
    if not isinstance(outputs, Tensor) or not outputs.ndim or len(outputs) != len(images):
        came = tuple(outputs.shape) if isinstance(outputs, Tensor) else type(outputs).__name__
        patient = Patient(model, images, images.new_full((len(images), 1), nan), labels, eps)
        seen = f"{came} for {len(images)} pictures"
        return patient, replace(_answers.numbers(patient), seen=seen), seconds
    steady = doubts.alike(outputs.nan_to_num(), again.nan_to_num())
    patient = Patient(model, images, outputs, labels, eps, random=not steady)
    return patient, _answers.numbers(patient), seconds


def _plan(patient: Patient, *, sloped: bool) -> dict[str, Check]:
    """Every check; what cannot be examined says why instead."""
    every = {**ANSWERS, "inside": _answers.inside, **SLOPES}
    follow = {*SLOPES} - {"slope"}
    if not patient.scores:
        return every | _left_out(every, "it needs scores")
    if not sloped:
        every |= _left_out(follow, "it needs a gradient")
    if patient.labels is None:
        every |= _left_out({"inside"}, "it needs pictures with their true labels")
    if patient.random:
        every |= _left_out({"rows", *follow}, "the model answers at random")
    return every


def _left_out(names: Iterable[str], said: str) -> dict[str, Check]:
    def check(name: str) -> Check:
        return lambda patient: Finding(name, None, f"not examined: {said}")

    return {name: check(name) for name in names}


def _found(name: str, check: Check, patient: Patient) -> Finding:
    """What a check saw; a model that lets it down is ill there."""
    try:
        return check(patient)
    except Exception as error:  # BatchNorm raises a ValueError at one picture
        why = "what an attack does with a model cannot be done with this one"
        return Finding(name, False, f"the model failed: {told(error)}", why, _slopes.THROUGH)


def _seconds_of_slopes(patient: Patient) -> float:
    """Of a pass with its gradient; NaN if it has none."""
    began = time.perf_counter()
    try:
        _slopes.slopes(patient)
    except Exception:  # the check that is named for it tells what
        return nan
    return time.perf_counter() - began


@contextmanager
def _in_eval_mode(model: Any) -> Iterator[Finding]:
    """For a while; and in which mode it came."""
    modules = list(model.named_modules()) if isinstance(model, nn.Module) else []
    training = [(name, module) for name, module in modules if module.training]
    named = ", ".join(repr(name or "the model") for name, _ in training[:3])
    seen = f"{len(training)} of {len(modules)} modules in train mode: {named}"
    for _, module in training:
        module.training = False
    try:
        yield Finding(
            "mode",
            not training,
            seen if training else "eval mode",
            "in train mode dropout and batch statistics answer at random, and each look changes "
            "the model",
            "call model.eval() after loading and after training",
        )
    finally:
        for _, module in training:
            module.training = True
