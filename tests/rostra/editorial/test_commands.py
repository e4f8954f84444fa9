"""The organiser's commands as they are typed; test_cli has what all commands share."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rostra.cli import app
from rostra.sitegen.programme import load

TALK = "title: On trust\nstart: 2024-05-05 10:00\n"
ROW = {"title": "On proof", "recorded": "2015-11-09", "speakers": ["Zoë"], "series": "old"}


@pytest.fixture
def run(seminars):
    folder: Path = seminars()

    def typed(*words: str) -> Result:
        return CliRunner().invoke(app, [*words, "-C", str(folder.parent)])

    typed.folder = folder
    return typed


def test_findings_can_be_read_by_programs(run) -> None:
    (run.folder / "weekly/trust.yaml").write_text("titel: x\n")
    told = run("check", "--format", "json")
    assert told.exit_code == 1
    assert [one["rule"] for one in json.loads(told.stdout)] == ["missing-key", "unknown-key"]
    told = run("check", "--format", "github", "--language", "zh")
    assert (
        "::error file=seminars/weekly/trust.yaml,line=1,col=1,title=unknown-key::不认识键"
        in told.stdout
    )


def test_a_warning_is_an_error_where_one_asks_for_it(run) -> None:
    words = ("check", "--now", "2024-05-01")
    (run.folder / "weekly/trust.yaml").write_text(TALK)
    assert run(*words).exit_code == 0
    assert "warning: the speaker is not announced" in run(*words).stderr
    assert run(*words, "--strict").exit_code == 1


def test_a_clock_that_is_none_is_refused(run) -> None:
    told = run("check", "--now", "soon")
    assert told.exit_code == 1
    assert "--now takes a date or an instant, as 2027-03-07, not 'soon'" in told.stderr


def test_an_archive_is_imported_and_nothing_is_lost(run, tmp_path) -> None:
    archive = tmp_path / "talks.jsonl"
    archive.write_text(json.dumps(ROW) + "\n")
    people = (run.folder / "people.yaml").read_text()
    told = run("import", str(archive), "--dry-run")
    assert told.stdout == "Would write 1 talks, 1 people, 1 series.\n"
    assert (run.folder / "people.yaml").read_text() == people
    assert run("import", str(archive)).exit_code == 0
    assert (run.folder / "people.yaml").read_text().startswith(people)
    found = load(run.folder)
    assert [talk.ref for talk in found.talks] == ["weekly/trust", "old/on-proof"]
    assert run("check").exit_code == 0


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{}\n", "line 1 is no talk of pyvideo: 'title'"),
        (b"\xff", "can't decode"),
        (None, "No such"),
    ],
)
def test_an_archive_that_cannot_be_read_is_named(run, tmp_path, content, told) -> None:
    archive = tmp_path / "talks.jsonl"
    if content is not None:
        archive.write_bytes(content)
    answer = run("import", str(archive))
    assert answer.exit_code == 1
    assert told in answer.stderr
    assert str(archive) in answer.stderr


def test_one_talk_is_announced_while_another_is_at_fault(run) -> None:
    (run.folder / "weekly/doubt.yaml").write_text("title: x\n")
    assert run("announce", "trust", "--channel", "mail", "--language", "en").exit_code == 0
    told = run("announce", "doubt")
    assert told.exit_code == 1
    assert "the key 'start' is missing" in told.stderr


def test_a_series_that_is_unlike_all_is_answered_with_all(run) -> None:
    told = run("new", "talk", "zzz", "x")
    assert "no series is called 'zzz'; there is weekly" in told.stderr
