"""What all tests share: where the public data is, and an honest word when it is not there."""

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("ROSTRA_DATA", "../shared/data"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect (never skip) the tests that read the public data sets where these are absent."""
    if DATA.is_dir():
        return
    absent = [item for item in items if item.get_closest_marker("data")]
    if absent:
        config.hook.pytest_deselected(items=absent)
        items[:] = [item for item in items if item not in absent]


def pytest_report_header() -> str:
    """Say whether the public data sets are read."""
    state = "read" if DATA.is_dir() else "absent: tests marked `data` are deselected"
    return f"public data sets in $ROSTRA_DATA ({DATA}): {state}"
