"""Settings: what comes over the wire is checked again."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustlib.run import zoo
from robustlib.threats import L2, Linf
from rostra.live.settings import (
    MODELS,
    SCALES,
    VICTIMS,
    Settings,
    Source,
    controls,
    settings,
    source,
)
from rostra.live.words import VisitorError

COUNTS = {"signs": 16, "digits": 10}
ATTACKS = ("fgsm", "pgd")
GOOD: dict[str, Any] = {
    "victim": "each",
    "attack": "pgd",
    "threat": "linf",
    "eps": 8,
    "steps": 40,
    "goal": "any",
}


def test_the_controls_begin_with_the_default_run() -> None:
    first = {"set": "signs", "kind": "test", "index": 0}
    assert list(controls(Settings(Source())).items()) == [("picture", first), *GOOD.items()]


def test_good_settings_pass() -> None:
    run = settings(Source(), {**GOOD, "eps": 4.5, "goal": 3}, ATTACKS, 16)
    assert run == Settings(Source(), "pgd", "linf", 4.5, 40, 3)


@pytest.mark.parametrize("victim", VICTIMS)
def test_a_victim_is_one_model_or_each(victim: str) -> None:
    run = settings(Source(), {**GOOD, "victim": victim}, ATTACKS, 16)
    assert run.victim == victim
    assert victim in ("each", *MODELS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("victim", "signs_standard"),
        ("victim", None),
        ("attack", "os.system"),
        ("attack", None),
        ("attack", ["pgd"]),
        ("threat", "l0"),
        ("threat", {}),
        ("eps", math.nan),
        ("eps", math.inf),
        ("eps", -1),
        ("eps", 10**400),
        ("eps", 33),
        ("eps", "8"),
        ("eps", True),
        ("eps", None),
        ("steps", 0),
        ("steps", 4_000_000),
        ("steps", 1.5),
        ("steps", math.nan),
        ("goal", 16),
        ("goal", -1),
        ("goal", "none"),
        ("goal", None),
        ("goal", [1]),
    ],
)
def test_a_bad_setting_is_named(name: str, value: Any) -> None:
    with pytest.raises(VisitorError) as refused:
        settings(Source(), {**GOOD, name: value}, ATTACKS, 16)
    for language in ("en", "zh"):
        assert name in refused.value.text(language)


@pytest.mark.parametrize(
    "value",
    [
        {"set": "pickles"},
        {"kind": "path", "data": "/etc/passwd"},
        {"index": 16},
        {"index": 10**400},
        {"index": -1},
        {"index": 1.5},
        {"index": "0"},
        {"kind": "file"},
        {"kind": "file", "data": 7},
        {"set": ["signs"]},
    ],
)
def test_a_bad_source_is_refused(value: Any) -> None:
    with pytest.raises(VisitorError):
        source(value, COUNTS)


@pytest.mark.parametrize("value", [None, 7, "signs", [], {}])
def test_without_a_source_the_first_sign_is_meant(value: Any) -> None:
    assert source(value, COUNTS) == Source("signs", "test", 0)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=4))
def test_nothing_but_clear_words_comes_back(value: Any) -> None:
    for name in GOOD:
        try:
            run = settings(Source(), {**GOOD, name: value}, ATTACKS, 16)
        except VisitorError:
            continue
        assert 0 <= run.eps <= 32
        assert 1 <= run.steps <= 100


def test_scales_make_threats_in_pixel_units() -> None:
    expected = {
        ("signs", "linf"): Linf(8 / 255),
        ("signs", "l2"): L2(1.0),
        ("digits", "linf"): Linf(38 / 255),
        ("digits", "l2"): L2(2.5),
    }
    for key, scale in SCALES.items():
        made = scale.threat(scale.start)
        again = eval(scale.code.format(scale.start), {"Linf": Linf, "L2": L2})
        assert type(made) is type(again) is type(expected[key])
        assert made.eps == pytest.approx(again.eps) == expected[key].eps


def test_sliders_begin_where_the_robust_models_were_made_for() -> None:
    for name, card in zoo().items():
        if name.endswith("_robust"):
            scale = SCALES[name.removesuffix("_robust"), "linf"]
            assert scale.start * scale.unit == pytest.approx(card.threat.eps, abs=0.5 / 255)
