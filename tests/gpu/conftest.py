"""The library's contracts again, on a CUDA device: `make gpu` alone collects this folder.

`ROSTRA_DEVICE=cpu .venv/bin/pytest tests/gpu` runs the same tests on the CPU, to see that they are
sound where there is no such device; those marked `gpu` are deselected then, and said to be.
"""

import os
from pathlib import Path

import pytest
import torch

from tests.robustlib.conftest import labels_of, net, pictures, random_states
from tests.robustlib.corruptions.conftest import scenes
from tests.robustlib.data.conftest import files

__all__ = ["files", "labels_of", "net", "pictures", "random_states", "scenes"]

WANTED = os.environ.get("ROSTRA_DEVICE", "cuda")


@pytest.fixture(scope="session")
def device() -> torch.device:
    return torch.empty(0, device=WANTED).device  # so that "cuda" says which


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect (never skip) what only an accelerator can show, where there is to be none."""
    if WANTED != "cpu":
        return
    here = Path(__file__).parent
    beyond = [
        item for item in items if here in item.path.parents and item.get_closest_marker("gpu")
    ]
    if beyond:
        config.hook.pytest_deselected(items=beyond)
        items[:] = [item for item in items if item not in beyond]


def pytest_report_header() -> str:
    """Say where the tests of this folder run."""
    return f"device of tests/gpu ($ROSTRA_DEVICE): {WANTED}"
