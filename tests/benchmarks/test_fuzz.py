"""What the fuzzer would print: nothing of sound code, and a line for each planted fault."""

import json
from pathlib import Path

import pytest
import torch

from benchmarks import _fuzz_cases, fuzz
from robustlib import _border, _ledger, goals, threats
from robustlib.errors import InputError
from tests.robustlib._mutations import Fault, plant

PIECE = 60


def faults() -> list[str]:
    return fuzz.found([fuzz._piece(0)])


@pytest.fixture(autouse=True)
def one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "PIECE", PIECE)


def test_sound_code_has_no_faults_and_a_seed_says_all() -> None:
    assert faults() == []
    assert str(_fuzz_cases.case(7)) == str(_fuzz_cases.case(7))
    assert fuzz.tried(7) == fuzz.tried(7)


def test_who_refuses_most_has_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise InputError("Nobody is served today.")

    monkeypatch.setattr(fuzz, "attack", refuse)
    (fault,) = faults()
    assert fault == "0 cases finished, 60 were refused: most are to be served"


def test_what_is_counted_varies_though_its_default_be_none_or_one() -> None:
    drawn = [_fuzz_cases.case(seed).options for seed in range(400)]
    for option in ("restarts", "halvings", "levels"):
        assert {each[option] for each in drawn if option in each} >= {1, 2}


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(threats.Linf.onto, ".clamp_(max=1)", "", faults), "offered a candidate"),
        (Fault(_ledger.Ledger.charge, "if victim:", "if not victim:", faults), "inputs booked"),
        (Fault(_border.Border.__exit__, "self._theirs)", "self._ours)", faults), "random states"),
        (Fault(goals.Misclassify.reached, "!=", "==", faults), "the bare model says"),
        (Fault(_ledger.Ledger.judge, "self.any_smallest:", "rows():", faults), "TypeError"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_planted_fault_is_told(fault, told, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, fault)
    found = faults()
    assert any(told in each for each in found)
    assert all(each.startswith("seed ") for each in found if "cases finished" not in each)


def test_a_stopped_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "KEPT", tmp_path)
    monkeypatch.setattr(fuzz, "PIECE", 2)
    first = next(fuzz.pieces(seconds=1e9))
    assert first["finished"] + first["refused"] == 2
    monkeypatch.setattr(fuzz, "_piece", lambda number: pytest.fail(f"piece {number} is not kept"))
    assert list(fuzz.pieces(seconds=1e-9)) == [first]
    (file,) = tmp_path.rglob("*.json")
    assert json.loads(file.read_text(encoding="utf-8")) == first


def test_what_a_victim_does_besides_is_what_its_name_says() -> None:
    seen = {_fuzz_cases.case(seed).quirk for seed in range(400)}
    assert seen == set(_fuzz_cases.QUIRKS) > _fuzz_cases.ANSWERING
    two = torch.tensor([[1.0, -1.0]])
    assert _fuzz_cases.QUIRKS["labels"].after(two).tolist() == [0]
    assert _fuzz_cases.QUIRKS["infinite"].after(two).tolist() == [[1.0, -torch.inf]]
