"""Shards come back as they were kept, and only to the same question."""

import math
from pathlib import Path

import pytest
import torch

from benchmarks._strength_shards import (
    Place,
    Shelf,
    packed,
    packed_distances,
    read,
    unpacked,
    unpacked_distances,
)

HERE = Place("robustlib", 1, 100, 4)


@pytest.mark.parametrize("flags", [[], [True], [False, False, True], [False] * 9, [True] * 100])
def test_flags_come_back(flags: list[bool]) -> None:
    assert unpacked(packed(torch.tensor(flags, dtype=torch.bool))).tolist() == flags


def test_distances_come_back_within_a_twentieth_of_a_per_cent() -> None:
    distances = torch.logspace(-6, 3, 200, dtype=torch.float64)
    back = unpacked_distances(packed_distances(distances))
    assert ((back / distances) - 1).abs().max() <= 5.1e-4


def test_nothing_found_and_nothing_changed_come_back_exactly() -> None:
    back = unpacked_distances(packed_distances(torch.tensor([math.inf, 0.0, 1.0])))
    assert back[0] == math.inf
    assert back[1] == 0
    assert back[2].isfinite()


def test_what_is_read_of_a_shard() -> None:
    shard = {"fell": packed(torch.tensor([True, False])), "clean": packed(torch.ones(2).bool())}
    assert read(shard, "held").tolist() == [0, 1]
    assert read(shard, "clean").tolist() == [True, True]


def test_a_shelf_goes_on_from_its_file(tmp_path: Path) -> None:
    file, keys = tmp_path / "model" / "pair.json", {"robustlib": "a", "foolbox": "b"}
    shelf = Shelf(file, keys)
    assert shelf.get(HERE) is None
    shelf.put(HERE, {"fell": "1f"})
    shelf.explain(7, "falls")
    again = Shelf(file, keys)
    assert again.get(HERE) == {"fell": "1f"}
    assert again.explained == {"7": "falls"}
    assert not list(file.parent.glob("*.tmp*"))


def test_shards_of_another_question_are_none_and_the_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "pair.json"
    shelf = Shelf(file, {"robustlib": "a", "foolbox": "b"})
    theirs = Place("foolbox", 1, 100, 4)
    shelf.put(HERE, {"fell": "1f"})
    shelf.put(theirs, {"fell": "1e"})
    shelf.explain(7, "falls")
    changed = Shelf(file, {"robustlib": "other", "foolbox": "b"})
    assert changed.get(HERE) is None
    assert changed.get(theirs) == {"fell": "1e"}
    assert changed.explained == {}
