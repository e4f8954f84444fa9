"""The contracts' victims again, on a CUDA device. `make gpu` alone collects this folder."""

import importlib.util
from pathlib import Path

import pytest
import torch

_HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location(
    "library_fixtures", _HERE.parent / "robustlib" / "conftest.py"
)
assert _spec is not None
assert _spec.loader is not None
_fixtures = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_fixtures)

net, pictures, labels_of = _fixtures.net, _fixtures.pictures, _fixtures.labels_of


@pytest.fixture(scope="session")
def device() -> torch.device:
    return torch.device("cuda", torch.cuda.current_device())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker("gpu")
