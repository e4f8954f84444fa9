from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.sitegen.linters.ics import findings, lint
from rostra.sitegen.linters.ics_rules import RULES
from tests.rostra.sitegen.linters._calendars import BROKEN, GOOD, Breaking

CASES = [(rule, breaking) for rule, ways in BROKEN.items() for breaking in ways]
NAMES = [f"{rule}-{number}" for rule, ways in BROKEN.items() for number in range(len(ways))]


def rules(content: bytes) -> set[str]:
    return {finding.rule for finding in lint(content)}


def test_nothing_is_found_in_a_calendar_that_is_in_order() -> None:
    assert lint(GOOD) == []


@pytest.mark.parametrize(("rule", "breaking"), CASES, ids=NAMES)
def test_each_rule_finds_what_breaks_it(rule: str, breaking: Breaking) -> None:
    assert rule in rules(breaking(GOOD))


def test_every_rule_has_something_that_breaks_it() -> None:
    assert set(BROKEN) == set(RULES)


def test_a_finding_says_where_and_by_which_standard() -> None:
    (found,) = lint(GOOD.replace(b"VERSION:2.0", b"VERSION:1.0"), "a.ics")
    assert str(found) == "a.ics:3: the version is 1.0, not 2.0 [version: RFC 5545, 3.7.4]"


def event(*lines: str, head: str = "PRODID:a\nVERSION:2.0\n") -> bytes:
    text = f"BEGIN:VCALENDAR\n{head}BEGIN:VEVENT\n" + "\n".join(lines)
    return f"{text}\nEND:VEVENT\nEND:VCALENDAR\n".replace("\n", "\r\n").encode()


STAMPED = ("UID:a", "DTSTAMP:20240501T120000Z", "DTSTART:20240501T120000Z")
# What well-known producers of seminar calendars have published.
ANCHORS = {
    "two addresses": (event(*STAMPED, "URL:https://a.example/", "URL:https://b.example/"), "once"),
    "no stamp": (event("UID:a", "DTSTART:20240501T120000Z"), "missing"),
    "zone as a property": (event(*STAMPED, "TZID:Europe/Berlin"), "misplaced"),
    "zone on UTC": (event(*STAMPED[:2], "DTSTART;TZID=UTC:20240501T120000Z"), "tzid-on-utc"),
    "zone without rules": (event(*STAMPED[:2], "DTSTART;TZID=X:20240501T120000"), "zone-missing"),
    "no identifier": (event(*STAMPED[1:]), "missing"),
    "no product": (event(*STAMPED, head="VERSION:2.0\n"), "missing"),
    "nothing escaped": (event(*STAMPED, "SUMMARY:Trust, and doubt"), "text"),
    "nothing folded": (event(*STAMPED, f"SUMMARY:{'a' * 70}"), "fold-length"),
    "everywhere another hour": (event(*STAMPED[:2], "DTSTART:20240501T120000"), "floating"),
    "refreshed as the library writes it": (
        event(*STAMPED, head="PRODID:a\nVERSION:2.0\nREFRESH-INTERVAL:PT12H\n"),
        "parameter-missing",
    ),
}


@pytest.mark.parametrize(("content", "rule"), ANCHORS.values(), ids=ANCHORS)
def test_what_others_have_published_is_found(content: bytes, rule: str) -> None:
    assert rule in rules(content)


def test_every_calendar_of_a_site_is_read(tmp_path: Path) -> None:
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "a.ics").write_bytes(GOOD.replace(b"\r\n", b"\n", 1))
    (tmp_path / "all.ics").write_bytes(GOOD)
    assert [(one.file, one.line, one.rule) for one in findings(tmp_path)] == [
        ("talks/a.ics", 1, "crlf")
    ]


@given(st.randoms(use_true_random=False))
def test_whatever_is_damaged_is_read_to_its_end(dice: Random) -> None:
    lines = GOOD.split(b"\r\n")
    for _ in range(3):
        one, other = dice.randrange(len(lines)), dice.choice(lines)
        left, colon, value = lines[one].partition(b":")
        place = dice.randrange(len(value) + 1)
        junk = bytes(dice.choices(b'0123456789TZ;:,=\\"^-+PAB\r\n \xff', k=dice.randrange(4)))
        damaged = left + colon + value[:place] + junk + value[place + len(junk) :]
        lines[one] = dice.choice((damaged, left + colon + other.partition(b":")[2], other))
    lint(b"\r\n".join(lines))
