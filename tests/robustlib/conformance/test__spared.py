import dataclasses
from functools import partial

import pytest

from robustlib.conformance import cases
from robustlib.conformance._adv_lib import subjects as adv_lib
from robustlib.conformance._art import subjects as art
from robustlib.conformance._foolbox import subjects as foolbox
from robustlib.conformance._robustlib import subjects
from robustlib.conformance._spared import RULES, spared, told
from robustlib.conformance._torchattacks import subjects as torchattacks
from tests.robustlib.conformance._subjects import ours


def test_all_is_put_to_what_sees_gradients_within_a_radius() -> None:
    assert [told(cases, ours(name)) for name in ("pgd Linf", "apgd L1", "fgsm L0")] == [""] * 3


def test_what_looks_for_the_smallest_change_or_sees_less_is_not_asked_of_chance() -> None:
    assert told(cases, ours("fmn L2")) == "dropout, last step, noise (smallest change)"
    assert told(cases, ours("square Linf")) == "dropout, last step, noise (no gradients)"


def test_a_rule_holds_whoever_wrote_the_attack() -> None:
    boundary = next(each for each in foolbox() if each.name == "BoundaryAttack")
    assert told(cases, boundary) == told(cases, ours("boundary L2"))
    theirs = next(each for each in torchattacks() if each.name == "SINIFGSM")
    assert told(cases, theirs) == told(cases, ours("si_fgsm Linf"))
    assert spared("logits_scaled", theirs) == "mean over copies"
    assert not spared("logits_scaled", dataclasses.replace(theirs, name="PGD"))


def test_every_name_in_a_rule_is_that_of_an_attack_that_can_be_asked() -> None:
    libraries = adv_lib, art, foolbox, subjects, torchattacks
    known = {str(each).split(" ")[0] for library in libraries for each in library()}
    written = [rule.holds.args[0] for rule in RULES if isinstance(rule.holds, partial)]
    assert len(written) == 5
    assert {name for names in written for name in names} <= known


def test_square_is_asked_all_in_the_norm_where_its_squares_are_as_small_as_a_pixel() -> None:
    assert spared("planes_open", ours("square L2")) == "bumps of three pixels"
    assert spared("second_basin", ours("square L1")) == "bumps of three pixels"
    assert not spared("planes_open", ours("square Linf"))
    assert not spared("planes_open", ours("simba L2"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_a_rule_speaks_of_cases_that_there_are_and_leaves_some(rule) -> None:
    assert rule.cases < set(cases)
    some = [subject for subject in subjects() if rule.holds(subject)]
    assert some
    for subject in some:
        assert {case for case in cases if spared(case, subject)} >= rule.cases
