"""What stands below a table: the command that measures it again, as it was asked."""

import re
from pathlib import Path

import pytest

from benchmarks import _table

BENCHMARKS = Path(_table.__file__).parent
NO_SIZES = {"ROSTRA_DATA", "ROSTRA_FUZZ_SEED"}  # where data is; one case, which makes no table


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _table.SIZES:
        monkeypatch.delenv(name, raising=False)


def test_the_quoted_command_holds_the_sizes_that_were_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_table, "RESULTS", tmp_path)
    monkeypatch.setenv("ROSTRA_SIZES", "40 8")
    monkeypatch.setenv("ROSTRA_DATA", "/somewhere/else")
    _table.publish("speed", "Speed", [{"library": "robustlib", "s": 1}], [])
    text = (tmp_path / "speed.md").read_text(encoding="utf-8")
    assert text.endswith(": `ROSTRA_SIZES='40 8' python -m benchmarks speed`.\n")


def test_without_sizes_the_command_is_bare() -> None:
    assert _table.command("speed") == "python -m benchmarks speed"


def test_every_size_that_a_benchmark_reads_is_quoted() -> None:
    read = re.compile(r"environ\.get\(\"(ROSTRA_\w+)\"")
    files = BENCHMARKS.glob("*.py")
    asked = {name for file in files for name in read.findall(file.read_text(encoding="utf-8"))}
    assert asked - NO_SIZES == set(_table.SIZES)
