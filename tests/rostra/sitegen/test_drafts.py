import stat
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from rostra.sitegen import folder as folders
from rostra.sitegen.drafts import Draft, new_talk
from rostra.sitegen.faults import EntryError
from rostra.sitegen.programme import load

NOW = datetime(2024, 5, 6, 12, tzinfo=UTC)


def test_a_new_talk_is_in_order_as_it_is_written(seminars) -> None:
    folder = seminars()
    path = new_talk(folder, "weekly", "doubt", now=NOW)
    assert path == folder / "weekly" / "doubt.yaml"
    assert folders.read(folder, NOW).faults == []
    talk = load(folder).find("doubt")
    assert (talk.title.en, talk.title.zh) == ("Title to be announced", "题目待定")
    assert talk.status == "tentative"  # its date is only suggested
    assert talk.speakers == ()


def test_the_date_suggested_is_the_series_usual_day_and_hour(seminars) -> None:
    # The series' latest talk was on a Sunday at 10:00; a week from Monday 6 May is Monday 13 May.
    talk = load_new(seminars(), now=NOW)
    assert talk.start == datetime(2024, 5, 19, 10, tzinfo=ZoneInfo("Europe/Berlin"))


def load_new(folder, **more):
    new_talk(folder, "weekly", "doubt", **more)
    return load(folder).find("doubt")


def test_the_first_talk_of_a_series_is_suggested_in_the_morning(seminars) -> None:
    talk = load_new(seminars({"weekly/trust.yaml": None}), now=NOW)
    assert f"{talk.start:%Y-%m-%d %H:%M}" == "2024-05-13 10:00"


def test_what_is_known_is_filled_in(seminars) -> None:
    draft = Draft('Doubt: "a history" # 1', "2024-06-02 11:30", ("ann", "wang"))
    talk = load_new(seminars(), draft=draft)
    assert talk.title == 'Doubt: "a history" # 1'
    assert f"{talk.start:%H:%M}" == "11:30"
    assert [person.id for person in talk.speakers] == ["ann", "wang"]


def test_nothing_is_overwritten(seminars) -> None:
    folder = seminars()
    before = (folder / "weekly" / "trust.yaml").read_text()
    with pytest.raises(FileExistsError):
        new_talk(folder, "weekly", "trust", now=NOW)
    assert (folder / "weekly" / "trust.yaml").read_text() == before
    assert [path.name for path in (folder / "weekly").iterdir()] == ["trust.yaml"]


@pytest.mark.parametrize(
    ("slug", "draft", "rule"),
    [
        ("On Trust", Draft(), "slug"),
        ("../trust", Draft(), "slug"),
        ("doubt", Draft(speakers=("wan",)), "unknown-person"),
        ("doubt", Draft(start="2024-03-31 02:30"), "time-gap"),
        ("doubt", Draft(title="Ask ann@uni.example"), "private"),
    ],
)
def test_what_would_not_pass_is_not_written(seminars, slug, draft, rule) -> None:
    folder = seminars()
    with pytest.raises(EntryError) as caught:
        new_talk(folder, "weekly", slug, draft, NOW)
    assert [fault.rule for fault in caught.value.faults] == [rule]
    assert sorted(path.name for path in folder.rglob("*.yaml")) == [
        "people.yaml",
        "series.yaml",
        "site.yaml",
        "trust.yaml",
    ]


def test_an_unknown_series_is_answered_with_the_nearest(seminars) -> None:
    with pytest.raises(LookupError, match="did you mean 'weekly'"):
        new_talk(seminars(), "wekly", "doubt", now=NOW)


def test_the_file_can_be_read_by_all_and_the_folder_is_made(seminars) -> None:
    series = "weekly:\n  name: W\nother:\n  name: O\n"
    path = new_talk(seminars({"series.yaml": series}), "other", "doubt", now=NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_every_comment_of_the_template_becomes_a_valid_line(seminars) -> None:
    """A line that is un-commented must be right: the comments are the entry's manual."""
    folder = seminars()
    path = new_talk(folder, "weekly", "doubt", now=NOW)
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("# duration"))
    keys = ("duration", "chairs", "panellists", "discussants", "format", "abstract", "topics")
    keys += ("links", "join", "demo", "bio", "place", "language", "  ")
    for i in range(start, len(lines)):
        bare = lines[i].removeprefix("# ")
        if bare.startswith(keys) and bare != lines[i]:
            lines[i] = bare.replace("https://…", "https://a.example/")
    path.write_text("\n".join(lines), encoding="utf-8")
    assert folders.read(folder, NOW).faults == []
    talk = load(folder).find("doubt")
    assert (talk.status, talk.mode) == ("tentative", "online")
    assert (talk.language, talk.bio) == ("en", "Instead of what people.yaml says of the speaker.")
    assert talk.demo.name == "attack_playground"
    assert talk.links.code == "https://a.example/"
