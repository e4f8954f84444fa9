"""The recorded run: real, small, and the same when it is run again."""

import base64
import copy
import itertools
import json
from collections.abc import Iterator
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


@pytest.fixture(scope="module", autouse=True)
def as_before() -> Iterator[None]:
    """A run is recorded on one thread; whatever is tested next has as many as before."""
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def again() -> Any:
    return recording.taken()


def test_run_again_it_says_the_same(tape: Any, again: Any) -> None:
    assert differences(tape, again) == []


def test_the_standard_model_falls_early_and_the_robust_one_holds(tape: Any) -> None:
    run = tape["runs"][tape["shown"]]
    assert run["eps"] <= 8
    assert run["standard"]["phase"] == "fooled"
    assert run["standard"]["probs"][-1][0][0] != tape["label"]
    assert run["robust"]["phase"] == "holds"
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
    run["phase"] = "rounded"
    other["runs"][5]["standard"]["loss"][20] *= 1.02
    assert [line.split(":")[0] for line in differences(tape, other)] == [
        "eps 4/255, standard",
        "eps 8/255, standard",
    ]


def test_the_first_budget_that_tells_the_models_apart_is_shown() -> None:
    def run(standard: str, robust: str) -> dict[str, dict[str, str]]:
        return {"standard": {"phase": standard}, "robust": {"phase": robust}}

    neither = run("rounded", "holds")
    assert shown([neither, run("fooled", "holds"), run("fooled", "holds")]) == 1
    assert shown([neither, run("fooled", "rounded"), neither]) == 1
    assert shown([neither, run("fooled", "fooled")]) == 1


def test_a_win_that_rounding_undoes_is_recorded_as_that(tape: Any) -> None:
    """A tenth under a whole number, 8 bits keep one level less than the attack was allowed."""
    fooled = [run["eps"] for run in tape["runs"] if run["standard"]["phase"] == "fooled"]
    runs = recording.taken(budgets=[fooled[0] - 0.1, fooled[0] - 1.1])["runs"]
    undone = [run for run in runs if run["standard"]["phase"] == "rounded"]
    assert undone
    for run in undone:
        assert 0 <= run["standard"]["at"] <= run["steps"]
        assert run["standard"]["probs"][-1][0][0] == tape["label"]


def test_a_file_is_replaced_when_all_is_computed(
    tape: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "recordings" / "run.json"
    monkeypatch.setattr(recording, "taken", lambda _: tape)
    record(path)
    assert json.loads(path.read_text(encoding="utf-8")) == tape
    assert [file.name for file in path.parent.iterdir()] == ["run.json"]
