"""Figures of one attack, out of tables that tell of many."""

import pytest

from rostra.sitegen.measured import Figure, Measured, Row, Strength, measured

ROWS: list[Row] = [
    {"model": "a", "attack": "pgd", "library": "robustlib, retire never", "/ own passes": 1.1},
    {"model": "b", "attack": "pgd", "library": "robustlib, retire never", "/ own passes": 1.0},
    {"model": "a", "attack": "pgd", "library": "foolbox", "/ best peer": 1.4, "robust %": 15.0},
    {"model": "b", "attack": "pgd", "library": "foolbox", "/ best peer": 1, "robust %": 3.0},
    {"model": "a", "attack": "pgd", "library": "robustlib", "/ best peer": 0.5, "robust %": 14.0},
    {"model": "c", "attack": "pgd", "library": "robustlib", "/ best peer": "-", "robust %": 9.5},
    {"model": "a", "attack": "pgd", "library": "robustlib, fast", "/ best peer": 0.2},
    {"attack": "pgd L2", "library": "robustlib", "norm": "L2", "asked": 18, "kept": 17},
    {"attack": "pgd L1", "library": "robustlib", "norm": "L1", "asked": 18, "kept": 18},
    {"attack": "pgd_linf", "library": "adv_lib", "norm": "Linf", "asked": 18, "kept": 1},
    {"step": "build", "s": 3.0},
]


def row(attack: str, ours: str, peers: str, images: int = 100, model: str = "a") -> Row:
    return {"model": model, "attack": attack, "images": images, "ours": ours, "peers": peers}


def test_each_figure_is_found_by_its_columns_name() -> None:
    """What was measured for time says nothing of strength: it is of a few pictures."""
    assert measured(ROWS, "pgd") == Measured((1.0, 1.1), (0.5, 0.5), (35, 36), ())


def test_what_it_comes_to_stands_beside_the_strongest_peer_by_model_and_pictures() -> None:
    rows = [
        row("pgd_linf", "85.00 %", "foolbox 87.00 %, adv_lib 86.50 %"),
        row("pgd_l2", "100.00 %", "foolbox 100.00 %"),
        row("pgd_linf_art", "85.00 %", "art 84.00 %", 50),
        row("pgd_linf", "9.00 %", "foolbox 9.00 %", model="b"),
        row("bim_linf", "1.00 %", "foolbox 1.00 %"),
    ]
    shares = Figure("Linf", "", 85.0, 86.5, True), Figure("L2", "", 100.0, 100.0, True)
    assert measured([*ROWS, *rows], "pgd").strengths == (
        Strength("a", 100, shares),
        Strength("a", 50, (Figure("Linf", "", 85.0, 84.0, True),)),
        Strength("b", 100, (Figure("Linf", "", 9.0, 9.0, True),)),
    )


@pytest.mark.parametrize(
    ("attack", "name", "figure"),
    [
        ("apgd", "apgd_dlr_linf", Figure("Linf", "DLR", 2.5, 2.25, False)),
        ("apgd", "apgd_t_linf", Figure("Linf", "T", 2.5, 2.25, False)),
        ("cw_linf", "cw_linf_linf", Figure("Linf", "", 2.5, 2.25, False)),
        ("zoo_ae", "zoo_ae_l2", Figure("L2", "", 2.5, 2.25, False)),
        ("hop_skip_jump", "hop_skip_jump_l2_art", Figure("L2", "", 2.5, 2.25, False)),
        ("fmn", "fmn_l1", Figure("L1", "", 2.5, 2.25, False)),
        ("zoo", "zoo_l2_art", Figure("L2", "", 2.5, 2.25, False)),
    ],
)
def test_a_line_is_of_the_attack_that_its_name_begins_with(
    attack: str, name: str, figure: Figure
) -> None:
    rows = [row(name, "2.5", "art inf, secml_torch 2.25")]
    assert measured(rows, attack).strengths == (Strength("a", 100, (figure,)),)
    for other in ("apgd", "cw", "cw_linf", "zoo", "zoo_ae", "hop_skip_jump", "fmn"):
        assert other == attack or measured(rows, other).strengths == ()


def test_tiny_and_huge_figures_are_read_as_they_are_written() -> None:
    (found,) = measured(
        [row("fmn_l2", "0.0002", "foolbox 9.5e-05, adv_lib 1.2e+04")], "fmn"
    ).strengths
    assert found.figures == (Figure("L2", "", 0.0002, 9.5e-05, False),)
    assert not measured([row("fmn_l2", "0.0002", "foolbox failed, adv_lib 0.1")], "fmn").strengths


def test_what_nobody_was_set_beside_or_was_not_measured_is_nothing() -> None:
    rows = [row("fmn_linf", "–", "–", 0), row("fmn_l2", "1.5", "–"), row("fmn", "1.5", "art 2")]
    assert measured(rows, "fmn").strengths == ()
    assert measured(ROWS, "pg") == Measured(None, None, None, ())
