"""A site is built again when, and only when, something it shows has changed."""

import os
import time
from pathlib import Path

import pytest

from rostra.live import freshness
from rostra.live.freshness import BuildError, built_site, fingerprint

HERE = "http://127.0.0.1:8000/"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Home\n\nIs it live?\n", encoding="utf-8")
    config = "site_name: Small\ntheme: {name: null, custom_dir: shell}\nplugins: []\n"
    (tmp_path / "mkdocs.yml").write_text(config, encoding="utf-8")
    (tmp_path / "shell").mkdir()
    shell = "{{ page.content if page else '' }}{{ 'ROSTRA' in config.extra }}"
    (tmp_path / "shell" / "main.html").write_text(shell, encoding="utf-8")
    return tmp_path


def test_the_second_start_builds_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = built_site(project, HERE)
    assert "Is it live?" in (site / "index.html").read_text(encoding="utf-8")
    monkeypatch.setattr(freshness.subprocess, "run", lambda *_, **__: pytest.fail("built again"))
    assert built_site(project, HERE) == site


def test_a_changed_or_removed_source_and_another_clock_are_seen(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {fingerprint(project, HERE)}
    (project / "docs" / "talk.md").write_text("a talk", encoding="utf-8")
    seen.add(fingerprint(project, HERE))
    os.utime(project / "docs" / "talk.md", ns=(1, time.time_ns()))
    seen.add(fingerprint(project, HERE))
    (project / "docs" / "index.md").unlink()
    seen.add(fingerprint(project, HERE))
    monkeypatch.setenv("ROSTRA_NOW", "2022-03-01T00:00:00Z")
    seen.add(fingerprint(project, HERE))
    assert len(seen) == 5


def test_other_settings_and_other_builders_are_seen(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {fingerprint(project, HERE)}
    seen.add(fingerprint(project, "https://seminar.example.org/"))
    for name in ("ROSTRA_REPO_URL", "ROSTRA_REFERENCE"):
        monkeypatch.setenv(name, "another")
        seen.add(fingerprint(project, HERE))
    for name in ("mkdocs", "mkdocs-material", "rostra"):
        there = freshness.installed
        monkeypatch.setattr(
            freshness, "installed", lambda p, n=name, t=there: "99" if p == n else t(p)
        )
        seen.add(fingerprint(project, HERE))
    assert len(seen) == 7
    assert freshness.installed("no such package") == ""


def test_a_build_that_was_broken_off_is_not_served(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built_site(project, HERE)
    with monkeypatch.context() as patched:
        patched.setattr(freshness.subprocess, "run", broken_off)
        patched.setenv("ROSTRA_NOW", "2022-03-01T00:00:00Z")
        with pytest.raises(KeyboardInterrupt):
            built_site(project, HERE)
    builds = []
    run = freshness.subprocess.run
    monkeypatch.setattr(
        freshness.subprocess, "run", lambda *a, **k: builds.append(a) or run(*a, **k)
    )
    built_site(project, HERE)
    assert len(builds) == 1


def broken_off(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_compiled_python_is_no_source(project: Path) -> None:
    before = fingerprint(project, HERE)
    cache = project / "docs" / "__pycache__"
    cache.mkdir()
    (cache / "x.pyc").write_bytes(b"1")
    assert fingerprint(project, HERE) == before


def test_a_site_that_does_not_build_is_an_error(project: Path) -> None:
    (project / "mkdocs.yml").write_text("site_name: [", encoding="utf-8")
    with pytest.raises(BuildError, match="messages above"):
        built_site(project, HERE)
