"""Links into calendars on the web, read back as those services read them."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from rostra.sitegen.calendar_links import calendar_links
from rostra.sitegen.programme import load

TALK = (
    "title: {en: 'Trust & $\\varepsilon$', zh: 论信任}\nstart: 2024-10-27 02:30 +01:00\nplace: A\n"
)


def query(seminars, name: str, language: str = "en", more: str = "") -> dict[str, str]:
    talk = load(seminars({"weekly/trust.yaml": TALK + more})).talks[0]
    links = calendar_links(talk, language, "https://lab.example/t/")
    return {key: value[0] for key, value in parse_qs(urlsplit(links[name]).query).items()}


def test_google_is_told_both_instants_in_utc(seminars) -> None:
    asked = query(seminars, "Google")
    assert asked["dates"] == "20241027T013000Z/20241027T023000Z"  # the second 02:30 of that night
    assert asked["action"] == "TEMPLATE"
    assert (asked["text"], asked["location"]) == ("Trust & $\\varepsilon$", "A")
    assert asked["details"] == "https://lab.example/t/"


@pytest.mark.parametrize("name", ["Outlook.com", "Microsoft 365"])
def test_outlook_is_told_the_same(seminars, name: str) -> None:
    asked = query(seminars, name, "zh")
    start, end = (datetime.fromisoformat(asked[key]) for key in ("startdt", "enddt"))
    assert start == datetime(2024, 10, 27, 1, 30, tzinfo=UTC)
    assert (end - start).seconds == 3600
    assert (asked["subject"], asked["rru"]) == ("论信任", "addevent")


def test_what_became_of_the_talk_is_in_its_title(seminars) -> None:
    assert query(seminars, "Google", more="status: tentative\n")["text"].startswith("Tentative: ")


def test_a_talk_online_has_no_place(seminars) -> None:
    assert "location" not in query(seminars, "Google", more="format: online\n")


LUNCH = "title: Lunch & more\nstart: 2024-03-27 12:00\nplace: A\nrepeat: {}\n"


def asked(seminars, rule: str, more: str = "", language: str = "en") -> dict[str, str]:
    text = LUNCH.format(rule) + more
    meetup = load(seminars({"weekly/lunch.yaml": text})).meetups[0]
    links = calendar_links(meetup, language, "https://lab.example/t/")
    assert [*links] == ["Google"]  # the others would add one meeting, as if it were all
    return {key: value[0] for key, value in parse_qs(urlsplit(links["Google"]).query).items()}


def test_google_is_told_the_rule_by_the_clock_that_it_keeps_to(seminars) -> None:
    found = asked(seminars, "FREQ=WEEKLY;UNTIL=20240630")
    assert found["dates"] == "20240327T120000/20240327T130000"  # over the change of the clock
    assert found["ctz"] == "Europe/Berlin"
    assert found["recur"] == "RRULE:FREQ=WEEKLY;UNTIL=20240630T215959Z"
    assert (found["text"], found["location"]) == ("Lunch & more", "A")
    assert found["details"] == "https://lab.example/t/"


@pytest.mark.parametrize(("language", "words"), [("en", "Not on"), ("zh", "除外")])
def test_exceptions_are_told_in_words(seminars, language: str, words: str) -> None:
    more = "not_on: [2024-04-03]\nalso_on: [2024-04-05 13:00]\n"
    told = asked(seminars, "FREQ=WEEKLY", more, language)["details"]
    assert words in told
    assert "2024-04-03" in told
    assert "2024-04-05 13:00" in told
