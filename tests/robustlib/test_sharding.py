"""Two processes that share the rows come to the verdicts of one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from robustlib.attacks.apgd import apgd
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.sharding import sharded
from robustlib.threats import Linf

SCRIPT = """
import sys
import torch
from torch import distributed
from robustlib.attacks.apgd import apgd
from robustlib.goals import Misclassify
from robustlib.sharding import sharded
from robustlib.threats import Linf

folder, rank, among, fails = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
given = torch.load(f"{folder}/given.pt", weights_only=True)
model = torch.nn.Linear(12, 4, dtype=torch.float64).eval()
model.load_state_dict(given["weights"])
if rank == fails:
    model.train()
where = f"file://{folder}/meeting"
distributed.init_process_group("gloo", init_method=where, rank=rank, world_size=among)
goal, threat = Misclassify(given["labels"]), Linf(given["eps"])
try:
    result = sharded(
        model, given["images"], goal, threat, apgd, keys=given["keys"], steps=20, seed=3
    )
    torch.save({**vars(result), "options": None}, f"{folder}/found-{rank}.pt")
finally:
    distributed.destroy_process_group()
"""


def shared(folder: Path, *, among: int = 2, fails: int = -1) -> list[subprocess.Popen[str]]:
    """The script in so many processes, ended."""
    told = {**os.environ, "GLOO_SOCKET_IFNAME": "lo", "OMP_NUM_THREADS": "1"}
    told["PYTHONPATH"] = str(Path(__file__).parents[2])
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(folder), str(rank), str(among), str(fails)],
            env=told,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(among)
    ]
    for process in running:
        process.told = process.communicate(timeout=120)[1]  # type: ignore[attr-defined]
    return running


@pytest.fixture
def given(tmp_path) -> dict[str, object]:
    """Seven images of twelve numbers, each with a key and a radius of its own."""
    numbers = torch.Generator().manual_seed(5)
    model = torch.nn.Linear(12, 4, dtype=torch.float64).eval()
    for parameter in model.parameters():
        parameter.data.normal_(generator=numbers)
    images = torch.rand(7, 12, dtype=torch.float64, generator=numbers)
    given = {
        "weights": model.state_dict(),
        "images": images,
        "labels": model(images).argmax(1),
        "eps": torch.linspace(0.01, 0.3, 7, dtype=torch.float64),
        "keys": [11, 5, 8, 2, 9, 4, 7],
    }
    torch.save(given, tmp_path / "given.pt")
    return {**given, "model": model}


def test_two_processes_find_what_one_finds(given, tmp_path) -> None:
    for process in shared(tmp_path):
        assert process.returncode == 0, process.told
    goal, threat = Misclassify(given["labels"]), Linf(given["eps"])
    options = {"keys": given["keys"], "steps": 20, "seed": 3}
    alone = attack(given["model"], given["images"], goal, threat, apgd, **options)
    assert 0 < int(alone.success.sum()) < 7
    for rank in (0, 1):
        found = torch.load(tmp_path / f"found-{rank}.pt", weights_only=False)
        assert torch.equal(found["success"], alone.success)
        assert torch.allclose(found["adversarial"], alone.adversarial, rtol=0, atol=1e-9)
        assert torch.allclose(found["clean_outputs"], alone.clean_outputs, rtol=0, atol=1e-9)
        assert torch.equal(found["queries"], alone.queries)
        assert torch.equal(found["backwards"], alone.backwards)
        assert found["by"] == alone.by
        assert found["stopped"] == alone.stopped


def test_processes_without_rows_wait_for_the_others_and_say_nothing(given, tmp_path) -> None:
    """Four share two images: both are fooled, which is why the attack stopped."""
    few = {"images": given["images"][5:], "labels": given["labels"][5:], "keys": given["keys"][5:]}
    few["eps"] = torch.ones(2, dtype=torch.float64)
    torch.save({**few, "weights": given["weights"]}, tmp_path / "given.pt")
    for process in shared(tmp_path, among=4):
        assert process.returncode == 0, process.told
    goal, options = Misclassify(few["labels"]), {"keys": few["keys"], "steps": 20, "seed": 3}
    alone = attack(given["model"], few["images"], goal, Linf(few["eps"]), apgd, **options)
    assert alone.stopped == "reached"
    for rank in range(4):
        found = torch.load(tmp_path / f"found-{rank}.pt", weights_only=False)
        assert torch.equal(found["success"], alone.success)
        assert torch.allclose(found["adversarial"], alone.adversarial, rtol=0, atol=1e-9)
        assert found["clean_outputs"].shape == alone.clean_outputs.shape
        assert (found["by"], found["stopped"]) == (alone.by, alone.stopped)


def test_where_one_process_fails_none_waits_for_ever(given, tmp_path) -> None:
    first, second = shared(tmp_path, fails=1)
    assert first.returncode
    assert "another process has failed; process 1: InputError" in first.told
    assert second.returncode
    assert "must be in eval mode" in second.told


def test_without_a_group_it_says_what_to_do() -> None:
    images = torch.zeros(1, 2)
    with pytest.raises(InputError, match="torchrun"):
        sharded(lambda shown: shown, images, Misclassify(torch.zeros(1).long()), Linf(0.1), apgd)
