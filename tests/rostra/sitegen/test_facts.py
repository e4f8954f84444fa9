from rostra.sitegen.facts import Facts, digest_of
from rostra.sitegen.programme import load

TALK = "title: On trust\nstart: 2024-05-05 10:00\nspeakers: [wang]\n"


def facts(seminars, more: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    event = load(seminars({"weekly/trust.yaml": TALK + more})).find("weekly/trust")
    return Facts().calendars(event), Facts().digests(event)


def test_an_event_is_in_the_calendars_of_its_series_and_of_who_speaks(seminars) -> None:
    found, _ = facts(seminars)
    assert found == ("people/wang", "talks/all", "talks/weekly", "talks/weekly/trust")


def test_a_room_changes_what_one_schedules_by_and_an_abstract_what_is_said(seminars) -> None:
    schedule, words = facts(seminars)[1]
    elsewhere, _ = facts(seminars, "place: Room 9\n")[1]
    same, more = facts(seminars, "abstract: Why?\n")[1]
    assert elsewhere != schedule == same
    assert more != words


def test_facts_are_the_same_in_any_order() -> None:
    assert digest_of({"a": 1, "b": "二"}) == digest_of({"b": "二", "a": 1}) != digest_of({"a": 1})
