"""A second build waits until the first is over, and reads only then."""

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from rostra.sitegen.plugin import RostraPlugin
from rostra.sitegen.starter import Start, new_site
from rostra.sitegen.turn import Turn

OTHER = """
from pathlib import Path
import sys
from rostra.sitegen.turn import Turn
print("waits", flush=True)
Turn(Path(sys.argv[1]))
print(Path(sys.argv[2]).read_text(), flush=True)
"""
BUILD = """
import sys
from rostra.sitegen import press
class Told(press.Turn):
    def __init__(self, path):
        print("waits", flush=True)
        super().__init__(path)
press.Turn = Told
from mkdocs.__main__ import cli
cli(["build", "--quiet", "--site-dir", sys.argv[1]])
"""
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def other(code: str, *arguments: Path, **options: Path) -> "subprocess.Popen[str]":
    """Another process, that has come to where it waits for its turn."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
    assert process.stdout is not None
    assert process.stdout.readline() == "waits\n"
    return process


def test_another_process_begins_when_the_turn_is_over(tmp_path: Path) -> None:
    lock, said = tmp_path / "new/turn.lock", tmp_path / "said"
    turn = Turn(lock)
    said.write_text("under way")
    with other(OTHER, lock, said) as process:
        time.sleep(0.3)  # in which it would have read, did it not wait
        said.write_text("done")
        turn.over()
        assert turn.is_over
        assert process.communicate()[0] == "done\n"


def test_one_process_never_waits_for_itself(tmp_path: Path) -> None:
    first = Turn(tmp_path / "turn.lock")
    Turn(tmp_path / "turn.lock").over()
    assert not first.is_over
    first.over()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return new_site(tmp_path / "site", Start("Small"), NOW)


def configured(project: Path) -> tuple[MkDocsConfig, RostraPlugin]:
    config = load_config(str(project / "mkdocs.yml"), site_dir=str(project / "_site"))
    plugin = config.plugins["rostra"]
    assert isinstance(plugin, RostraPlugin)
    return config, plugin


def built(project: Path) -> RostraPlugin:
    config, plugin = configured(project)
    build(config)
    return plugin


def test_what_a_build_writes_was_read_in_its_turn(project: Path) -> None:
    """One that has waited writes the latest entries, not those of before it waited."""
    turn = Turn(built(project).press.turn.path)
    with other(BUILD, project / "_site", cwd=project) as process:
        talk = project / "seminars/seminar/sample-talk.yaml"
        text = talk.read_text(encoding="utf-8").replace('title: "', 'title: "Meanwhile ')
        talk.write_text(text, encoding="utf-8")
        turn.over()
        assert process.wait() == 0
    page = project / "_site/talks/seminar/sample-talk/index.html"
    assert "Meanwhile" in page.read_text(encoding="utf-8")


def test_a_build_that_finds_faults_gives_its_turn_away(project: Path) -> None:
    (project / "seminars/site.yaml").write_text("nonsense: 1\n", encoding="utf-8")
    config, plugin = configured(project)
    with pytest.raises(Abort, match="nonsense"):
        build(config)
    assert plugin.press.turn.is_over
    assert not plugin.aside.exists()


def test_a_build_that_fails_after_its_turn_leaves_the_next_one_alone(project: Path) -> None:
    """As one that is strict and has warned: what lies aside then is another's."""
    plugin = built(project)
    plugin.aside.mkdir()
    plugin.on_build_error(error=Abort("warnings"))
    assert plugin.aside.is_dir()
