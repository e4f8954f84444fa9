"""The plain folder builds strict where Rostra is not installed: under ProperDocs, under Zensical.

`make folder` builds that environment and names its `bin` folder in $ROSTRA_SHELLS.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from rostra.sitegen import plain
from tests._project import with_known_talks
from tests.rostra.sitegen._building import built

if "ROSTRA_SHELLS" not in os.environ:
    pytest.fail(
        "These tests need ProperDocs and Zensical: `make folder` installs them and runs these.",
        pytrace=False,
    )

SHELLS = Path(os.environ["ROSTRA_SHELLS"])
BUILDS = {
    "properdocs": ("build", "--strict", "-f", "mkdocs.yml"),
    "zensical": ("build", "--strict", "-f", "mkdocs.yml"),
}
PATIENCE = 240  # seconds, for any one build


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our own site, all of it, as the plain folder."""
    project = with_known_talks(tmp_path_factory.mktemp("project"))
    site = built(project, tmp_path_factory.mktemp("site"), ROSTRA_NOW="2026-11-21T08:00:00Z")
    return plain.write(site, tmp_path_factory.mktemp("plain") / "plain")


def build(shell: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(SHELLS / shell), *BUILDS[shell]]
    told = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(
        command, cwd=folder, env=told, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def squeezed(html: str) -> str:
    return re.sub(r"\s+", "", html)


@pytest.mark.parametrize("shell", BUILDS)
def test_it_builds_strict_and_loses_nothing(shell: str, folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "plain"
    shutil.copytree(folder, place)
    done = build(shell, place)
    assert done.returncode == 0, done.stdout + done.stderr
    docs, site = place / "docs", place / "site"
    for path in (path for path in docs.rglob("*") if path.is_file()):
        name = path.relative_to(docs)
        if path.suffix == ".md":
            article = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
            page = (site / name.with_suffix(".html")).read_text(encoding="utf-8")
            assert squeezed(article) in squeezed(page), name
        else:
            assert (site / name).read_bytes() == path.read_bytes(), name
    for name in ("talks/all.ics", "feed.xml", "zh/feed.xml", "api/v1/talks.json"):
        assert (site / name).is_file(), name
    assert "用 Shapley 值" in (site / "zh/talks/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("shell", BUILDS)
def test_it_would_be_seen(shell: str, folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "plain"
    shutil.copytree(folder, place)
    with (place / "docs/talks/index.md").open("a", encoding="utf-8") as page:
        page.write("\n[nowhere](nowhere.md)\n")
    assert build(shell, place).returncode != 0
