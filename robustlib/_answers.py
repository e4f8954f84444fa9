"""Checks of what a model answers: numbers, logits, alone as in company, the same each time."""

from itertools import chain

import torch
from torch import Tensor, nn

from robustlib import doubts
from robustlib._patient import Finding, Patient, share
from robustlib.losses import margin

SMALL, LARGE = 1e-4, 88.0
"""Of the lead of the first class: float32's exp(-88) is the last that is a normal number."""

HALF = (torch.float16, torch.bfloat16)


def numbers(patient: Patient) -> Finding:
    """Are the answers scores, one row for each picture, and all of them numbers?"""
    told = patient.outputs
    seen = f"{told.dtype} of shape {tuple(told.shape)}".removeprefix("torch.")
    odd = int((~told.isfinite()).reshape(len(told), -1).any(dim=1).sum())
    if odd:
        seen += f", {odd} of {len(told)} rows NaN or infinite"
    return Finding(
        "numbers",
        patient.scores,
        seen,
        "attacks by gradients and scores compare logits [n, k]; labels, NaN and lists say too "
        "little, and only decision-based attacks are left",
        "return the logits alone, a floating-point tensor [n, k] with k ≥ 2; where they are NaN, "
        "look for weights that have run away or a division by zero",
    )


def precision(patient: Patient) -> Finding:
    """Is it computed in float32 or finer?"""
    kinds = {patient.outputs.dtype}
    if isinstance(patient.model, nn.Module):
        held = chain(patient.model.parameters(), patient.model.buffers())
        kinds |= {each.dtype for each in held if each.is_floating_point()}
    names = sorted(str(kind).removeprefix("torch.") for kind in kinds)
    return Finding(
        "precision",
        not kinds & {*HALF},
        ", ".join(names),
        "half precision has two or three digits: small slopes round to zero, and small changes of "
        "a picture to none, so that the model looks stronger than it is",
        "attack it in float32, as model.float(), and hold what is found against the fast one",
    )


def logits(patient: Patient) -> Finding:
    """Does it answer logits, or probabilities?"""
    told = patient.outputs.double()
    least, most, total = float(told.min()), float(told.max()), float(told.sum(dim=1).mean())
    return Finding(
        "logits",
        not doubts.shares(patient.outputs),
        f"{least:.3g} … {most:.3g}, rows add up to {total:.3g} on average",
        "probabilities round to 0 and 1, and there neither slopes nor differences are left",
        "return what comes before the softmax, or wrap it: robustlib.stand_ins.Logits(model)",
    )


def scale(patient: Patient) -> Finding:
    """Are logits of a size that floating point tells apart?"""
    told = patient.outputs.double()
    lead = margin(told, told.argmax(dim=1)).abs()
    typical = float(lead.median())
    if bool((patient.outputs == patient.outputs[:1]).all()):
        seen, healthy = f"the same answer to all {len(lead)} pictures", False
    else:
        seen = f"the first class leads by {typical:.3g} (median)"
        healthy = typical >= SMALL and share(lead > LARGE) <= 0.1
    return Finding(
        "scale",
        healthy,
        seen,
        f"beyond {LARGE:g} the softmax of float32 is 0 or 1 and the cross-entropy has no slope; "
        f"below {SMALL:g} rounding drowns it: other libraries' attacks fail there",
        "divide the logits by a constant (their order stays), or attack with measure=margin or "
        "dlr; where all answers are the same, see that the input is used",
    )


def rows(patient: Patient) -> Finding:
    """Does a picture's answer depend on that picture alone?"""
    some = patient.images[:8]
    alone = torch.cat([patient.model(image[None].clone()) for image in some])
    gap = float((alone.double() - patient.outputs[: len(some)].double()).abs().max())
    alike = doubts.alike(alone, patient.outputs[: len(some)])
    return Finding(
        "rows",
        alike,
        f"alone and in a batch of {len(patient.images)} they differ by {gap:.2g} at most",
        "a picture's verdict then depends on its neighbours, and a batch of adversarial ones is "
        "another batch: robust accuracy is not defined",
        "keep running statistics in BatchNorm (track_running_stats=True) and call model.eval(); "
        "the engine shows such a model one picture at a time",
    )


def steady(patient: Patient) -> Finding:
    """Does it answer the same picture the same way twice?"""
    again = patient.model(patient.images.clone())
    gap = float((again.double() - patient.outputs.double()).abs().max())
    return Finding(
        "steady",
        not patient.random,
        f"the same batch twice differs by {gap:.2g} at most",
        "chance hides slopes, and a success is one draw's: such a defence falls to attacks that "
        "average",
        "attack with robustlib.attacks.eot, and judge by many draws; functional.dropout needs "
        "training=self.training",
    )


ELSEWHERE = {
    "ImageNet's mean and spread": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "CIFAR-10's mean and spread": ((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
    "MNIST's mean and spread": ((0.1307,), (0.3081,)),
    "[-1, 1]": ((0.5,), (0.5,)),
    "grey levels 0 … 255": ((0.0,), (1 / 255,)),
}
"""Ranges that training scripts bring pictures to, as a mean and a spread for each channel."""


def inside(patient: Patient) -> Finding:
    """Is the normalisation inside the model: does it name pictures in [0, 1] best?"""
    told = {"[0, 1]": _right(patient, patient.images)}
    for name, (mean, spread) in ELSEWHERE.items():
        if len(mean) in (1, patient.images.shape[1]):
            told[name] = _right(patient, _normalised(patient.images, mean, spread))
    own, best = told["[0, 1]"], max(told, key=lambda name: told[name])
    chance = 1 / patient.outputs.shape[1]
    seen = f"{own:.0%} named rightly in [0, 1], chance is {chance:.0%}"
    seen += f"; in {best} it is {told[best]:.0%}" if told[best] > own else ""
    classes, error = patient.outputs.shape[1], (0.25 / len(patient.images)) ** 0.5
    if patient.labels is not None and int(patient.labels.max()) >= classes:
        seen += f"; the labels go to {int(patient.labels.max())}, the model has {classes} classes"
    return Finding(
        "inside",
        own >= told[best] - 2 * error and own > chance + error,
        seen,
        "eps is measured in pixels of [0, 1]; a model that wants other numbers is not the one "
        "that is attacked, and looks weak by itself",
        "make the normalisation the first layer of the model, as nn.Sequential(Normalise(mean, "
        "std), model); see that labels are in the order of its classes",
    )


def _normalised(images: Tensor, mean: tuple[float, ...], spread: tuple[float, ...]) -> Tensor:
    shape = (1, -1, *[1] * (images.ndim - 2))
    return (images - images.new_tensor(mean).view(shape)) / images.new_tensor(spread).view(shape)


def _right(patient: Patient, images: Tensor) -> float:
    return share(patient.model(images).argmax(dim=1) == patient.labels)
