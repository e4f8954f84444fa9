"""The pipeline on a victim whose answers are known: shards, verdicts, explanations, the table."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from benchmarks import _strength_runs, _strength_shards, _strength_work, strength
from benchmarks._strength_cast import Entrant, Pair, pairs
from benchmarks._strength_models import Victim
from benchmarks._strength_runs import Counted, Question
from benchmarks._strength_shards import unpacked
from benchmarks._strength_table import cells, line, only_theirs
from benchmarks._strength_work import Sizes, jobs, known_of, places, verdict
from robustlib.data._base import Dataset

EPS = 0.125
MARGINS = torch.tensor([0.05, 0.1, 0.2, 0.3, -0.1, 0.12])
SIZES = Sizes(images=6, few=2, rows=3, seeds=2)
BROKEN = {0, 1, 4, 5}  # the margin is within eps, or the model is wrong to begin with


class Half(nn.Module):
    """Class 1 where the mean of the pixels is below a half: as far off in Linf as the margin."""

    def forward(self, images: Tensor) -> Tensor:
        ahead = images.flatten(1).mean(dim=1) - 0.5
        return torch.stack([ahead, -ahead], dim=1)


def still(asked: Question) -> Tensor:
    return asked.known.images


def whole_way(asked: Question) -> Tensor:
    asked.known.model(asked.known.images)
    return (asked.known.images - 0.31).clamp(0, 1)


def as_far_as_allowed(asked: Question) -> Tensor:
    return asked.known.images - asked.eps


def breaks(asked: Question) -> Tensor:
    raise RuntimeError("no such layer")


OURS = Entrant("robustlib", "pgd", lambda eps: {"steps": 3, "step_size": eps})
PEER = Entrant("peer", "plain", lambda _: {}, draws=False)
PAIR = Pair("pgd_linf", "gradient", "Linf", (OURS, PEER))
SMALLEST = replace(PAIR, name="small", kind="smallest", entrants=(PEER,))


@pytest.fixture
def victim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Victim:
    images = (0.5 + MARGINS)[:, None, None, None].expand(-1, 1, 2, 2).contiguous()
    shown = Dataset(images, torch.zeros(6, dtype=torch.int64), ("a", "b"), ("甲", "乙"))
    monkeypatch.setattr(_strength_shards, "KEPT", tmp_path)
    monkeypatch.setitem(_strength_runs.RUNNERS, "peer", as_far_as_allowed)
    return Victim("half", Half().eval(), shown, EPS, "0" * 64)


def course(victim: Victim, monkeypatch: pytest.MonkeyPatch, **more: object) -> strength.Course:
    monkeypatch.setattr(strength, "names", lambda: ["half"])
    return strength.Course(SIZES, victims={"half": victim}, **more)  # type: ignore[arg-type]


def test_a_counter_counts_rows_forward_and_back_whoever_asks() -> None:
    counted = Counted(Half())
    images = torch.rand(5, 1, 2, 2, requires_grad=True)
    outputs = counted(images)
    torch.autograd.grad(outputs.sum(), images)
    with torch.no_grad():
        counted(images[:2])
    assert (counted.forwards, counted.backwards) == (7, 5)


def test_a_verdict_is_looked_at_again(victim: Victim) -> None:
    known = known_of(victim, list(range(6)))
    fell = unpacked(verdict(known, known.images - EPS, "Linf", EPS)["fell"])
    assert set(fell.nonzero()[:, 0].tolist()) == BROKEN
    beyond = unpacked(verdict(known, known.images - 2 * EPS, "Linf", EPS)["fell"])
    assert not beyond.any()  # all are wrong there, and none is in the ball


def test_smallest_changes_are_kept_with_their_lengths(victim: Victim) -> None:
    found = verdict(known_of(victim, [0, 3]), torch.full((2, 1, 2, 2), 0.45), "L2", torch.inf)
    lengths = _strength_shards.read(found, "distance")
    assert unpacked(found["clean"]).all()
    torch.testing.assert_close(lengths, torch.tensor([0.2, 0.7]).double(), rtol=6e-4, atol=0)


def test_each_shard_is_planned_once_and_the_first_rows_and_seeds_come_first() -> None:
    planned = jobs([PAIR], {"half": 6}, SIZES)
    assert len({(job.victim, str(job.place)) for job in planned}) == len(planned) == 2 * (2 + 1)
    assert [(job.place.start, job.place.seed) for job in planned[:2]] == [(0, 0), (0, 0)]
    assert [place.count for place in places(PAIR, PEER, 5, SIZES)] == [3, 2]
    few = replace(PAIR, few=True)
    assert [place.count for place in places(few, PEER, 6, SIZES)] == [2]


def test_a_run_goes_on_where_it_stopped_and_ends_with_the_known_answer(
    victim: Victim, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    strength.go_on(course(victim, monkeypatch, hours=0.0), [PAIR])
    assert re.search("the time is used: 6 shards are left", capsys.readouterr().out)
    strength.go_on(course(victim, monkeypatch), [PAIR])
    assert "min left" in capsys.readouterr().out
    again = course(victim, monkeypatch)
    assert strength.open_jobs(again, [PAIR]) == []
    found = line("half", PAIR, again.held("half", PAIR), 6, SIZES)
    assert found is not None
    assert found["done"] == "6 of 6 shards"
    assert (found["images"], found["seeds"]) == (6, 2)
    assert found["ours"] == f"{100 * 2 / 6:.2f} %"
    assert found["ours - best peer"] == "+0.00 points"
    assert found["held"] == "yes"
    assert found["peers' bounds"] == "peer +0.00"
    assert found["theirs alone"] == "none"


def test_nothing_is_said_of_rows_that_not_all_have_done(victim: Victim) -> None:
    held = _strength_work.shelf(victim, PAIR)
    first, second = places(PAIR, PEER, 6, SIZES)
    for place in (first, second):
        held.put(place, _strength_work.work(victim, PAIR, PEER, place, held))
    assert cells(PAIR, held, 6, SIZES) == []
    mine = replace(first, library="robustlib")
    held.put(mine, _strength_work.work(victim, PAIR, OURS, mine, held))
    assert cells(PAIR, held, 6, SIZES) == [(0, 3, 0)]
    found = line("half", PAIR, held, 6, SIZES)
    assert found is not None
    assert (found["images"], found["done"]) == (3, "3 of 6 shards")


def test_a_row_that_a_peer_alone_breaks_is_explained_by_what_breaks_it(
    victim: Victim, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    weak = replace(OURS, options=lambda eps: {"steps": 1, "step_size": eps / 100})
    pair = replace(PAIR, entrants=(weak, PEER))
    run = course(victim, monkeypatch)
    strength.go_on(run, [pair])
    held = run.held("half", pair)
    found = line("half", pair, held, 6, SIZES)
    assert found is not None
    assert found["held"] == "no"
    assert float(found["peers' bounds"].removeprefix("peer ")) < 0
    lone = only_theirs(pair, held, cells(pair, held, 6, SIZES))
    assert 5 in lone
    assert set(lone) <= BROKEN
    strength.explain(run, [pair])
    assert held.explained.keys() == {str(row) for row in lone}
    assert all(words.startswith(("falls to", "holds against")) for words in held.explained.values())


def test_what_a_peer_raises_is_said_and_it_is_compared_with_nobody(
    victim: Victim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(_strength_runs.RUNNERS, "peer", breaks)
    run = course(victim, monkeypatch)
    strength.go_on(run, [PAIR])
    found = line("half", PAIR, run.held("half", PAIR), 6, SIZES)
    assert found is not None
    assert "peer: RuntimeError: no such layer" in found["failed"]
    assert found["ours"] == "–"


def test_who_comes_in_double_precision_is_answered_by_a_model_of_single() -> None:
    counted = Counted(nn.Linear(2, 2))
    assert counted(torch.zeros(1, 2, dtype=torch.float64)).dtype == torch.float32


def test_our_budget_is_what_the_peer_took(victim: Victim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_strength_runs.RUNNERS, "peer", whole_way)
    monkeypatch.setitem(_strength_runs.RUNNERS, "robustlib", still)
    asked: list[object] = []

    def remembered(name: str, question: Question) -> Tensor:
        asked.append(question.options.get("budget"))
        return _strength_runs.RUNNERS[name](question)

    monkeypatch.setattr(_strength_work, "run", remembered)
    pair = replace(PAIR, kind="decision", norm="L2", entrants=(PEER, replace(OURS, like="peer")))
    held = _strength_work.shelf(victim, pair)
    for entrant in pair.entrants:
        place = next(places(pair, entrant, 6, SIZES))
        held.put(place, _strength_work.work(victim, pair, entrant, place, held))
    assert asked == [None, 2]  # one pass a row, and the least that is a search


def test_every_pair_holds_ours_once_and_its_files_have_names_of_their_own() -> None:
    for pair in pairs():
        assert [each.library for each in pair.entrants].count("robustlib") == 1
        assert len({each.library for each in pair.entrants}) == len(pair.entrants) > 1
        if any(each.library == "art" for each in pair.entrants):
            assert pair.few
    assert len({pair.name for pair in pairs()}) == len(pairs())
