"""What the site generator's tests share: a small valid folder of entries, and golden files."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rostra.sitegen.programme import Programme, load

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
SITE = """\
id: lab
name: {en: The lab, zh: 实验室}
url: https://lab.example/
zone: Europe/Berlin
languages: [en, zh]
"""
PEOPLE = """\
ann:
  name: Ann Lee
  affiliation: {en: A university, zh: 某大学}
wang:
  name: {en: Wei Wang, zh: 王伟}
"""
SERIES = """\
weekly:
  name: {en: Weekly, zh: 周会}
  organisers: [ann]
"""
TALK = """\
title: {en: On trust, zh: 论信任}
start: 2024-05-05 10:00
speakers: [wang]
"""
ENTRIES = {
    "site.yaml": SITE,
    "people.yaml": PEOPLE,
    "series.yaml": SERIES,
    "weekly/trust.yaml": TALK,
}

Folder = Callable[..., Path]
NOW = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture
def seminars(tmp_path: Path) -> Folder:
    """Write a valid folder of entries; `changes` are files and their texts, None: left out."""

    def write(changes: dict[str, str | None] | None = None) -> Path:
        folder = tmp_path / "seminars"
        for name, text in (ENTRIES | (changes or {})).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is not None:
                path.write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def programme(seminars: Folder) -> Programme:
    return load(seminars())


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with a file of `golden/`; `ROSTRA_GOLDEN=rewrite` writes it instead."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("ROSTRA_GOLDEN") == "rewrite":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        assert path.exists(), f"{path} is not there: make golden, and review it"
        assert text.encode() == path.read_bytes()

    return compare
