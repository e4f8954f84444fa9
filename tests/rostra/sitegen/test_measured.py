"""Figures of one attack, out of tables that tell of many."""

from rostra.sitegen.measured import Measured, Strength, measured

ROWS = [
    {"model": "a", "attack": "pgd", "library": "robustlib, retire never", "/ own passes": 1.1},
    {"model": "b", "attack": "pgd", "library": "robustlib, retire never", "/ own passes": 1.0},
    {"model": "a", "attack": "pgd", "library": "foolbox", "/ best peer": 1.4, "robust %": 15.0},
    {"model": "a", "attack": "pgd", "library": "torchattacks", "/ best peer": 1, "robust %": 14.5},
    {"model": "b", "attack": "pgd", "library": "foolbox", "/ best peer": 1, "robust %": 3.0},
    {"model": "a", "attack": "pgd", "library": "robustlib", "/ best peer": 0.5, "robust %": 14.0},
    {"model": "c", "attack": "pgd", "library": "robustlib", "/ best peer": "-", "robust %": 9.5},
    {"model": "a", "attack": "pgd", "library": "robustlib, fast", "/ best peer": 0.2},
    {"attack": "pgd L2", "library": "robustlib", "norm": "L2", "asked": 18, "kept": 17},
    {"attack": "pgd L1", "library": "robustlib", "norm": "L1", "asked": 18, "kept": 18},
    {"attack": "pgd_linf", "library": "adv_lib", "norm": "Linf", "asked": 18, "kept": 1},
    {"step": "build", "s": 3.0},
]


def test_each_figure_is_found_by_its_columns_name() -> None:
    strengths = (Strength("a", 14.0, 14.5), Strength("c", 9.5, None))
    assert measured(ROWS, "pgd") == Measured((1.0, 1.1), (0.5, 0.5), (35, 36), strengths)


def test_a_peer_is_beside_us_only_in_the_same_experiment() -> None:
    rows = [{**row, "threat": f"Linf {number}"} for number, row in enumerate(ROWS[3:6])]
    assert [one.peers for one in measured(rows, "pgd").strengths] == [None]


def test_what_was_not_measured_is_nothing() -> None:
    assert measured(ROWS, "pg") == Measured(None, None, None, ())
