from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rostra.cli import app

SITE = "id: lab\nname: Lab\nurl: https://lab.example/\nzone: Europe/Berlin\n"
TALK = "title: On trust\nstart: 2024-05-05 10:00\nspeakers: [ann]\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "seminars"
    (folder / "weekly").mkdir(parents=True)
    (folder / "site.yaml").write_text(SITE, encoding="utf-8")
    (folder / "people.yaml").write_text("ann: {name: Ann}\n", encoding="utf-8")
    (folder / "series.yaml").write_text("weekly: {name: Weekly}\n", encoding="utf-8")
    (folder / "weekly" / "trust.yaml").write_text(TALK, encoding="utf-8")
    return tmp_path


def release(project: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["release", "-C", str(project), *words])


def test_it_says_what_changes_and_then_that_nothing_does(project: Path) -> None:
    first = release(project)
    assert first.exit_code == 0
    assert "weekly/trust “On trust”: new, 2024-05-05 10:00 Europe/Berlin" in first.output
    assert "Released: 1. Commit seminars/.ledger." in first.output
    assert (project / "seminars/.ledger/weekly/trust.json").exists()
    assert release(project).output == "Everything is released.\n"


def test_a_check_writes_nothing_and_refuses_what_is_unreleased(project: Path) -> None:
    checked = release(project, "--check")
    assert checked.exit_code == 1
    assert "new, 2024-05-05" in checked.output
    assert not (project / "seminars/.ledger").exists()
    release(project)
    assert release(project, "--check").exit_code == 0


@pytest.mark.parametrize("words", [(), ("--check",)])
def test_what_has_vanished_is_refused_until_it_is_withdrawn(project: Path, words) -> None:
    release(project)
    (project / "seminars/weekly/trust.yaml").unlink()
    refused = release(project, *words)
    assert refused.exit_code == 1
    assert "rostra release --withdraw weekly/trust" in refused.output
    assert release(project, "--withdraw", "weekly/trust").output == "weekly/trust: withdrawn\n"
    assert release(project, *words).output == "Everything is released.\n"


def test_what_cannot_be_read_is_refused_with_its_place(project: Path, tmp_path: Path) -> None:
    release(project)
    (project / "seminars/.ledger/weekly/trust.json").write_text("{", encoding="utf-8")
    refused = release(project)
    assert refused.exit_code == 1
    assert "seminars/.ledger/weekly/trust.json:" in refused.output
    elsewhere = release(tmp_path / "seminars")
    assert elsewhere.exit_code == 1
    assert "no seminars in" in elsewhere.output
