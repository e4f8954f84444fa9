"""Meet-ups: what a series does again and again, by the rules of RFC 5545, 3.3.10."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from rostra.sitegen.event import Event, ToCome
from rostra.sitegen.fields import Date, Start, refuse
from rostra.sitegen.messages import say
from rostra.sitegen.recurrence import Recurrence, Rule, end_of

DAY = timedelta(days=1)
# How far ahead meetings are looked for: for a 29 February on a Sunday it may be 40 years.
YEARS = (1, 4, 16, 64)
YEAR = timedelta(days=366)


class Meetup(Event):
    """One recurring meeting: `<series>/<slug>.yaml` with `repeat:`; `start` is the first."""

    about: ToCome = None
    repeat: Annotated[Rule, Field(description="An RRULE: FREQ=WEEKLY;BYDAY=WE.")]
    not_on: Annotated[tuple[Date, ...], Field(description="Days that it leaves out.")] = ()
    also_on: Annotated[tuple[Start, ...], Field(description="Starts besides the rule's.")] = ()
    status: Literal["confirmed", "cancelled"] = "confirmed"

    def model_post_init(self, context: Any) -> None:
        """Refuse a rule that misses the first meeting, and exceptions that hit none."""
        super().model_post_init(context)
        for day in (self.start.date(), *self.not_on):
            if not any(self._by_rule(day, day)):
                self._refuse_day(day)

    def _refuse_day(self, day: date) -> None:
        if day == self.start.date():
            message = say("the first meeting, {day}, is none by this rule", day=day)
            refuse("repeat", message, at="start")
        message = say("there is no meeting on {day} to leave out", day=day)
        refuse("repeat", message, at="not_on", needle=day.isoformat())

    @cached_property
    def _recurrence(self) -> Recurrence:
        return Recurrence(self.repeat, self.start.date())

    @cached_property
    def last(self) -> datetime:
        """The instant after which its rule gives no meeting."""
        return end_of(self.repeat, self.zone)

    def _by_rule(self, since: date, until: date) -> Iterator[datetime]:
        """The meetings that the rule alone gives on some days, by the zone's clock."""
        for day in self._recurrence.days(since, until):
            moment = self.on(day)
            if moment.astimezone(UTC) > self.last:
                return
            yield moment

    def on(self, day: date) -> datetime:
        """When it would start on a day, by the zone's clock."""
        if day == self.start.date():
            return self.start  # the entry may say which of two
        clock = self.start.time().replace(fold=0)
        # A time that the clock skips is read by the clock before, and of two the first is meant
        # (RFC 5545, 3.3.5).
        return datetime.combine(day, clock, self.zone).astimezone(UTC).astimezone(self.zone)

    def starts_on(self, day: date) -> list[datetime]:
        """When it starts on a day by the zone's clock; also where the day is left out."""
        added = [moment for moment in self.also_on if moment.date() == day]
        return [*self._by_rule(day, day), *added]

    def ends(self, moment: datetime) -> datetime:
        """When a meeting ends that starts at a moment, whatever the clock does meanwhile."""
        return (moment.astimezone(UTC) + self.length).astimezone(self.zone)

    def meetings(self, since: datetime, until: datetime) -> list[datetime]:
        """The starts of its meetings from one instant to before another, in order."""
        # Those of one clock would be compared by what it shows, which may be the same twice.
        since, until = since.astimezone(UTC), until.astimezone(UTC)
        first, last = (moment.astimezone(self.zone).date() for moment in (since, until))
        by_rule = self._by_rule(first - DAY, last + DAY)  # a clock that skips may skip midnight
        kept = [moment for moment in by_rule if moment.date() not in self.not_on]
        found = {moment.astimezone(UTC): moment for moment in (*kept, *self.also_on)}
        return [found[one] for one in sorted(found) if since <= one < until]

    def coming(self, now: datetime, most: int) -> list[datetime]:
        """The starts of its next meetings, from the one that goes on: so many at most."""
        found: list[datetime] = []
        for years in YEARS:
            found = self.meetings(now - self.length, now + years * YEAR)
            found = [one for one in found if self.ends(one) > now]
            if len(found) >= most:
                break
        return found[:most]
