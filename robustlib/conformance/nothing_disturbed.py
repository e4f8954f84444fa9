"""The model, the caller's gradients and random numbers, and the pictures are as they were."""

import random
from typing import Any

import numpy as np
import torch

from robustlib.conformance._base import Finding, Known, Subject
from robustlib.conformance._nets import radius, small


def nothing_disturbed(subject: Subject) -> Finding:
    """Modes, weights, averages of BatchNorm, gradients, requires_grad, generators, inputs."""
    known = small()
    for parameter in known.model.parameters():
        parameter.grad = torch.ones_like(parameter)
    before, states, images = portrait(known), generators(), known.images.clone()
    subject.run(known, radius(subject))
    after = portrait(known)
    changed = [name for name in before if before[name] != after[name]]
    changed += [name for name, state in generators().items() if state != states[name]]
    changed += [] if torch.equal(images, known.images) else ["the pictures"]
    return Finding(not changed, ", ".join(changed) + " changed" if changed else "nothing changed")


def portrait(known: Known) -> dict[str, object]:
    """All of a model that an attack might change."""
    model = known.model
    return {
        "the mode": [module.training for module in model.modules()],
        "the weights": [value.tolist() for value in model.parameters()],
        "the averages": [value.tolist() for value in model.buffers()],
        "the gradients": [None if p.grad is None else p.grad.tolist() for p in model.parameters()],
        "requires_grad": [p.requires_grad for p in model.parameters()],
    }


def generators() -> dict[str, object]:
    """The states of the global generators."""
    numpys: Any = np.random.get_state()  # noqa: NPY002
    return {
        "torch's random numbers": torch.get_rng_state().tolist(),
        "NumPy's random numbers": (numpys[1].tolist(), numpys[2]),
        "Python's random numbers": random.getstate(),
    }
