import dataclasses
import warnings

import pytest
import torch
from torch import nn

from robustlib.conformance._defences import CHANCE, SLOPE, SOFTMAX, Defended, MostSay, hidden
from robustlib.conformance.slope_cut import slope_cut
from robustlib.doubts import MixedRows, NoSlope, Probabilities, RandomAnswers
from tests.robustlib.conformance._subjects import ours


def test_layers_stand_before_and_behind_the_net() -> None:
    model = Defended(nn.Flatten().eval(), lambda images: 2 * images, lambda logits: logits + 1)
    assert model(torch.full((1, 1, 1, 2), 0.5)).tolist() == [[2.0, 2.0]]
    assert not model.training


def test_the_mean_of_many_answers() -> None:
    noisy = Defended(nn.Flatten().eval(), lambda images: images + torch.randn_like(images))
    mean = MostSay(noisy)(torch.full((200, 1, 1, 1), 3.0))
    assert mean.std() < 2 / 64**0.5
    assert abs(float(mean.mean()) - 3) < 0.1


def test_a_layer_that_does_nothing_changes_nothing() -> None:
    """And nobody warns of it, so that nothing is kept: a warning is due that does not fall."""
    finding = hidden(ours("pgd Linf"), SLOPE)
    found, _, rest = finding.told.partition(" of ")
    assert rest == f"{found} without NoSlope"
    silent = hidden(dataclasses.replace(ours("pgd Linf"), advised=None), SLOPE)
    assert silent.kept
    assert silent.told == f"{found} of {found}"


def heard(kind: type[Warning], text: str = "") -> list[warnings.WarningMessage]:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        warnings.warn(text, kind, stacklevel=1)
    return told


CAUSES = {NoSlope: SLOPE, Probabilities: SOFTMAX, RandomAnswers: CHANCE}


@pytest.mark.parametrize("kind", CAUSES)
def test_of_ours_only_the_right_class_is_a_word(kind) -> None:
    """Their texts speak of each other's causes: the class alone tells them apart."""
    named = [cause for cause in CAUSES.values() if cause.named(heard(kind, kind.told))]
    assert named == [CAUSES[kind]]
    assert not any(cause.named(heard(MixedRows, MixedRows.told)) for cause in CAUSES.values())


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("zero gradients were found", SLOPE),
        ("the model seems to return probabilities", SOFTMAX),
        ("it appears that the classifier is randomized", CHANCE),
    ],
)
def test_of_peers_a_warning_that_names_the_cause_is_a_word(text, cause) -> None:
    assert [each for each in CAUSES.values() if each.named(heard(UserWarning, text))] == [cause]
    assert not cause.named(heard(DeprecationWarning, "align_corners has another default now"))


def test_the_wrong_word_is_none() -> None:
    """A sound attack behind a cut slope, whose library warns of chance instead."""
    sound = ours("pgd Linf")

    def run(known, eps):
        if not hasattr(known.model, "before"):
            return sound.run(known, eps)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = sound.run(known, eps)
        warnings.warn(RandomAnswers.told, RandomAnswers, stacklevel=1)
        return found

    finding = slope_cut(dataclasses.replace(sound, run=run))
    assert not finding.kept
    assert finding.told.endswith("RandomAnswers without NoSlope")
