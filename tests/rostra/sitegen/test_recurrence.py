"""The days of rules, against dateutil, which reads all from the first; and what is no rule."""

import random
from datetime import date, datetime, timedelta
from time import process_time

import pytest
from dateutil.rrule import rrulestr

from rostra.sitegen import folder as folders
from rostra.sitegen.linters.ics_lines import Property
from rostra.sitegen.linters.ics_rules import Report
from rostra.sitegen.linters.ics_times import check_rule
from rostra.sitegen.messages import spoken
from rostra.sitegen.recurrence import WEEK, Recurrence

MEETUP = "title: Lunch\nstart: 2024-05-01 12:00\nrepeat: "  # a Wednesday


def some_days(draws: random.Random, freq: str) -> str:
    """Weekdays, with numbers or without: dateutil wants a day of both kinds to be both."""
    numbered = freq in ("MONTHLY", "YEARLY") and draws.random() < 0.5
    numbers = ("1", "2", "4", "5", "-1", "-2") if numbered else ("",)
    days = draws.sample(WEEK, draws.randint(1, 3))
    return ",".join(draws.choice(numbers) + day for day in days)


def some_rule(draws: random.Random) -> str:
    freq = draws.choice(("DAILY", "WEEKLY", "MONTHLY", "YEARLY"))
    parts = {"FREQ": freq}
    if draws.random() < 0.5:
        parts["INTERVAL"] = str(draws.randint(1, 5))
    if draws.random() < 0.6:
        parts["BYDAY"] = some_days(draws, freq)
    if freq != "WEEKLY" and draws.random() < 0.4:
        days = draws.sample([*range(1, 32), -1, -2, -31], draws.randint(1, 4))
        parts["BYMONTHDAY"] = ",".join(map(str, days))
    if draws.random() < 0.4:
        parts["BYMONTH"] = ",".join(map(str, draws.sample(range(1, 13), draws.randint(1, 3))))
    if draws.random() < 0.4 and {"BYDAY", "BYMONTHDAY", "BYMONTH"} & {*parts}:
        parts["BYSETPOS"] = ",".join(map(str, draws.sample((1, 2, 3, -1, -2), 2)))
    if draws.random() < 0.3:
        parts["WKST"] = draws.choice(WEEK)
    if draws.random() < 0.3:
        parts["COUNT"] = str(draws.randint(1, 30))
    return ";".join(f"{key}={value}" for key, value in parts.items())


@pytest.mark.parametrize("seed", range(150))
def test_any_rule_gives_the_days_that_dateutil_finds(seed: int) -> None:
    draws = random.Random(seed)
    rule, first = some_rule(draws), date(2020, 1, 1) + timedelta(days=draws.randrange(1500))
    since = first + timedelta(days=draws.randrange(2000))
    until = since + timedelta(days=draws.randrange(1500))
    start = datetime.combine(first, datetime.min.time())
    endless, _, count = rule.partition(";COUNT=")
    wide = rrulestr(endless, dtstart=start)
    after = datetime.combine(until, start.time()) + timedelta(days=1)
    days = [one.date() for one in wide.between(start, after, inc=True) if one.date() <= until]
    days = days[: int(count)] if count else days
    found = [*Recurrence(rule, first).days(since, until)]
    assert found == [day for day in days if day >= since], rule


def test_numbered_days_and_all_of_another_are_both_meant() -> None:
    found = Recurrence("FREQ=MONTHLY;BYDAY=1MO,FR", date(2024, 5, 3)).days(
        date(2024, 5, 1), date(2024, 5, 31)
    )
    assert [one.day for one in found] == [3, 6, 10, 17, 24, 31]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYDAY=MO;BYMONTHDAY=31;BYSETPOS=1",
    ],
)
def test_a_rule_without_a_day_ends(seminars, rule: str) -> None:
    begun = process_time()
    assert [*Recurrence(rule, date(2024, 5, 1)).days(date(2026, 1, 1), date(2029, 1, 1))] == []
    contents = folders.read(seminars({"weekly/lunch.yaml": f"{MEETUP}{rule}\n"}))
    assert [one.rule for one in contents.faults] == ["repeat"]
    assert process_time() - begun < 2


WRONG = {
    "FREQ=WEEKLY;BYDAY=⟦4WE": "write FREQ=MONTHLY;BYDAY=4WE, or BYDAY=WE",
    "FREQ=WEEKLY;BYDAY=WE,⟦-1FR": "write FREQ=MONTHLY;BYDAY=-1FR, or BYDAY=FR",
    "FREQ=DAILY;BYDAY=⟦+1WE": "write FREQ=MONTHLY;BYDAY=+1WE, or BYDAY=WE",
    "freq=weekly;byday=⟦4we": "write FREQ=MONTHLY;BYDAY=4we, or BYDAY=we",
    "FREQ=WEEKLY;⟦BYMONTHDAY=25": "write FREQ=MONTHLY;BYMONTHDAY=25",
    "FREQ=MONTHLY;⟦BYSETPOS=1": "add BYDAY, BYMONTHDAY or BYMONTH, or leave BYSETPOS out",
    "FREQ=MONTHLY;BYDAY=WE;BYSETPOS=⟦367": "",
    "FREQ=DAILY;UNTIL=⟦20261331": "write the last day as 20261231, or leave UNTIL out",
    "FREQ=DAILY;UNTIL=⟦20260101T246000Z": "write the last day as 20261231, or leave UNTIL out",
    "FREQ=DAILY;UNTIL=⟦99991231": "write the last day as 20261231, or leave UNTIL out",
    "FREQ=DAILY;UNTIL=⟦00010101": "write the last day as 20261231, or leave UNTIL out",
}


@pytest.mark.parametrize("rule", WRONG)
def test_what_is_no_rule_is_refused_where_it_stands_in_both_languages(seminars, rule: str) -> None:
    text = f"{MEETUP}{rule.replace('⟦', '')}\n"
    (fault,) = folders.read(seminars({"weekly/lunch.yaml": text})).faults
    column = len("repeat: ") + rule.index("⟦") + 1
    assert (fault.rule, fault.line, fault.column) == ("repeat", 3, column)
    assert fault.suggestion == WRONG[rule]
    for told in (fault.message, fault.suggestion):
        assert not told or spoken(told, "zh") != told


@pytest.mark.parametrize("seed", range(60))
def test_what_passes_is_a_rule_by_our_own_linter_of_calendars(seminars, seed: int) -> None:
    rule = some_rule(random.Random(seed))
    report = Report("a.ics")
    check_rule(Property("RRULE", {}, rule, 1), None, report)
    assert report.findings == []
