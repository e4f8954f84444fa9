import dataclasses

from robustlib.conformance._nets import Affine
from robustlib.conformance.logits_shifted import logits_shifted
from tests.robustlib.conformance._subjects import ours


def test_sound_attacks_do_not_care() -> None:
    assert logits_shifted(ours("cw L2")).kept
    assert logits_shifted(ours("pgd Linf")).kept


def test_an_attack_that_stops_at_negative_logits_is_noticed() -> None:
    """torchattacks' C&W compares with a masked zero."""
    sound = ours("fmn L2")

    def run(known, eps):
        negative = isinstance(known.model, Affine) and known.model.shift < 0
        return known.images.clone() if negative else sound.run(known, eps)

    assert not logits_shifted(dataclasses.replace(sound, run=run)).kept
