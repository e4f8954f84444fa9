"""The plan of the table of strength: what each entrant's shards are known by."""

from benchmarks._strength_cast import pairs
from benchmarks._strength_code import code_of


def test_every_entrant_of_ours_is_known_by_its_code() -> None:
    ours = [each for pair in pairs() for each in pair.entrants if each.library == "robustlib"]
    assert len(ours) > 20
    for each in ours:
        for name in each.code:
            assert code_of(name) in each.key(0.1)


def test_who_runs_a_cascade_is_known_by_its_other_parts_too() -> None:
    (pair,) = [pair for pair in pairs() if pair.name == "apgd_t_linf"]
    ours = next(each for each in pair.entrants if each.library == "robustlib")
    assert ours.code == ("apgd", "_towards", "_base")
