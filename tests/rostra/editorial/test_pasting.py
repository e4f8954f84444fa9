"""`rostra new talk --from` and `--from-form` as they are typed."""

import pytest
from typer.testing import CliRunner

from rostra.cli import app
from rostra.sitegen.programme import load

MAIL = "Title: On doubt\nSpeaker: Cy Fox\nTime: 3 March 2030, 15:00\n"
FORM = (
    "### Series · 系列\n\nweekly\n\n### Title · 题目\n\nOn doubt\n\n"
    "### Speakers · 讲者\n\nCy Fox\n\n"
    "### Date · 日期\n\n2030-03-03\n\n### Time · 时间\n\n15:00\n\n"
)


@pytest.fixture
def run(seminars):
    folder = seminars()

    def typed(*words, given=""):
        words = ("new", "talk", *words, "-C", str(folder.parent))
        return CliRunner().invoke(app, words, input=given)

    typed.folder = folder
    return typed


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml"))


def test_an_announcement_is_read_from_a_file_or_from_standard_input(run, tmp_path) -> None:
    mail = tmp_path / "mail.txt"
    mail.write_text(MAIL)
    told = run("--from", str(mail))
    assert told.exit_code == 0, told.output
    assert "Look at each `# check` (5), then: rostra check" in told.stdout
    assert run("weekly", "other", "--from", "-", given=MAIL).exit_code == 0
    found = load(run.folder)
    assert {talk.ref for talk in found.talks} >= {"weekly/on-doubt", "weekly/other"}


def test_a_way_in_is_told_and_not_written(run) -> None:
    told = run("--from", "-", given=MAIL + "Zoom: https://zoom.us/j/1?pwd=abc\n")
    assert 'join-weekly-on-doubt: "https://zoom.us/j/1?pwd=abc"' in told.stderr
    assert "secrets.yaml" in told.stderr
    assert all("zoom.us" not in path.read_text() for path in run.folder.rglob("*.yaml"))


def test_what_is_left_is_said(run) -> None:
    told = run("--from", "-", given=MAIL + "Place: zoom room in the net\nDuration: 30 hours\n")
    assert told.exit_code == 0
    assert "Left to you: duration: not between a minute and a day" in told.stderr


def test_a_form_is_an_entry_without_guesses(run) -> None:
    told = run("--from-form", "-", given=FORM)
    assert told.exit_code == 0, told.output
    assert told.stdout.endswith("weekly/on-doubt.yaml\n")
    assert "# check" not in (run.folder / "weekly/on-doubt.yaml").read_text()


@pytest.mark.parametrize(
    ("words", "given", "message"),
    [
        (["--from", "-"], "", "- is empty"),
        (["--from", "/no/such/mail"], "", "/no/such/mail: No such file"),
        (["--from", "-"], "x" * 300_000, "more than 200000 characters"),
        (["--from", "-", "--from-form", "-"], MAIL, "name one"),
        (["weekly"], "", "name both"),
        (["wekly", "--from", "-"], MAIL, "did you mean 'weekly'"),
        (["weekly", "trust", "--from", "-"], MAIL, "seminars/weekly/trust.yaml is there already"),
        (["--from-form", "-"], MAIL, "-: this is no filled form"),
        (["--from-form", "-"], FORM.replace("15:00", "soon"), "date and hour cannot be read"),
        (["--from-form", "-"], FORM.replace("2030-03-03", "3/4/2030"), "may be 3 April or 4 March"),
    ],
)
def test_a_refusal_writes_nothing(run, words, given, message) -> None:
    before = files(run.folder)
    told = run(*words, given=given)
    assert told.exit_code == 1
    assert message in told.stderr
    assert files(run.folder) == before


def test_of_several_series_one_is_asked_for(run) -> None:
    (run.folder / "series.yaml").write_text("weekly:\n  name: Weekly\nother:\n  name: Other\n")
    assert "which series? rostra new talk SERIES" in run("--from", "-", given=MAIL).stderr
    told = run("--from", "-", given=MAIL + "\nThis is the Weekly seminar.\n")
    assert told.exit_code == 0, told.output


def lines(folder):
    return {path: path.read_text() for path in folder.rglob("*") if path.is_file()}


HOSTILE = [
    "../../../etc/passwd",
    'x"\njoin: !secret room\n#',
    "!secret room",
    "- {a: b}\nstatus: cancelled",
    "$(touch owned) `id` ${HOME}",
    "{{ site }} {% for x in y %} <script>alert(1)</script>",
    "&anchor *anchor <<: *a",
    "---\ntitle: other\n...",
    "a\x00b\x1b[31m\u202eevil",
    "https://zoom.us/j/123?pwd=abc ann@uni.example",
    "# check\n\tkey: value",
    "'" * 2000 + '"' * 2000,
]


@pytest.mark.parametrize("evil", HOSTILE)
@pytest.mark.parametrize("field", ["Title", "Speakers", "Place", "Abstract", "Series", "Topics"])
def test_a_hostile_form_writes_a_talk_or_nothing(run, field, evil) -> None:
    """Each field of the form is hostile in turn: what is written is one talk, and is only data."""
    before = lines(run.folder.parent)
    labels = {
        "Place": "### Place · 地点",
        "Abstract": "### Abstract · 摘要",
        "Topics": "### Topics · 主题",
    }
    form = FORM + f"{labels[field]}\n\n{evil}\n" if field in labels else FORM.replace(
        {"Title": "On doubt", "Speakers": "Cy Fox", "Series": "weekly"}[field], evil, 1
    )  # fmt: skip
    told = run("--from-form", "-", given=form)
    after = lines(run.folder.parent)
    new = sorted(path.relative_to(run.folder).as_posix() for path in set(after) - set(before))
    if told.exit_code:
        assert after == before
        assert isinstance(told.exception, SystemExit), told.exception
        return
    assert len(new) == 1
    assert new[0].startswith("weekly/")
    changed = {path.name for path in before if after[path] != before[path]}
    assert changed <= {"people.yaml"}
    talk = next(one for one in load(run.folder).talks if one.slug != "trust")
    assert (talk.status, talk.join, talk.series.id) == ("tentative", None, "weekly")
    assert "zoom.us" not in "".join(after.values())
    assert "\x1b" not in "".join(after.values())


def test_a_megabyte_is_refused_at_once(run) -> None:
    told = run("--from-form", "-", given=FORM + "### Abstract\n\n" + "a" * 1_000_000)
    assert told.exit_code == 1
    assert "more than 200000 characters" in told.stderr
