"""The lot for an accelerator runs wherever torch does, and says so where there is none."""

import pytest
import torch

from benchmarks import gpu


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
    assert all(row["seconds"] > 0 and "x its own bare passes" in row["beside"] for row in rows)


@pytest.mark.usefixtures("small")
def test_all_users_are_served() -> None:
    (row,) = gpu.served()
    assert row["a second"] == pytest.approx(3 / row["seconds"], rel=0.1)


def test_without_a_device_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "DEVICE", "cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(SystemExit, match="ROSTRA_DEVICE=cpu"):
        gpu.main()
