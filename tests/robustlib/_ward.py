"""Patients: a small net that is well, and the same behind one illness each."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from robustlib._patient import Patient
from robustlib.conformance._defences import Defended

EPS = 0.06


class Astray(torch.autograd.Function):
    """The same numbers, with the slopes of the pictures upside down."""

    @staticmethod
    def forward(ctx, images):
        return images.clone()

    @staticmethod
    def backward(ctx, gradient):
        return gradient.flip(-1)


def cut(images: Tensor) -> Tensor:
    return images.detach() + 0 * images


def sure(logits: Tensor) -> Tensor:
    return (1e3 * logits).softmax(dim=1)


def some_nan(logits: Tensor) -> Tensor:
    return logits.masked_fill(logits == logits.max(), torch.nan)


BEFORE = {
    "slope": cut,
    "black box": cut,
    "unbounded": lambda images: (images * 16).round() / 16,
    "differences": Astray.apply,
    "surface": lambda images: images + 0.02 * (400 * images).sin(),
    "steady": lambda images: images + 0.05 * torch.randn_like(images),
    "rows": lambda images: images - images.mean(dim=0, keepdim=True),
    "inside": lambda images: (images + 1) / 2,
}
AFTER = {
    "numbers": some_nan,
    "logits": lambda logits: logits.softmax(dim=1),
    "scale": lambda logits: 1e3 * logits,
}
MORE = {
    "numbers": [lambda logits: logits.argmax(dim=1), lambda logits: (logits,), lambda z: z[:1]],
    "scale": [lambda logits: 1e-7 * logits, lambda logits: 0 * logits],
    "slope": [sure, lambda logits: logits.detach(), lambda logits: logits.round()],
    "steady": [lambda logits: functional.dropout(logits, 0.3, training=True)],
    "rows": [lambda logits: logits - logits.amax(dim=0, keepdim=True)],
}
ILL = [
    *((name, before, None) for name, before in BEFORE.items()),
    *((name, None, after) for name, after in AFTER.items()),
    *((name, None, after) for name, many in MORE.items() for after in many),
]
"""Each with the check that has to doubt it."""


def patient(model: nn.Module, images: Tensor, labels: Tensor | None = None) -> Patient:
    with torch.no_grad():
        return Patient(model, images, model(images), labels, EPS)


def behind(model: nn.Module, before=None, after=None) -> nn.Module:
    return Defended(model, before, after)
