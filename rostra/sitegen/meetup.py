"""Meet-ups: what a series does again and again, by the rules of RFC 5545, 3.3.10."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice, takewhile
from typing import Annotated, Any, Literal, TypeAlias

from dateutil.rrule import rrule, rrulestr
from pydantic import AfterValidator, Field

from rostra.sitegen.event import Event
from rostra.sitegen.faults import nearest
from rostra.sitegen.fields import Date, Start, Text, refuse
from rostra.sitegen.messages import say

PARTS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9]\d{0,2}",
    "COUNT": r"[1-9]\d{0,3}",
    "UNTIL": r"\d{8}(T\d{6}Z)?",
    "BYDAY": r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU))*",
    "BYMONTHDAY": r"-?([1-9]|[12]\d|3[01])(,-?([1-9]|[12]\d|3[01]))*",
    "BYMONTH": r"([1-9]|1[0-2])(,([1-9]|1[0-2]))*",
    "BYSETPOS": r"-?[1-9]\d{0,2}(,-?[1-9]\d{0,2})*",
    "WKST": r"MO|TU|WE|TH|FR|SA|SU",
}
MOST = 2000  # occurrences that are looked through; a weekly meeting of forty years


def _rule(text: str) -> str:
    parts = [part.partition("=") for part in text.upper().split(";")]
    keys = [key for key, _, _ in parts]
    for key, _, value in parts:
        if key not in PARTS:
            message = say("'{key}' is no part of a rule", key=key)
            refuse("repeat", message, needle=key, suggestion=nearest(key, PARTS))
        if not re.fullmatch(PARTS[key], value):
            refuse("repeat", say("'{value}' cannot be {key}", value=value, key=key), needle=value)
    if "FREQ" not in keys or len(set(keys)) < len(keys) or {"COUNT", "UNTIL"} <= set(keys):
        message = say("a rule has one FREQ, and an end by COUNT or by UNTIL, not both")
        refuse("repeat", message, expected="FREQ=WEEKLY;BYDAY=WE")
    return text.upper()


Rule: TypeAlias = Annotated[str, AfterValidator(_rule)]


class Meetup(Event):
    """One recurring meeting: `<series>/<slug>.yaml` with `repeat:`; `start` is the first."""

    title: Text
    about: Text | None = None
    repeat: Annotated[Rule, Field(description="An RRULE: FREQ=WEEKLY;BYDAY=WE.")]
    not_on: Annotated[tuple[Date, ...], Field(description="Days that it leaves out.")] = ()
    also_on: Annotated[tuple[Start, ...], Field(description="Starts besides the rule's.")] = ()
    status: Literal["confirmed", "cancelled"] = "confirmed"

    def model_post_init(self, context: Any) -> None:
        """Refuse a rule that misses the first meeting, and exceptions that hit none."""
        super().model_post_init(context)
        last = max((self.start.date(), *self.not_on))
        by_rule = (moment.date() for moment in islice(self._by_rule(), MOST))
        days = {*takewhile(lambda day: day <= last, by_rule)}
        if self.start.date() not in days:
            message = say("the first meeting, {day}, is none by this rule", day=self.start.date())
            refuse("repeat", message, at="start")
        for day in self.not_on:
            if day not in days:
                message = say("there is no meeting on {day} to leave out", day=day)
                refuse("repeat", message, at="not_on", needle=day.isoformat())

    def _by_rule(self) -> Iterator[datetime]:
        """The meetings that the rule alone gives, by the zone's clock."""
        wall = self.start.replace(tzinfo=None)
        found = rrulestr(self._local_rule(), dtstart=wall)
        assert isinstance(found, rrule)
        for moment in found:
            local = moment.replace(tzinfo=self.zone)
            # A time that the clock skips is read by the clock before (RFC 5545, 3.3.5).
            yield local.astimezone(UTC).astimezone(self.zone)

    def _local_rule(self) -> str:
        """The rule with its UNTIL by the zone's clock, as dateutil wants it for local times."""

        def local(found: re.Match[str]) -> str:
            if "T" not in found[1]:
                return f"UNTIL={found[1]}T235959"
            end = datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            return f"UNTIL={end.astimezone(self.zone):%Y%m%dT%H%M%S}"

        return re.sub(r"UNTIL=([0-9TZ]+)", local, self.repeat)

    def meetings(self, since: datetime, until: datetime) -> list[datetime]:
        """The starts of its meetings from one instant to before another, in order."""
        left_out: set[date] = set(self.not_on)
        by_rule = takewhile(lambda moment: moment < until, islice(self._by_rule(), MOST))
        found = {moment for moment in by_rule if moment.date() not in left_out}
        found |= {moment for moment in self.also_on if moment < until}
        return sorted(moment for moment in found if moment >= since)
