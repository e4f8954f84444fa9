"""The command, as a user types it: what it prints, what it writes, how it refuses."""

import json
import shutil
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rostra.cli import app

ROOT = Path(__file__).parents[2]


def rostra(*words: str) -> Result:
    return CliRunner().invoke(app, [*words])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "seminars", tmp_path / "seminars")
    shutil.copytree(ROOT / "demos", tmp_path / "demos")
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [[], ["check"], ["new", "talk"], ["announce"], ["build"], ["serve"], ["train"], ["attack"],
     ["evaluate"], ["models"], ["demo"]],
    ids=" ".join,
)  # fmt: skip
def test_every_command_teaches_itself(words: list[str]) -> None:
    told = rostra(*words, "--help")
    assert told.exit_code == 0
    assert len(told.output.split()) > 25


def test_entries_in_order_are_said_to_be(project: Path) -> None:
    told = rostra("check", "-C", str(project))
    assert told.exit_code == 0, told.output
    assert "in order" in told.output


def test_all_faults_come_at_once_with_their_place(project: Path) -> None:
    path = project / "seminars/ai-prisec/badbatch.yaml"
    path.write_text(path.read_text().replace("abstract:", "abstrac:"))
    other = project / "seminars/ai-prisec/shapley-values.yaml"
    other.write_text(other.read_text() + "\ntitle: again\n")
    told = rostra("check", "-C", str(project))
    assert told.exit_code == 1
    assert "badbatch.yaml" in told.stderr
    assert "shapley-values.yaml" in told.stderr
    assert "abstract" in told.stderr
    assert "2 faults" in told.stderr


def test_the_schema_is_printed_as_it_is_kept() -> None:
    told = rostra("check", "--schema")
    assert json.loads(told.stdout) == json.loads((ROOT / "seminars/schema.json").read_text())


def test_a_new_talk_passes_its_own_check_and_is_never_overwritten(project: Path) -> None:
    words = ["new", "talk", "ai-prisec", "a-new-talk", "-C", str(project)]
    assert rostra(*words).exit_code == 0
    path = project / "seminars/ai-prisec/a-new-talk.yaml"
    written = path.read_text()
    assert rostra("check", "-C", str(project)).exit_code == 0
    again = rostra(*words, "--title", "Another")
    assert again.exit_code == 1
    assert "there already" in again.stderr
    assert path.read_text() == written


def test_a_misspelt_series_is_told_the_nearest(project: Path) -> None:
    told = rostra("new", "talk", "ai-prisek", "x", "-C", str(project))
    assert told.exit_code == 1
    assert "ai-prisec" in told.stderr


def test_an_announcement_is_printed_in_both_languages(project: Path) -> None:
    told = rostra("announce", "badbatch", "-C", str(project))
    assert told.exit_code == 0, told.output
    headings = [line for line in told.output.splitlines() if line.startswith("===")]
    assert headings == [
        f"=== {way}, {lang} ===" for way in ("mail", "wechat") for lang in ("en", "zh")
    ]
    assert "Sunday" in told.output
    assert "星期日" in told.output


def test_one_announcement_alone_has_no_heading(project: Path) -> None:
    one = rostra(
        "announce", "badbatch", "--channel", "wechat", "--language", "zh", "-C", str(project)
    )
    assert one.exit_code == 0
    assert "===" not in one.output


def test_an_unknown_talk_is_told_the_nearest(project: Path) -> None:
    told = rostra("announce", "badbach", "-C", str(project))
    assert told.exit_code == 1
    assert "badbatch" in told.stderr


@pytest.mark.parametrize("command", ["build", "serve"])
def test_a_folder_without_a_site_is_named(command: str, tmp_path: Path) -> None:
    told = rostra(command, "-C", str(tmp_path))
    assert told.exit_code == 1
    assert str(tmp_path) in told.stderr


def test_a_taken_port_is_said_at_once(project: Path) -> None:
    shutil.copy(ROOT / "mkdocs.yml", project)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = rostra("serve", "-C", str(project), "--port", port)
    assert told.exit_code == 1
    assert port in told.stderr
