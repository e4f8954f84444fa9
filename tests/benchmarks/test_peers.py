"""Other people's libraries: all of them are there, or none is said to be."""

import subprocess
from pathlib import Path

import pytest

from benchmarks import _peers


def test_an_upgrade_that_is_broken_off_leaves_no_word_that_all_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(command: list[str], **_: object) -> None:
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(_peers, "FOLDER", tmp_path)
    monkeypatch.setattr(subprocess, "run", broken_off)
    stamp = tmp_path / "pins.txt"
    stamp.write_text("foolbox==3.3.3", encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        _peers.install()
    assert not stamp.exists()
