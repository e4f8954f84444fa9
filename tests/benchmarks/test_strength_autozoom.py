"""What a row has cost at its first success, on a talk whose answers are known."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor

from benchmarks import _strength_shards, strength_autozoom
from benchmarks._strength_models import Victim, victim
from benchmarks._strength_shards import Place, Shelf, read, unpacked
from benchmarks.strength_autozoom import STEPS, firsts, lines, mean_queries, places
from robustlib.engine import Progress

IMAGES = torch.zeros(4, 1, 1, 1)


def told(step: int, best: list[float], success: list[bool], queries: list[int]) -> Progress:
    nothing = torch.zeros(4)
    points = torch.tensor(best)[:, None, None, None]
    counted: Tensor = torch.tensor(queries)
    flags = torch.tensor(success)
    return Progress(
        step, points, nothing, nothing, flags, points, flags, counted, counted, counted * 0
    )


def talk() -> Iterator[Progress]:
    """Row 0 falls at once and comes nearer, row 1 later, row 2 never; row 3 was wrong before."""
    yield told(0, [0, 0, 0, 0], [False, False, False, True], [1, 1, 1, 1])
    yield told(1, [0.5, 0, 0, 0], [True, False, False, True], [3, 3, 3, 1])
    yield told(2, [0.25, 0.75, 0, 0], [True, True, False, True], [8, 5, 5, 1])
    yield told(3, [0.25, 0.5, 0.9, 0], [True, True, False, True], [13, 10, 7, 1])


def test_the_first_success_is_what_counts() -> None:
    shard = firsts(talk(), IMAGES)
    assert shard["queries"] == [3, 5, 7, 1]
    assert unpacked(shard["clean"]).tolist() == [True, True, True, False]
    assert unpacked(shard["fell"]).tolist() == [True, True, False, True]
    first = read({"distance": shard["first"]}, "distance")
    last = read(shard, "distance")
    assert first[:2].tolist() == pytest.approx([0.5, 0.75], rel=6e-4)
    assert last[:2].tolist() == pytest.approx([0.25, 0.5], rel=6e-4)
    assert last[2].isinf()


def test_a_row_that_never_falls_counts_with_all_that_it_cost() -> None:
    assert mean_queries([firsts(talk(), IMAGES)]) == pytest.approx((3 + 5 + 7) / 3)


def test_a_line_compares_what_all_methods_have_done(tmp_path: Path) -> None:
    held = Shelf(tmp_path / "digits_standard" / "autozoom.json", dict.fromkeys(STEPS, "key"))
    zoo, bilinear, coded, *_ = places()
    held.put(zoo, {**firsts(talk(), IMAGES), "seconds": 2.0})
    assert lines(held) == []
    cheap = {**firsts(talk(), IMAGES), "queries": [1, 1, 1, 1], "seconds": 1.0}
    held.put(bilinear, cheap)
    held.put(coded, cheap)
    found = {line["attack"]: line for line in lines(held)}
    assert {line["model"] for line in found.values()} == {"digits_standard"}
    assert {line["done"] for line in found.values()} == {f"3 of {len(places())} shards"}
    assert found["autozoom_ae"]["fewer than ZOO"] == "80.0 %"
    assert found["zoo"]["success %"] == pytest.approx(66.7)
    assert found["zoo"]["mean L2 at the end"] == pytest.approx(0.375, rel=1e-3)


def test_to_publish_only_victims_of_whom_something_is_kept_are_loaded_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    told: list[object] = []

    def loaded(name: str, rows: int) -> Victim:
        asked.append(name)
        return victim(name, rows)

    def put(shown: Victim, place: Place) -> None:
        strength_autozoom.shelf(shown).put(place, {"seconds": 0.0})

    monkeypatch.setattr(_strength_shards, "KEPT", tmp_path)
    monkeypatch.setattr(strength_autozoom, "victim", loaded)
    monkeypatch.setattr(strength_autozoom, "go_on", put)
    monkeypatch.setattr(strength_autozoom, "lines", lambda held: [{"model": held.file.parent.name}])
    monkeypatch.setattr(strength_autozoom, "publish", lambda _, __, rows, ___: told.extend(rows))
    strength_autozoom.attacked.cache_clear()
    strength_autozoom.main(["--only", "digits_standard"])
    assert asked == ["digits_standard"]
    assert told == [{"model": "digits_standard"}]
