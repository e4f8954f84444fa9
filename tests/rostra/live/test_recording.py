"""The recorded run: real, small, and the same when it is run again."""

import base64
import copy
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import torch

from rostra.live import pixels, recording
from rostra.live.recording import EPS, differences, record, shown
from rostra.live.words import LANGUAGES, STAGE, in_language

PATH = Path("docs/assets/recordings/attack_playground.json")


@pytest.fixture(scope="module")
def tape() -> Any:
    return json.loads(PATH.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def again() -> Any:
    threads = torch.get_num_threads()
    try:
        return recording.taken()
    finally:
        torch.set_num_threads(threads)


def test_run_again_it_says_the_same(tape: Any, again: Any) -> None:
    assert differences(tape, again) == []


def test_the_standard_model_falls_early_and_the_robust_one_holds(tape: Any) -> None:
    run = tape["runs"][tape["shown"]]
    assert run["eps"] <= 8
    assert run["standard"]["at"] is not None
    assert run["standard"]["probs"][-1][0][0] != tape["label"]
    assert run["robust"]["at"] is None
    assert run["robust"]["probs"][-1][0][0] == tape["label"]
    assert tape["classes"]["en"][tape["label"]] == "stop"


def test_it_is_small_enough_for_a_page(tape: Any) -> None:
    assert PATH.stat().st_size <= 300_000
    assert [run["eps"] for run in tape["runs"]] == list(EPS)


def test_its_words_are_those_of_today(tape: Any) -> None:
    """Words travel inside the recording: change one and it is recorded again, or patched."""
    assert tape["words"] == {name: in_language(STAGE, name) for name in LANGUAGES}


def test_its_pictures_are_within_the_budget_they_are_shown_for(tape: Any) -> None:
    clean = picture(tape["original"])
    for run, name in itertools.product(tape["runs"], tape["clean"]):
        film = picture(run[name]["film"]).int() - 128
        assert film.shape[2] == clean.shape[2] * len(run["keyframes"])
        assert int(film.abs().max()) <= run["eps"]
        last = clean.int() + film[:, :, -clean.shape[2] :]
        measured = pixels.distances(clean, last.to(torch.uint8))
        assert {norm: run[name]["cost"][norm] for norm in measured} == measured


def picture(uri: str) -> torch.Tensor:
    return pixels.from_png(base64.b64decode(uri.removeprefix(pixels.URI)))


def test_another_verdict_or_loss_is_noticed(tape: Any) -> None:
    other = copy.deepcopy(tape)
    run = other["runs"][3]["standard"]
    run["at"] = None if run["at"] is not None else 1
    other["runs"][5]["standard"]["loss"][20] *= 1.02
    assert [line.split(":")[0] for line in differences(tape, other)] == [
        "eps 4/255, standard",
        "eps 8/255, standard",
    ]


def test_the_first_budget_that_tells_the_models_apart_is_shown() -> None:
    def run(standard: int | None, robust: int | None) -> dict[str, dict[str, int | None]]:
        return {"standard": {"at": standard}, "robust": {"at": robust}}

    assert shown([run(None, None), run(3, None), run(1, None)]) == 1
    assert shown([run(None, None), run(3, 5)]) == 1


def test_a_file_is_replaced_when_all_is_computed(
    tape: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "recordings" / "run.json"
    monkeypatch.setattr(recording, "taken", lambda _: tape)
    record(path)
    assert json.loads(path.read_text(encoding="utf-8")) == tape
    assert [file.name for file in path.parent.iterdir()] == ["run.json"]
