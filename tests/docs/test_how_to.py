"""How-to pages can be followed: their commands run in order, their entries are right."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "how-to").glob("*.md"))
BLOCK = re.compile(r"^```(sh|yaml)\n(.*?)^```", re.DOTALL | re.MULTILINE)
CONTENT = ("seminars", "demos")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in CONTENT:
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def follow(page: Path, project: Path) -> list[str]:
    """Do what a page says: run its commands, write its entries to the file named before them."""
    text = page.read_text(encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    said = []
    for block in BLOCK.finditer(text):
        if block[1] == "yaml":
            file = re.findall(r"`(seminars/[\w/.-]+\.yaml)`", text[: block.start()])[-1]
            (project / file).write_text(block[2], encoding="utf-8")
            continue
        done = subprocess.run(
            ["bash", "-euc", block[2]],
            cwd=project,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{page.name}: {block[2]}{done.stdout}{done.stderr}"
        said.append(done.stdout + done.stderr)
    return said


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_can_be_followed_to_its_end(page: Path, project: Path) -> None:
    said = follow(page, project)
    assert said
    assert all(said)


def test_a_wrong_step_would_be_seen(project: Path, tmp_path: Path) -> None:
    page = tmp_path / "wrong.md"
    page.write_text("```sh\nrostra check nowhere\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="nowhere"):
        follow(page, project)
