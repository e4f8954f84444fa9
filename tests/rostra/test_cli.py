"""The command, as a user types it: what it prints, what it writes, how it refuses."""

import json
import re
import shlex
import shutil
import socket
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from rostra.cli import app

ROOT = Path(__file__).parents[2]
COMMANDS = ["check", "new talk", "announce", "build", "serve", "train", "attack", "evaluate",
            "models", "doctor", "demo", "import", "release", "preview"]  # fmt: skip


def rostra(*words: str) -> Result:
    return CliRunner().invoke(app, [*words])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "seminars", tmp_path / "seminars")
    shutil.copytree(ROOT / "demos", tmp_path / "demos")
    return tmp_path


def examples(command: str) -> list[list[str]]:
    """The command lines of a help, in words; below each stands what comes of it."""
    told = rostra(*command.split(), "--help")
    assert told.exit_code == 0
    lines = re.findall(r"^ +rostra (.*?) *\n +\S", told.output, re.MULTILINE)
    return [shlex.split(line) for line in lines]


def test_every_command_has_its_line_here() -> None:
    told = rostra("--help").output
    listed = {line.split()[1] for line in told.splitlines() if re.match(r"│ [a-z]", line)}
    assert listed == {command.split()[0] for command in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_examples_that_are_understood(command: str) -> None:
    found = examples(command)
    assert 1 <= len(found) <= 2
    for words in found:
        assert words[: len(command.split())] == command.split()
        understood(words)


def understood(words: list[str]) -> None:
    """Let the command take its words as a call would, and call nothing."""
    command, rest = get_command(app), words
    while hasattr(command, "commands"):
        command, rest = command.commands[rest[0]], rest[1:]
    command.make_context("rostra", rest)


@pytest.mark.parametrize("command", ["check", "new talk", "announce", "demo", "models"])
def test_cheap_examples_do_what_they_say(command: str, project: Path, monkeypatch) -> None:
    monkeypatch.chdir(project)
    (project / "mail.txt").write_text("Title: On trust\nTime: 7 March 2027, 10:00\n")
    for words in examples(command):
        if "--record" not in words:
            done = rostra(*words)
            assert done.exit_code == 0, done.output
            assert done.stdout


def test_the_help_names_the_package_in_full() -> None:
    assert "pip install 'rostra[lab]'" in rostra("--help").output


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
    assert "Errors: 2. Warnings: 0." in told.stderr


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


HERE = "url: http://127.0.0.1:8000/"


@pytest.mark.parametrize("words", [["announce", "badbatch"], ["check"]], ids=" ".join)
def test_an_address_that_others_cannot_open_is_told_beside_the_text(
    words: list[str], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = project / "seminars/site.yaml"
    warned = rostra(*words, "-C", str(project))
    assert warned.exit_code == 0
    assert str(site) in warned.stderr
    assert HERE[5:] in warned.stderr
    with monkeypatch.context() as patched:
        patched.setenv("ROSTRA_SITE_URL", "https://seminar.example.org/")
        elsewhere = rostra(*words, "-C", str(project))
    text = site.read_text()
    assert HERE in text
    site.write_text(text.replace(HERE, "url: https://seminar.example.org/"))
    quiet = rostra(*words, "-C", str(project))
    assert quiet.stderr == elsewhere.stderr == ""
    assert warned.stdout == quiet.stdout.replace("https://seminar.example.org", HERE[5:-1])
    assert elsewhere.stdout == quiet.stdout


def test_an_address_in_the_environment_that_is_none_is_a_fault(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROSTRA_SITE_URL", "seminar.example.org")
    told = rostra("check", "-C", str(project))
    assert told.exit_code == 1
    assert "$ROSTRA_SITE_URL:1:1: not an address" in told.output
    assert "got 'seminar.example.org'" in told.output


@pytest.mark.parametrize(
    "line", ["join: https://meet.example/j/4711", "place: ask ann@uni.example"]
)
def test_what_is_private_is_not_printed_again_by_the_fault(line: str, project: Path) -> None:
    talk = project / "seminars/ai-prisec/badbatch.yaml"
    talk.write_text(f"{talk.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    told = rostra("check", "-C", str(project))
    assert told.exit_code == 1
    assert line.partition(" ")[0] in told.output
    assert "4711" not in told.output
    assert "ann@uni.example" not in told.output


def test_a_way_in_without_a_value_is_told_beside_the_text(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = project / "seminars/ai-prisec/badbatch.yaml"
    talk.write_text(f"{talk.read_text(encoding='utf-8')}\njoin: !secret ROOM\n", encoding="utf-8")
    told = rostra("announce", "badbatch", "-C", str(project))
    assert told.exit_code == 0
    assert "`join: !secret ROOM` has no value here" in told.stderr
    assert "$ROSTRA_SECRET_ROOM" in told.stderr
    monkeypatch.setenv("ROSTRA_SECRET_ROOM", "https://meet.example/j/4711")
    assert "!secret" not in rostra("announce", "badbatch", "-C", str(project)).stderr


def test_an_unknown_talk_is_told_the_nearest(project: Path) -> None:
    told = rostra("announce", "badbach", "-C", str(project))
    assert told.exit_code == 1
    assert "badbatch" in told.stderr


@pytest.mark.parametrize(
    "command", ["build", "serve", "check", "new talk ai-prisec x", "announce badbatch", "demo"]
)
def test_a_folder_without_a_site_is_named(command: str, tmp_path: Path) -> None:
    told = rostra(*command.split(), "-C", str(tmp_path))
    assert told.exit_code == 1
    assert f"in {tmp_path}: name the folder with --project" in told.stderr
    assert told.stderr.count("\n") == 1


def test_a_site_is_not_built_over_a_file(project: Path) -> None:
    shutil.copy(ROOT / "mkdocs.yml", project)
    file = project / "mkdocs.yml"
    told = rostra("build", "-C", str(project), "--site", str(file))
    assert told.exit_code == 1
    assert f"{file} is a file" in told.stderr


def test_a_taken_port_is_said_at_once(project: Path) -> None:
    shutil.copy(ROOT / "mkdocs.yml", project)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = rostra("serve", "-C", str(project), "--port", port)
    assert told.exit_code == 1
    assert port in told.stderr
