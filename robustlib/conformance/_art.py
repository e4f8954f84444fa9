"""The Adversarial Robustness Toolbox's attacks, with the parameters that it gives them."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from torch import nn

from robustlib.conformance._base import Known, Norm, Subject
from robustlib.questions import Access
from robustlib.threats import L1, L2, Linf
from robustlib.types import Images

KINDS: dict[str, tuple[str, Norm, bool, Access, dict[str, Any]]] = {
    "ProjectedGradientDescentPyTorch Linf": (
        "ProjectedGradientDescentPyTorch",
        Linf,
        False,
        Access.WHITE_BOX,
        {"norm": "inf"},
    ),
    "ProjectedGradientDescentPyTorch L2": (
        "ProjectedGradientDescentPyTorch",
        L2,
        False,
        Access.WHITE_BOX,
        {"norm": 2},
    ),
    "ProjectedGradientDescentPyTorch L1": (
        "ProjectedGradientDescentPyTorch",
        L1,
        False,
        Access.WHITE_BOX,
        {"norm": 1},
    ),
    "AutoProjectedGradientDescent": (
        "AutoProjectedGradientDescent",
        Linf,
        False,
        Access.WHITE_BOX,
        {"norm": "inf"},
    ),
    "CarliniL2Method": ("CarliniL2Method", L2, True, Access.WHITE_BOX, {}),
    "DeepFool": ("DeepFool", L2, True, Access.WHITE_BOX, {}),
    "ElasticNet": ("ElasticNet", L1, True, Access.WHITE_BOX, {}),
    "SquareAttack": ("SquareAttack", Linf, False, Access.SCORE, {"norm": "inf"}),
}
"""Class, norm, whether the smallest change is looked for, access, and arguments."""


def subjects() -> Iterator[Subject]:
    """Its attacks that leave a label."""
    for name, (kind, norm, minimal, access, _) in KINDS.items():
        told = "eps_step eps / 4" if "ProjectedGradient" in kind else ""
        yield Subject("art", name, norm, minimal, partial(_run, name), access, options=told)


def _run(name: str, known: Known, eps: float) -> Images:
    from art import attacks

    kind, _, minimal, _, options = KINDS[name]
    victim = victim_of(known)
    given = dict(options) if minimal else {**options, "eps": eps}
    if "ProjectedGradient" in kind:
        given["eps_step"] = eps / 4
    if kind != "SquareAttack":
        given["verbose"] = False
    method = getattr(attacks.evasion, kind)(victim, **given)
    return torch.from_numpy(method.generate(known.images.numpy(), known.labels.numpy()))


def victim_of(known: Known) -> Any:
    """A model as its attacks want it."""
    from art import estimators

    return estimators.classification.PyTorchClassifier(
        known.model,
        loss=nn.CrossEntropyLoss(),
        input_shape=tuple(known.images.shape[1:]),
        nb_classes=int(known.model(known.images[:1]).shape[1]),
        clip_values=(0, 1),
        device_type="cpu",
    )
