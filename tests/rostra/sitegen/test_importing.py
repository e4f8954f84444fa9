"""An archive's talks as entries that only say what is known."""

import json
from datetime import UTC, datetime

import pytest

from rostra.sitegen import checks, folder
from rostra.sitegen.importing import ArchiveError, Import, write
from rostra.sitegen.programme import load

NOW = datetime(2024, 6, 1, tzinfo=UTC)
ROW = {
    "title": "On  trust: $5 & more",
    "recorded": "2015-11-09",
    "duration": 2500,
    "language": "eng",
    "speakers": ["Wei Wang", "Zoë Ångström", "王小明"],
    "tags": ["privacy", "Privacy", ""],
    "series": "pydata-2015",
    "description": "See ``code`` and `this <https://a.example/x>`_.\r\n\tAsk a@b.example.\x0c",
    "videos": [{"url": "https://v.example/1"}, {"url": "https://v.example/2"}],
    "related_urls": [
        {"label": "Slides", "url": "https://s.example"},
        "https://github.com/x/y",
        {"label": "Join", "url": "https://zoom.us/j/1"},
    ],
}


def imported(seminars, *rows: dict[str, object]):
    path = seminars()
    made = Import(folder.read(path, NOW)).add(json.dumps(row) for row in rows)
    write(path, made.files())
    return path, made


def test_what_is_known_is_in_the_entry(seminars) -> None:
    path, _ = imported(seminars, ROW)
    talk = load(path).find("on-trust-5-and-more")
    assert [person.id for person in talk.speakers] == ["wang", "zoe-angstrom", "person"]
    assert talk.title == r"On trust: \$5 & more"
    assert talk.abstract == "See `code` and [this](https://a.example/x).\n    Ask […]."
    assert (talk.language, talk.topics) == ("en", ("Privacy",))
    assert (talk.end - talk.start).total_seconds() == 42 * 60
    assert talk.links.recording == "https://v.example/1"
    assert (talk.links.slides, talk.links.code) == ("https://s.example", "https://github.com/x/y")
    assert talk.series.parallel
    assert [str(fault) for fault in checks.check(path, NOW)] == []


def test_what_is_guessed_is_marked_and_the_rest_is_kept(seminars) -> None:
    path, _ = imported(seminars, ROW)
    text = (path / "pydata-2015/on-trust-5-and-more.yaml").read_text()
    assert "start: 2015-11-09 09:00  # check\n" in text
    assert "# see also: https://v.example/2\n" in text
    assert "zoom" not in text
    assert 'name: "Pydata 2015"  # check' in (path / "series.yaml").read_text()


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Sat Nov 7 13:55:00 2015 at Hall 2", "2015-11-07 13:55"),
        ("Held on\n[7 November 2015]\nin Berlin", "2015-11-07 09:00"),
        ("The law of 7 November 2015", "2015-11-09 09:00"),
    ],
)
def test_the_text_knows_better_when_it_was(seminars, text: str, start: str) -> None:
    path, _ = imported(seminars, ROW | {"description": text})
    assert f"{load(path).find('on-trust-5-and-more').start:%Y-%m-%d %H:%M}" == start


def test_an_hour_that_the_archive_knows_is_no_guess(seminars) -> None:
    path, _ = imported(seminars, ROW | {"recorded": "2019-05-05T13:50:00"})
    text = (path / "pydata-2015/on-trust-5-and-more.yaml").read_text()
    assert "start: 2019-05-05 13:50\n" in text


def test_talks_of_a_day_follow_each_other_and_keep_their_names_apart(seminars) -> None:
    path, made = imported(seminars, ROW, ROW, ROW | {"title": "信任"})
    assert sorted(made.entries) == [
        "pydata-2015/on-trust-5-and-more-2.yaml",
        "pydata-2015/on-trust-5-and-more.yaml",
        "pydata-2015/talk.yaml",
    ]
    starts = sorted(f"{talk.start:%H:%M}" for talk in load(path).talks if talk.start.year == 2015)
    assert starts == ["09:00", "10:00", "11:00"]


@pytest.mark.parametrize("line", ["{", "[]", '{"title": "x"}', '{"title": "", "recorded": "x"}'])
def test_a_line_that_is_no_talk_is_named_and_nothing_is_written(seminars, line: str) -> None:
    contents = folder.read(seminars(), NOW)
    with pytest.raises(ArchiveError, match="line 2 is no talk"):
        Import(contents).add([json.dumps(ROW), line])
