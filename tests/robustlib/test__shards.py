"""A run that is killed anywhere and resumed has the result of one that was not."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from logging import getLogger
from pathlib import Path
from typing import Any

import pytest
import torch

from robustlib import _shards
from robustlib._shards import Shards, key_of
from robustlib.attacks.pgd import pgd
from robustlib.attacks.square import square
from robustlib.curves import Curve, curve
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.threats import Linf
from tests.robustlib._line import line
from tests.robustlib._settings import PAIRS, Holder, net

ROOT = Path(__file__).parents[2]
COUNT, SIZE = 50, 12  # five shards, the last one short
PARTS = 5


class Killed(BaseException):
    """As abrupt as can be had within a process."""


def run(shards: Shards | None = None, **changed: Any) -> Curve:
    known = line(COUNT, torch.Generator().manual_seed(3))
    goal = Misclassify((known.height > 0).long())
    attacks = {"pgd": partial(pgd, steps=3), "square": partial(square, steps=10)}
    asked = {"attacks": attacks, "seed": 2, "shard": SIZE, **changed}
    return curve(known.model, known.images, goal, Linf, (0.0, 0.01, 0.03), shards=shards, **asked)


def same(one: Curve, other: Curve) -> bool:
    return one.rows() == other.rows() and one.points() == other.points()


@pytest.mark.parametrize("alive", range(PARTS + 1))
@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_any_shard_and_resumed_is_as_run_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alive: int, moment: str
) -> None:
    write, done = Shards.write, []

    def dying(self: Shards, number: int, found: Any) -> None:
        if moment == "before" and number == alive:
            raise Killed
        write(self, number, found)
        done.append(number)
        if moment == "after" and number == alive:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Shards, "write", dying)
        try:
            run(Shards(tmp_path))
        except Killed:
            assert len(done) < PARTS or moment == "after"
    shards = Shards(tmp_path, resume=True)
    assert same(run(shards), run())
    assert shards.taken == done
    assert not shards.damaged
    assert not list(tmp_path.glob("*.part"))


def test_killed_within_a_write_and_resumed_is_as_run_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(file: Path, content: bytes) -> None:
        file.with_name(f"{file.name}.part").write_bytes(content[: len(content) // 2])
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(_shards, "write_aside", torn)
        with pytest.raises(Killed):
            run(Shards(tmp_path))
    shards = Shards(tmp_path, resume=True)
    assert same(run(shards), run())
    assert shards.taken == []


SCRIPT = """
import sys, time
from pathlib import Path
from robustlib._shards import Shards
from tests.robustlib.test__shards import run
print("ready", flush=True)
run(Shards(Path(sys.argv[1])), report=lambda *now: time.sleep(0.05))
"""


def test_a_process_that_is_shot_is_resumed(tmp_path: Path) -> None:
    """SIGKILL, which no process can answer, once the first shard is there and the last is not."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    try:
        while not list(tmp_path.glob("*.json")):
            assert process.poll() is None
            time.sleep(0.005)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    finished = len(list(tmp_path.glob("*.json")))
    assert 0 < finished < PARTS
    shards = Shards(tmp_path, resume=True)
    assert same(run(shards), run())
    assert shards.taken == list(range(finished))


def cut(text: str) -> str:
    return text[: len(text) // 2]


def changed(text: str) -> str:
    return text.replace('\\"queries\\": [', '\\"queries\\": [9')


def of_others(text: str) -> str:
    return json.dumps({**json.loads(text), "key": "0" * 64})


@pytest.mark.parametrize("damage", [cut, changed, of_others, lambda _: "[]", lambda _: "\xff{"])
def test_a_damaged_shard_is_done_again(tmp_path: Path, damage: Any) -> None:
    whole = run(Shards(tmp_path))
    victim = sorted(tmp_path.glob("*.json"))[2]
    before = victim.read_text(encoding="utf-8")
    assert damage(before) != before
    victim.write_text(damage(before), encoding="latin-1")
    shards = Shards(tmp_path, resume=True)
    assert same(run(shards), whole)
    assert shards.damaged == [2]
    assert shards.taken == [0, 1, 3, 4]
    again = Shards(tmp_path, resume=True)
    assert same(run(again), whole)
    assert again.damaged == []


def test_shards_of_other_settings_are_left_alone_and_counted(tmp_path: Path) -> None:
    run(Shards(tmp_path), seed=3)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    shards = Shards(tmp_path, resume=True)
    assert same(run(shards), run())
    assert shards.others == PARTS
    assert shards.taken == []
    assert all(file.read_bytes() == content for file, content in before.items())


def test_finished_shards_are_neither_taken_nor_lost_unasked(tmp_path: Path) -> None:
    run(Shards(tmp_path))
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(InputError, match="5 finished parts of this very run: resume it"):
        run(Shards(tmp_path))
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.parametrize(("one", "other"), PAIRS.values(), ids=PAIRS)
def test_whatever_matters_changes_the_key(one: object, other: object) -> None:
    assert key_of(one) != key_of(other)
    assert key_of(one) == key_of(one)


def test_what_is_not_of_the_result_does_not_matter() -> None:
    """And it is none of those that cannot be told: a lock, an open file, a logger."""
    held = [Holder([threading.Lock(), io.StringIO(text), getLogger(text)]) for text in "ab"]
    assert key_of(held[0]) == key_of(held[1])


def test_many_that_know_each_other_are_told_in_no_time() -> None:
    """Each of thirty leads to all others: there are more ways than could ever be walked."""

    def crowd(last: int) -> list[Holder]:
        all_of_them = [Holder([number]) for number in range(30)]
        for one in all_of_them:
            one.peers = all_of_them
        all_of_them[-1].held.append(last)
        return all_of_them

    assert key_of(crowd(1)) == key_of(crowd(1)) != key_of(crowd(2))


def test_one_thing_twice_is_as_two_that_are_alike() -> None:
    one = Holder([1])
    assert key_of([one, one]) == key_of([Holder([1]), Holder([1])])


def test_a_buffer_a_version_and_the_order_matter_too(monkeypatch: pytest.MonkeyPatch) -> None:
    moved = net()
    before = key_of(net(), 1, 2)
    assert key_of(moved, 1, 2) == before
    moved[2].running_mean.add_(1)
    assert key_of(moved, 1, 2) != before
    assert key_of(net(), 2, 1) != before
    monkeypatch.setattr(_shards.metadata, "version", lambda _: "99")
    assert key_of(net(), 1, 2) != before


def test_the_same_settings_have_the_same_key_in_another_process() -> None:
    """No address in memory and no salted hash gets in."""
    script = "from tests.robustlib._settings import PAIRS\nfrom robustlib._shards import key_of\n"
    told = subprocess.run(
        [sys.executable, "-c", f"{script}print(key_of(*PAIRS.values()))"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == key_of(*PAIRS.values())
