"""Octets to content lines; what each fault is called stands in test_ics."""

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.sitegen.linters.ics_lines import Property, content_lines
from rostra.sitegen.linters.ics_rules import Report


def read(content: bytes) -> tuple[list[Property], list[str]]:
    report = Report("a.ics")
    found = list(content_lines(content, report))
    return found, [finding.rule for finding in report.findings]


def test_a_line_is_unfolded_and_taken_apart() -> None:
    (line,), rules = read(b'ATTENDEE;CN="Lee, Ann";X-A=1,2:mai\r\n lto:a\r\n')
    assert rules == []
    assert (line.name, line.value, line.line) == ("ATTENDEE", "mailto:a", 1)
    assert line.given == {"CN": '"Lee, Ann"', "X-A": "1,2"}


def test_lines_are_counted_as_editors_count_them() -> None:
    lines, _ = read(b"A:1\r\n 2\r\nB:3\r\n")
    assert [(line.name, line.line) for line in lines] == [("A", 1), ("B", 3)]


@pytest.mark.parametrize("text", ["", "A", ":a", "A;B:c", "A;B=c", "A;=b:c", 'A;B="c:d', " A:b"])
def test_what_is_no_line_is_none(text: str) -> None:
    lines, rules = read(f"{text}\r\n".encode())
    assert lines == []
    assert set(rules) <= {"line", "parameter"}
    assert rules


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))), st.integers(0, 3))
def test_what_the_library_writes_is_read_as_it_was_meant(text: str, backslashes: int) -> None:
    event = icalendar.Event()
    event.add("summary", text + "\\" * backslashes)
    lines, rules = read(event.to_ical())
    assert set(rules) <= {"fold-escape"}
    (summary,) = (line for line in lines if line.name == "SUMMARY")
    assert summary.value == icalendar.vText(text + "\\" * backslashes).to_ical().decode()
