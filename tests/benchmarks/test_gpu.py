"""The lot for an accelerator runs wherever torch does, and says so where there is none."""

from typing import Any

import pytest
import torch

from benchmarks import gpu
from robustlib.serving import Job, Server


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DEVICE": "cpu", "BATCH": 4, "WIDTH": 4, "IMAGES": 2, "CLIENTS": 3}.items():
        monkeypatch.setattr(gpu, name, value)
    monkeypatch.setattr(gpu, "STEPS", 2)


@pytest.mark.filterwarnings("ignore:The .grad attribute")  # the compiler looks there
@pytest.mark.usefixtures("small")
def test_pgd_is_set_beside_the_passes_that_it_took() -> None:
    rows = [*gpu.against_floor()]
    assert [row["what"].rpartition("18 ")[2] for row in rows] == [
        "as it is",
        "compiled",
        'precision="fast"',
    ]
    assert all(row["seconds"] > 0 and "x the bare passes" in row["beside"] for row in rows)


@pytest.mark.usefixtures("small")
def test_all_users_are_served() -> None:
    (row,) = gpu.served()
    assert row["what"].startswith("PGD-2 for 3 users at once")
    assert float(row["beside"].partition(" x ")[0]) > 0


@pytest.mark.usefixtures("small")
def test_a_user_who_is_not_served_ends_the_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    served = Server.stream

    def stream(self: Server, *task: Any, user: int, **terms: Any) -> Job:
        if user == 1:
            raise RuntimeError("not served")
        return served(self, *task, user=user, **terms)

    monkeypatch.setattr(Server, "stream", stream)
    with pytest.raises(RuntimeError, match="not served"):
        list(gpu.served())


def test_without_a_device_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "DEVICE", "cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(SystemExit, match="ROSTRA_DEVICE=cpu"):
        gpu.main()
