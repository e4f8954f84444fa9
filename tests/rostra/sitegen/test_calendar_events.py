import json
from datetime import UTC, datetime

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.sitegen.calendar_events import component, event_texts, line, text, uri
from rostra.sitegen.calendars import Calendars
from rostra.sitegen.linters.ics_lines import content_lines
from rostra.sitegen.linters.ics_rules import Report
from rostra.sitegen.programme import load

NOW = datetime(2024, 6, 1, tzinfo=UTC)
TALK = """\
title: On trust
start: 2024-05-05 10:00
speakers: [wang]
discussants: [ann]
abstract: "Some *words*, $x < y$."
links: {slides: "https://a.example/{1}.pdf", stream: "https://a.example/live"}
"""


def event(seminars, path: str) -> icalendar.Event:
    found = Calendars(load(seminars({"weekly/trust.yaml": TALK})), NOW)
    text = next(file for file in found.calendars if file.path == path).text
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return event


def test_the_plain_profile_has_nothing_that_old_programs_do_not_know(seminars) -> None:
    found = event(seminars, "talks/weekly/trust.ics")
    assert not found.subcomponents
    assert {"LINK", "STYLED-DESCRIPTION", "STRUCTURED-DATA"}.isdisjoint(found.keys())


def test_the_rich_profile_says_who_takes_part_and_links_what_is_left(seminars) -> None:
    found = event(seminars, "talks/weekly/trust.rich.ics")
    kinds = [(str(p["participant-type"]), str(p["summary"])) for p in found.walk("PARTICIPANT")]
    assert kinds == [("SPEAKER", "Wei Wang"), ("ACTIVE", "Ann Lee")]
    assert str(found["link"]) == "https://a.example/%7B1%7D.pdf"
    assert found["link"].params["LABEL"] == "Slides"
    assert "<em>words</em>" in found["styled-description"]
    data = json.loads(found["structured-data"])
    assert data["startDate"] == "2024-05-05T10:00:00+02:00"
    assert data["identifier"] == f"urn:uuid:{found['uid']}"


def test_a_stream_is_a_way_to_watch(seminars) -> None:
    found = event(seminars, "talks/weekly/trust.ics")["conference"]
    assert str(found) == "https://a.example/live"
    assert dict(found.params) == {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Live stream"}


@pytest.mark.parametrize("address", ["https://a.example/%E4?b=[c]#d", "mailto:a@b.example"])
def test_an_address_that_is_one_stays_as_it_is(address: str) -> None:
    assert uri(address) == address


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))).map(lambda text: text * 5))
def test_no_fold_cuts_a_character_or_an_escape(words: str) -> None:
    found = icalendar.Event()
    found.add("summary", words)
    report = Report("a.ics")
    lines = list(content_lines(component("VEVENT", [text("SUMMARY", words)]), report))
    assert report.findings == []
    library = list(content_lines(found.to_ical(sorted=False), Report("b.ics")))
    assert [line.value for line in lines] == [line.value for line in library]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_parameters_are_written_as_the_library_writes_them(label: str) -> None:
    found = icalendar.Event()
    found.add("link", "https://a.example/", {"LABEL": label, "VALUE": "URI"})
    (library,) = [one for one in found.content_lines(sorted=False) if one.startswith("LINK")]
    assert line("LINK", "https://a.example/", LABEL=label, VALUE="URI").decode() == library


def test_an_event_is_the_same_each_time_it_is_written(seminars) -> None:
    shelf = Calendars(load(seminars({"weekly/trust.yaml": TALK})), NOW)
    telling = shelf._telling(shelf.comparison.records["weekly/trust"], "en")
    assert event_texts(telling) == event_texts(telling)
