"""What stands round the table of strength, of lines that are known: nothing that is not in them."""

import re
from typing import Any

import pytest

from benchmarks import _strength_notes
from benchmarks._strength_cast import pairs
from benchmarks._strength_notes import KINDS, notes, title, unpaired
from robustlib.attacks import attacks

NOTHING = dict.fromkeys(
    (
        "ours",
        "peers",
        "ours - best peer",
        "95 % bound",
        "held",
        "peers' bounds",
        "passes a row",
        "theirs alone",
    ),
    "–",
)
PGD = {
    "model": "digits_robust",
    "attack": "pgd_linf",
    "images": 100,
    "ours": "99.00 %",
    "peers": "foolbox 99.00 %, adv_lib 99.00 %",
    "95 % bound": "+0.00 points",
    "held": "yes",
    "peers' bounds": "foolbox +0.00, adv_lib +0.40",
    "passes a row": "robustlib 42+40; foolbox 41+40; adv_lib 40+40",
}
FMN = PGD | {
    "attack": "fmn_l1",
    "ours": "9.374",
    "peers": "foolbox 12.09, secml_torch 9.254",
    "95 % bound": "–",
    "held": "no",
    "peers' bounds": "–",
    "passes a row": "robustlib 110+100; foolbox 101+100; secml_torch 100+100",
}
MNIST = PGD | {"model": "mnist_robust", "images": 40}
OPEN = {"model": "signs_robust", "attack": "geoda_l2_art", "images": 0, **NOTHING}


def told(*lines: dict[str, Any]) -> str:
    return "\n".join(notes(lines))


def test_the_title_counts_the_libraries_that_stand_in_the_lines() -> None:
    assert title([PGD, FMN, OPEN]) == "Strength beside three other libraries, at equal passes"
    assert title([PGD | {"peers": "art 1 %"}, OPEN]).startswith("Strength beside one other library")
    assert title([OPEN]).startswith("Strength beside no other libraries")


def test_peers_data_and_models_are_those_of_lines_that_compare() -> None:
    text = told(PGD, FMN, OPEN)
    assert re.search(r"Peers: adv-lib [\d.]+, foolbox [\d.]+, secml-torch [\d.]+; ", text)
    assert "at most digits_robust 100." in text
    assert not re.search("MNIST|CIFAR|signs_robust|adversarial-robustness|torchattacks", text)
    text = told(MNIST)
    assert "Trained for this, by `benchmarks/recipes`: mnist_robust on MNIST." in text
    assert "the last 2,000 of its 10,000 test images" in text
    assert "CIFAR" not in text


def test_kinds_without_a_line_are_counted_as_none_and_not_explained() -> None:
    text = told(PGD, FMN, OPEN)
    counts = "gradient attacks 1, AutoAttack as a whole 0, score-based attacks 0, smallest changes"
    assert f"Lines: {counts} 1, decision-based attacks and ZOO 0." in text
    assert "as many queries a row" not in text
    (missing,) = re.findall(r"Planned and not compared yet: (.*)\.", text)
    assert {*missing.split(", ")} == {pair.name for pair in pairs()} - {"pgd_linf", "fmn_l1"}
    assert "as many queries a row" in told(FMN | {"attack": "geoda_l2_art"})


def test_the_margins_are_stated_with_the_lines_that_are_above() -> None:
    text = told(PGD, FMN, OPEN)
    assert "gradient attacks 0.3 points; AutoAttack as a whole 0.3 points; " in text
    assert "score-based attacks 1.0 points; smallest changes × 1.01; " in text
    assert "Held in 1 of 2 lines; not in digits_robust fmn_l1." in text
    assert "Held in 1 of 1 lines." in told(PGD, OPEN)


def test_a_margin_that_no_peer_would_hold_in_our_place_is_said_to_be_one() -> None:
    missed = PGD | {"95 % bound": "+0.50 points", "held": "no"}
    chance = missed | {"peers' bounds": "foolbox +0.31, adv_lib +0.40"}
    assert "in our place either" not in told(missed, FMN)
    assert "Of the 2 told in points 1 are held by none" in told(missed, chance, FMN)


def test_passes_that_ours_takes_more_for_smallest_changes_are_said() -> None:
    both = "forward and 0 backward passes more than the peer that takes fewest"
    assert f"up to 10 {both}" in told(PGD, FMN)
    many = FMN | {"passes a row": "robustlib 42+874; adv_lib 49+281; foolbox 40+300"}
    assert "up to 10 forward and 593 backward passes more" in told(PGD, FMN, many)
    assert "passes more" not in told(PGD)


def test_who_is_set_beside_nobody_is_counted_not_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = {
        each.attack for pair in pairs() for each in pair.entrants if each.library == "robustlib"
    }
    assert ours | {*unpaired()} == {*attacks}
    assert ours.isdisjoint(unpaired())
    assert {"rays", "brendel_bethge", "minimal", "ace", "nes"} <= {*unpaired()}
    monkeypatch.setattr(_strength_notes, "pairs", lambda: pairs()[:1])
    assert "apgd" in unpaired()


def test_every_kind_of_pair_has_words_and_a_margin() -> None:
    assert {pair.kind for pair in pairs()} == {*KINDS} == {*_strength_notes.MARGINS}
