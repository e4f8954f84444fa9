"""Adversarial training with PGD."""

from dataclasses import replace

from torch import nn

from robustlib.attacks.pgd import pgd
from robustlib.engine import craft
from robustlib.goals import Misclassify
from robustlib.threats import ThreatModel
from robustlib.training._base import Batch, Outcome, evaluating
from robustlib.training.standard import standard


def pgd_training(
    model: nn.Module,
    batch: Batch,
    *,
    threat: ThreatModel,
    steps: int = 10,
    step_size: float | None = None,
    label_smoothing: float = 0.0,
) -> Outcome:
    """The cross-entropy of the pictures that PGD makes of the batch, and of no others.

        loss = mean over i of max over ‖δ‖ ≤ eps of -log softmax(model(images + δ))[i, labels[i]]

    The inner maximum is what PGD finds from a random start.

    Args:
        model: in train mode; the attack meets it in eval mode.
        batch: what to learn from.
        threat: what the attacker may change.
        steps: of PGD, at least 1.
        step_size: of PGD, in pixel units of [0, 1]; none: as PGD chooses.
        label_smoothing: as in `standard`; the attack climbs the unsmoothed loss.

    Returns:
        The loss, and which pictures were named rightly after the attack.

    Source: madry2018towards, equation 2.1

    Differences: the attack meets batch normalisation with its running averages; the official code
    attacks in train mode.
    """
    with evaluating(model):
        adversarial = craft(
            model,
            batch.images,
            Misclassify(batch.labels),
            threat,
            pgd,
            seed=batch.seed,
            keys=batch.keys,
            steps=steps,
            step_size=step_size,
        )
    return standard(model, replace(batch, images=adversarial), label_smoothing=label_smoothing)
