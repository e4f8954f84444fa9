"""Checks of what attacks by gradients rely on: that slopes are there, true, and lead somewhere."""

import warnings
from typing import Any

import torch
from torch import Tensor

from robustlib import doubts
from robustlib._balls import column
from robustlib._patient import Finding, Patient, share
from robustlib.attacks.bim import bim
from robustlib.attacks.fgsm import fgsm
from robustlib.attacks.pgd import pgd
from robustlib.attacks.square import square
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.losses import margin
from robustlib.questions import Attack
from robustlib.threats import Linf

BEATEN = 0.05
"""Share of the pictures, beyond which it is no chance that the stronger attack missed them."""

ATTACKS = ("unbounded", "black box")
"""The checks that hold conversations."""

ADVICE = (
    "attack what lies before the layer that hides the slope, or give that layer another's slope "
    "(robustlib.stand_ins.Straight); report a black-box attack beside the gradient's"
)

THROUGH = (
    "let the gradient through: no detach(), no_grad() and no NumPy within the model; where that "
    "cannot be, only attacks by scores and labels tell anything"
)


def slope(patient: Patient) -> Finding:
    """Does the loss have a slope at the pictures?"""
    why = "where there is no slope attacks by gradients stand still, and the model looks robust"
    try:
        found = slopes(patient).flatten(1)
    except Exception as error:  # a model's own may raise anything
        return Finding("slope", False, f"there is none: {told(error)}", why, THROUGH)
    flat, odd = (found == 0).all(dim=1), ~found.isfinite().all(dim=1)
    seen = f"{int(flat.sum())} of {len(flat)} pictures have a gradient of zero"
    seen += f", {int(odd.sum())} one that is no number" if bool(odd.any()) else ""
    return Finding("slope", share(flat) <= 0.1 and not bool(odd.any()), seen, why, ADVICE)


def differences(patient: Patient) -> Finding:
    """Is the gradient the slope of the loss: do finite differences say the same?"""
    ratio = _ratios(patient)
    true = share((ratio - 1).abs() < 0.5)
    return Finding(
        "differences",
        true >= 0.5,
        f"the loss rises by {float(ratio.median()):.2f} × what its gradient says (median); "
        f"{true:.0%} of the pictures within a half",
        "a gradient that is not the loss's own leads attacks astray, and the model looks robust",
        ADVICE,
    )


def surface(patient: Patient) -> Finding:
    """Does a step along the gradient raise the loss more than random steps of its length?"""
    step, images = patient.eps / 4, patient.images
    ahead = _loss(patient, (images + step * slopes(patient).sign()).clamp(0, 1))
    draws = Draws(0, range(len(images)), device=images.device, dtype=images.dtype)
    others = [2 * (draws.uniform(*images.shape[1:]) < 0.5).to(images) - 1 for _ in range(8)]
    best = torch.stack([_loss(patient, (images + step * way).clamp(0, 1)) for way in others])
    beaten = best.amax(dim=0) > ahead
    return Finding(
        "surface",
        share(beaten) <= 0.25,
        f"at {share(beaten):.0%} of the pictures one of 8 random steps of {step:.3g} rises more",
        "on a jagged or flat surface the gradient says nothing about what is near",
        ADVICE,
    )


def unbounded(patient: Patient) -> Finding:
    """Does an attack that may change everything succeed everywhere?"""
    broken = _broken(patient, bim, 1.0, steps=50, step_size=0.05)
    return Finding(
        "unbounded",
        share(broken) >= 0.99,
        f"with eps = 1, 50 steps along the gradient change {share(broken):.0%} of the answers",
        "within reach of every picture there is one of another class: who does not get there "
        "follows gradients that lead nowhere",
        ADVICE,
    )


def black_box(patient: Patient) -> Finding:
    """Does an attack that sees less break what one that sees gradients does not?"""
    white = _broken(patient, pgd, patient.eps, steps=40, step_size=patient.eps / 4)
    scores = _broken(patient, square, patient.eps, steps=200) & ~white
    once = _broken(patient, fgsm, patient.eps) & ~white
    most = max(int(scores.sum()), int(once.sum()))
    return Finding(
        "black box",
        most < 2 or most <= BEATEN * len(white),
        f"at eps = {patient.eps:.3g} PGD changes {share(white):.0%} of the answers; of the rest "
        f"Square changes {int(scores.sum())} and one step {int(once.sum())} of {len(white)}",
        "who sees more is at least as strong, unless what it sees misleads it",
        ADVICE,
    )


def slopes(patient: Patient) -> Tensor:
    """The gradients of the margin between each answer and the next.

    Raises:
        ModelError: If the model has none.
    """
    point = patient.images.detach().clone().requires_grad_()
    with torch.enable_grad():
        (gradient,) = torch.autograd.grad(_loss(patient, point).sum(), point)
    return gradient.detach()


def told(error: Exception) -> str:
    """The first line of what a model raised."""
    return next(iter(str(error).splitlines()), type(error).__name__)


def _loss(patient: Patient, images: Tensor) -> Tensor:
    return margin(patient.model(images.clone()), patient.outputs.argmax(dim=1))


def _ratios(patient: Patient) -> Tensor:
    """For each picture: what a hundredth of the way to the border does, over what it should do."""
    gradient = slopes(patient)
    length = gradient.flatten(1).norm(dim=1).clamp(min=torch.finfo(gradient.dtype).tiny)
    here = margin(patient.outputs, patient.outputs.argmax(dim=1))
    width = (0.02 * here.abs() / length).clamp(1e-4, 0.5)
    way = gradient / column(length, gradient) * column(width, gradient)
    rise = _loss(patient, patient.images + way) - _loss(patient, patient.images - way)
    return rise / (2 * width * length)


def _broken(patient: Patient, method: Attack, eps: float, **options: Any) -> Tensor:
    """Which answers an attack changes."""
    goal = Misclassify(patient.outputs.argmax(dim=1), measure=margin)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", doubts.Doubt)  # each has a check of its own
        found = attack(patient.model, patient.images, goal, Linf(eps), method, **options)
    return found.success
