"""Zones as the linter reads them, against the zone data."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from rostra.sitegen.linters.ics import lint
from rostra.sitegen.timezones import timezones

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]


def calendar(zone: str, described: str) -> bytes:
    """Events every nineteen days of two years, in one zone and described as another."""
    found = icalendar.Calendar()
    found.add("prodid", "a")
    found.add("version", "2.0")
    starts = [datetime(2024, 1, 3, 12, tzinfo=ZoneInfo(zone)) + timedelta(days=19 * i)
              for i in range(38)]  # fmt: skip
    for component in timezones(start.replace(tzinfo=ZoneInfo(described)) for start in starts):
        found.add_component(component)
    for start in starts:
        event = icalendar.Event()
        event.add("uid", str(start.timestamp()))
        event.add("dtstamp", datetime(2024, 1, 1, tzinfo=ZoneInfo("UTC")))
        event.add("dtstart", start)
        found.add_component(event)
    return found.to_ical(sorted=False).replace(described.encode(), zone.encode())


@pytest.mark.parametrize("zone", ZONES)
def test_zones_that_are_described_as_they_are_pass(zone: str) -> None:
    assert lint(calendar(zone, zone)) == []


def test_a_zone_that_is_described_as_another_is_found() -> None:
    found = lint(calendar("Europe/Berlin", "Africa/Casablanca"))
    assert {finding.rule for finding in found} == {"zone-offset"}
    # Casablanca's clock never shows Berlin's summer time.
    assert len(found) > 15
