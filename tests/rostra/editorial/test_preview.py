"""`rostra preview` as it is typed."""

import pytest
from typer.testing import CliRunner

from rostra.cli import app


@pytest.fixture
def run(seminars):
    folder = seminars()

    def typed(*words):
        return CliRunner().invoke(app, ["preview", *words, "-C", str(folder.parent)])

    typed.folder = folder
    return typed


def test_it_is_written_whole_or_printed(run, tmp_path) -> None:
    page = tmp_path / "page.html"
    told = run("trust", "-o", str(page))
    assert told.exit_code == 0, told.output
    assert told.stdout == f"Wrote {page}.\n"
    assert run("trust").stdout == page.read_text(encoding="utf-8")
    assert [one.name for one in tmp_path.glob("*.new")] == []


def test_viewers_may_be_named(run) -> None:
    told = run("trust", "--format", "markdown", "--zone", "Asia/Tokyo")
    assert "Sunday 5 May 2024, 17:00 Tokyo time" in told.stdout
    assert "New York" not in told.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing"], "no talk, meet-up or opening is called 'nothing'"),
        (["weekly/trus"], "did you mean 'weekly/trust'?"),
        (["people"], "no talk, meet-up or opening is called 'people'"),
        (["trust", "--language", "de"], "'de' is no language of this site; there are en, zh"),
        (["trust", "--zone", "Europe/Berlim"], "did you mean 'Europe/Berlin'?"),
        (["trust", "--since", "HEAD"], "git rev-parse: "),
        (["trust", "-o", "/no/such/folder/x.html"], "cannot be written"),
    ],
)
def test_a_refusal_says_what_to_do(run, words, message) -> None:
    told = run(*words)
    assert told.exit_code == 1
    assert message in told.stderr


def test_a_leak_is_named_and_nothing_is_written(run, tmp_path) -> None:
    (run.folder / "secrets.yaml").write_text("room: On trust 4711 and more\n")
    talk = run.folder / "weekly/trust.yaml"
    talk.write_text(talk.read_text() + "abstract: On trust 4711 and more\n")
    told = run("trust", "-o", str(tmp_path / "page.html"))
    assert told.exit_code == 1
    assert "the secret 'room'" in told.stderr
    assert "4711" not in told.stderr
    assert not (tmp_path / "page.html").exists()
