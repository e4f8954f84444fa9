"""`rostra new site` as it is typed."""

from pathlib import Path

from typer.testing import CliRunner, Result

from rostra.cli import app


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, ["new", "site", *words])


def test_a_site_is_made_and_the_next_command_named(tmp_path: Path) -> None:
    place = tmp_path / "club"
    told = typed(str(place), "--name", "读书会", "--zone", "Asia/Shanghai", "--languages", "zh, en")
    assert told.exit_code == 0, told.output
    assert f"cd {place} && rostra check" in told.stdout
    assert "languages: [zh, en]" in (place / "seminars/site.yaml").read_text(encoding="utf-8")
    checked = CliRunner().invoke(app, ["check", "-C", str(place)])
    assert checked.exit_code == 0, checked.output


def test_what_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    for words, said in (
        ([str(tmp_path), "--name", "A"], "is not empty"),
        ([str(tmp_path / "mine"), "--name", "A"], "is not empty"),
        ([str(tmp_path / "new"), "--name", "A", "--languages", "en,de"], "not 'de'"),
        ([str(tmp_path / "new"), "--name", "A", "--zone", "Berlin"], "'Berlin' is no time zone"),
    ):
        told = typed(*words)
        assert told.exit_code == 1
        assert said in told.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_the_help_teaches_by_lines_to_copy() -> None:
    told = typed("--help").stdout
    assert told.count("  rostra new site ") == 2
    assert "--languages en,zh" in told
