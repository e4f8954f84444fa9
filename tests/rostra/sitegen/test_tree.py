"""Links and pipes in `docs/` are refused before MkDocs follows them."""

import os
from pathlib import Path

import pytest
from mkdocs.exceptions import Abort

from rostra.sitegen import tree
from tests._project import with_known_talks
from tests.rostra.sitegen._building import built


def planted(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    (docs / "notes").mkdir(parents=True)
    (docs / "notes/kept.md").write_text("# Kept\n")
    (docs / "same.md").symlink_to(docs / "notes/kept.md")
    (tmp_path / "secret.md").write_text("# Secret\n")
    return docs


def test_files_and_links_to_them_may_lie_there(tmp_path: Path) -> None:
    docs = planted(tmp_path)
    assert [*tree.faults(docs)] == []
    (tmp_path / "elsewhere").symlink_to(docs)
    assert [*tree.faults(tmp_path / "elsewhere")] == []


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("a.md", "../secret.md"),
        ("notes/a.md", "../../secret.md"),
        ("a.md", "/etc/hostname"),
        ("etc", "/etc"),
        ("up", ".."),
        ("round", "."),
        ("notes/round", "../notes"),
        ("a.md", "a.md"),
        ("a.md", "nowhere.md"),
        ("a.md", "/dev/zero"),
    ],
)
def test_links_that_lead_out_or_round_are_refused(tmp_path: Path, name: str, target: str) -> None:
    docs = planted(tmp_path)
    (docs / name).symlink_to(target)
    (fault,) = tree.faults(docs)
    assert (fault.file, fault.rule) == (f"docs/{name}", "file")


def test_a_link_to_a_link_is_judged_by_its_end(tmp_path: Path) -> None:
    docs = planted(tmp_path)
    (tmp_path / "bridge.md").symlink_to(docs / "notes/kept.md")
    (docs / "there-and-back.md").symlink_to(tmp_path / "bridge.md")
    assert [*tree.faults(docs)] == []
    (docs / "same.md").unlink()
    (docs / "same.md").symlink_to("other.md")
    (docs / "other.md").symlink_to(tmp_path / "secret.md")
    assert {one.file for one in tree.faults(docs)} == {"docs/same.md", "docs/other.md"}


def test_a_pipe_is_refused_and_not_read(tmp_path: Path) -> None:
    docs = planted(tmp_path)
    os.mkfifo(docs / "endless.md")
    assert [one.file for one in tree.faults(docs)] == ["docs/endless.md"]


def test_the_site_is_not_built_of_them(tmp_path: Path) -> None:
    project = with_known_talks(tmp_path)
    real = project / "docs"
    copied = [path.name for path in real.resolve().iterdir()]
    target = real.resolve()
    real.unlink()
    real.mkdir()
    for name in copied:
        (real / name).symlink_to(target / name)
    with pytest.raises(Abort, match="leads out of docs/"):
        built(project, tmp_path / "site")
