import dataclasses

import pytest

from robustlib.conformance import cases
from robustlib.conformance._foolbox import subjects as foolbox
from robustlib.conformance._robustlib import subjects
from robustlib.conformance._spared import RULES, spared, told
from tests.robustlib.conformance._subjects import ours


def test_all_is_put_to_what_sees_gradients_within_a_radius() -> None:
    assert [told(cases, ours(name)) for name in ("pgd Linf", "apgd L1", "fgsm L0")] == [""] * 3


def test_what_looks_for_the_smallest_change_or_sees_less_is_not_asked_of_chance() -> None:
    assert told(cases, ours("fmn L2")) == "dropout, last step, noise (smallest change)"
    assert told(cases, ours("square Linf")) == "dropout, last step, noise (no gradients)"


def test_a_rule_holds_whoever_wrote_the_attack() -> None:
    boundary = next(each for each in foolbox() if each.name == "BoundaryAttack")
    assert told(cases, boundary) == told(cases, ours("boundary L2"))
    theirs = dataclasses.replace(ours("r_fgsm Linf"), library="torchattacks", name="RFGSM")
    assert told(cases, theirs) == told(cases, ours("r_fgsm Linf"))
    assert spared("planes_open", theirs) == "random first half"
    assert not spared("planes_open", dataclasses.replace(theirs, name="PGD"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_a_rule_speaks_of_cases_that_there_are_and_leaves_some(rule) -> None:
    assert rule.cases < set(cases)
    some = [subject for subject in subjects() if rule.holds(subject)]
    assert some
    for subject in some:
        assert {case for case in cases if spared(case, subject)} >= rule.cases
