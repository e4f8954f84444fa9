"""A talk's life, people and ways in, as its entry and its series say them."""

from datetime import UTC, datetime

import pytest

from rostra.sitegen.faults import EntryError
from rostra.sitegen.programme import load
from rostra.sitegen.talk import titled

SERIES = """\
weekly:
  name: Weekly
  organisers: [ann]
  chairs: [ann]
  place: Room 1
  registration: https://a.example/r
  stream: https://a.example/s
  join: !secret room
  do_not_record: true
"""
BARE = "title: On trust\nstart: 2024-05-05 10:00\n"


def talk_of(seminars, more: str = "", series: str = SERIES):
    folder = seminars({"series.yaml": series, "weekly/trust.yaml": BARE + more})
    found = load(folder, datetime(2024, 5, 1, tzinfo=UTC))
    return (*found.talks, *found.drafts)[0]


def test_ways_in_place_and_the_ban_on_recording_are_inherited(seminars) -> None:
    talk = talk_of(seminars)
    assert (talk.venue, talk.mode, talk.unrecorded) == ("Room 1", "hybrid", True)
    assert (talk.registration, talk.stream) == ("https://a.example/r", "https://a.example/s")
    assert talk.way_in.name == "room"
    assert {role: [one.id for one in who] for role, who in talk.roles.items()} == {
        "chairs": ["ann"]
    }


def test_a_talk_says_otherwise(seminars) -> None:
    more = "place: Room 2\nformat: in-person\ndo_not_record: false\nchairs: [wang]\n"
    talk = talk_of(seminars, more)
    assert (talk.venue, talk.mode, talk.unrecorded, talk.way_in) == (
        "Room 2",
        "in-person",
        False,
        None,
    )
    assert [one.id for one in talk.roles["chairs"]] == ["wang"]


def test_online_nobody_goes_to_the_series_room(seminars) -> None:
    talk = talk_of(seminars, "format: online\n")
    assert (talk.venue, talk.mode) == (None, "online")


def test_an_archive_that_names_no_place_claims_none(seminars) -> None:
    assert talk_of(seminars, series="weekly:\n  name: W\n").mode is None


OPEN = ("tba", "TBA", "To be announced", "待定", "TBD", "TBC", "待公布", "'(TBA)'", "待定。",
        "{en: TBA, zh: 待定}", "{en: TBD}", "{zh: 待公布}", "{en: TBC, zh: null}")  # fmt: skip


@pytest.mark.parametrize("written", OPEN)
def test_what_is_to_be_announced_is_said_in_both_languages(seminars, written: str) -> None:
    text = f"title: {written}\nabstract: {written}\nstart: 2024-05-05 10:00\nspeakers: [ann]\n"
    talk = load(seminars({"weekly/trust.yaml": text})).talks[0]
    assert talk.to_come == {"title", "abstract"}
    assert (titled(talk, "en"), titled(talk, "zh")) == ("Title to be announced", "题目待定")


@pytest.mark.parametrize("open_one", ["TBA", "tbd", "待定"])
def test_of_two_languages_the_one_that_is_known_is_shown(seminars, open_one: str) -> None:
    text = f"title: {{en: {open_one}, zh: 论信任}}\nstart: 2024-05-05 10:00\n"
    talk = load(seminars({"weekly/trust.yaml": text})).talks[0]
    assert "title" not in talk.to_come
    assert (titled(talk, "en"), titled(talk, "zh")) == ("论信任", "论信任")


@pytest.mark.parametrize("title", ["TBA: a history", "TBC codes", "待定系数法", "Undecided"])
def test_a_title_with_such_words_is_a_title(seminars, title: str) -> None:
    text = f"title: '{title}'\nstart: 2024-05-05 10:00\n"
    assert titled(load(seminars({"weekly/trust.yaml": text})).talks[0], "en") == title


def test_nobody_sees_a_draft(seminars) -> None:
    folder = seminars({"weekly/trust.yaml": BARE + "status: draft\n"})
    found = load(folder)
    assert (found.talks, [talk.ref for talk in found.drafts]) == ((), ["weekly/trust"])
    assert found.find("trust").status == "draft"  # to be previewed


@pytest.mark.parametrize(
    ("status", "held", "told"),
    [
        ("confirmed", True, "On trust"),
        ("tentative", True, "Tentative: On trust"),
        ("moved\nmoved_from: 2024-05-04 10:00", True, "On trust"),
        ("cancelled", False, "Cancelled: On trust"),
        ("postponed", False, "Postponed: On trust"),
    ],
)
def test_what_became_of_a_talk(seminars, status: str, held: bool, told: str) -> None:
    talk = talk_of(seminars, f"status: {status}\n")
    assert (talk.held, titled(talk, "en")) == (held, told)


DO_NOT = "weekly:\n  name: W\n  do_not_record: true\n"


@pytest.mark.parametrize(("own", "wrong"), [("", True), ("do_not_record: false\n", False)])
def test_what_a_series_says_of_recording_holds_for_its_talks(seminars, own, wrong) -> None:
    text = (
        f"title: x\nstart: 2024-05-05 10:00\n{own}links: {{recording: 'https://a.example/f.mp4'}}\n"
    )
    folder = seminars({"series.yaml": DO_NOT, "weekly/trust.yaml": text})
    if not wrong:
        assert not load(folder).find("weekly/trust").unrecorded
        return
    with pytest.raises(EntryError, match="must not be recorded") as caught:
        load(folder)
    assert caught.value.faults[0].line == 3
