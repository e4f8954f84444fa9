"""A model that answers the same whatever it is shown: the attack fails, and in good order."""

import warnings

import torch
from torch import Tensor, nn

from robustlib.conformance._base import Finding, Subject, far, wrong
from robustlib.conformance._nets import RADIUS, of, radius, small


class Flat(nn.Module):
    """Differentiable, with a slope of zero."""

    def forward(self, images: Tensor) -> Tensor:
        """Four logits, whatever it is shown."""
        nothing = 0 * images.flatten(1).sum(dim=1, keepdim=True)
        return nothing + torch.tensor([1.0, 0.0, -1.0, -2.0]).to(images)


def failures(subject: Subject) -> Finding:
    """Finite pictures in the box come back, in the ball if there is one, and no black ones."""
    known = of(Flat().eval(), small().images)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no slope is what this is about
        adversarial = subject.run(known, radius(subject))
    odd = int((~adversarial.isfinite()).flatten(1).any(dim=1).sum())
    if odd:
        return Finding(False, f"{odd} not finite")
    if bool(wrong(known, adversarial).any()):
        return Finding(False, "a success where there is none")
    if bool((adversarial.flatten(1) == 0).all(dim=1).any()):
        return Finding(False, "black pictures")
    over = float(far(adversarial, known, subject).max()) / RADIUS[subject.norm] - 1
    inside = subject.minimal or over <= 1e-5
    return Finding(inside, "pictures in good order" if inside else "pictures outside the ball")
