from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.sitegen.times import TimeError, instant, length, next_weekday

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
HONG_KONG = ZoneInfo("Asia/Hong_Kong")


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 3, 6, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2022-03-06 10:00", "2022-03-06T10:00", "2022-03-06 10:00:00", "2022-03-06 10:00 +08:00"],
)
def test_a_local_time_is_read_by_its_zones_clock(text: str) -> None:
    found = instant(text, HONG_KONG)
    assert found.astimezone(UTC) == at(2)
    assert found.tzinfo is HONG_KONG


# Zone, skipped time, the instants it may mean by the old and the new clock, what to write instead.
GAPS = [
    (BERLIN, "2022-03-27 02:30", "01:30 UTC", "00:30 UTC", "2022-03-27 03:30", "2022-03-27 01:30"),
    (
        NEW_YORK,
        "2026-03-08 02:30",
        "07:30 UTC",
        "06:30 UTC",
        "2026-03-08 03:30",
        "2026-03-08 01:30",
    ),
]


@pytest.mark.parametrize(("zone", "text", "old", "new", "later", "earlier"), GAPS)
def test_a_skipped_time_names_both_instants(zone, text, old, new, later, earlier) -> None:
    with pytest.raises(TimeError) as caught:
        instant(text, zone)
    assert caught.value.rule == "time-gap"
    assert f"{old} by the old clock or {new} by the new one" in str(caught.value)
    assert caught.value.suggestion == f"write {later} or {earlier}"
    assert {instant(later, zone).astimezone(UTC).strftime("%H:%M UTC")} == {old}
    assert {instant(earlier, zone).astimezone(UTC).strftime("%H:%M UTC")} == {new}


# Zone, repeated time, its two offsets, its two instants.
FOLDS = [
    (BERLIN, "2022-10-30 02:30", ("+02:00", "+01:00"), ("00:30", "01:30")),
    (NEW_YORK, "2026-11-01 01:30", ("-04:00", "-05:00"), ("05:30", "06:30")),
]


@pytest.mark.parametrize(("zone", "text", "offsets", "instants"), FOLDS)
def test_a_repeated_time_names_both_instants_and_an_offset_resolves_it(
    zone, text, offsets, instants
) -> None:
    with pytest.raises(TimeError) as caught:
        instant(text, zone)
    assert caught.value.rule == "time-fold"
    first, second = (f"at {i} UTC ({o})" for i, o in zip(instants, offsets, strict=True))
    assert f"{first} and {second}" in str(caught.value)
    assert caught.value.suggestion == f"write {text} {offsets[0]} or {text} {offsets[1]}"
    for offset, expected in zip(offsets, instants, strict=True):
        found = instant(f"{text} {offset}", zone)
        assert found.tzinfo is zone
        assert f"{found.astimezone(UTC):%H:%M}" == expected


@pytest.mark.parametrize(
    ("zone", "edge"),
    [
        (BERLIN, "2022-03-27 01:59"),
        (BERLIN, "2022-03-27 03:00"),
        (BERLIN, "2022-10-30 01:59"),
        (BERLIN, "2022-10-30 03:00"),
        (NEW_YORK, "2026-03-08 03:00"),
        (NEW_YORK, "2026-11-01 02:00"),
    ],
)
def test_the_minutes_beside_a_change_are_plain_times(zone: ZoneInfo, edge: str) -> None:
    assert f"{instant(edge, zone):%Y-%m-%d %H:%M}" == edge


@pytest.mark.parametrize("text", ["2022-03-27 02:00", "2022-03-27 02:59"])
def test_the_first_and_last_skipped_minute_are_refused(text: str) -> None:
    with pytest.raises(TimeError, match="does not exist"):
        instant(text, BERLIN)


def test_an_offset_that_the_zone_does_not_have_is_refused() -> None:
    with pytest.raises(TimeError) as caught:
        instant("2022-07-01 10:00 +01:00", BERLIN)
    assert caught.value.rule == "time-offset"
    assert caught.value.suggestion == "its offset then is +02:00"
    with pytest.raises(TimeError) as caught:
        instant("2022-03-27 02:30 +01:00", BERLIN)
    assert "skips this time" in caught.value.suggestion


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2022-03-06",
        "10:00",
        "06.03.2022 10:00",
        "2022-3-6 10:00",
        "2022-03-06 10",
        "2022-02-30 10:00",
        "2022-13-01 10:00",
        "2022-03-06 24:00",
        "2022-03-06 10:60",
        "750",
    ],
)
def test_anything_else_is_no_time(text: str) -> None:
    with pytest.raises(TimeError) as caught:
        instant(text, BERLIN)
    assert caught.value.rule == "time-format"


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31)),
    st.sampled_from([BERLIN, NEW_YORK, HONG_KONG, ZoneInfo("Australia/Lord_Howe")]),
)
def test_what_is_read_is_what_was_written_or_it_is_refused(wall: datetime, zone: ZoneInfo) -> None:
    """Slow oracle: look for the wall time among the instants of the two days around it."""
    text = f"{wall:%Y-%m-%d %H:%M}"
    target = wall.replace(second=0, microsecond=0)
    offsets = {timedelta(minutes=m) for m in range(-720, 780, 30)}
    moments = {(target - offset).replace(tzinfo=UTC) for offset in offsets}
    meant = [m for m in moments if m.astimezone(zone).replace(tzinfo=None) == target]
    if len(meant) == 1:
        assert instant(text, zone).astimezone(UTC) == meant[0]
    else:
        with pytest.raises(TimeError) as caught:
            instant(text, zone)
        assert caught.value.rule == ("time-fold" if meant else "time-gap")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("90 min", 90), ("1 h", 60), ("1h30min", 90), ("2 h 5 min", 125), (45, 45)],
)
def test_durations(text: str | int, minutes: int) -> None:
    assert length(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text", ["", "an hour", "0 min", "25 h", "1:30", "-5 min", True, "90 minutes"]
)
def test_anything_else_is_no_duration(text: str | int) -> None:
    with pytest.raises(ValueError, match="not"):
        length(text)


def test_the_next_sunday_is_never_today() -> None:
    assert next_weekday(date(2022, 3, 6), 6) == date(2022, 3, 13)
    assert next_weekday(date(2022, 3, 5), 6) == date(2022, 3, 6)
