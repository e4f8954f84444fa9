"""When a talk takes place, by what an announcement says of it; where that is open, nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from rostra.sitegen.hours import Hours, hours
from rostra.sitegen.pasted.clocks import city_at, clocks
from rostra.sitegen.pasted.days import Day, days

NEAR = 90  # characters between a day and its hour
BEHIND = 45  # characters between an hour and the name of its clock


@dataclass(frozen=True)
class Moment:
    """A day, an hour and a clock, each as far as the text says it beyond doubt."""

    day: date | None = None
    begins: time | None = None
    ends: time | None = None
    zone: ZoneInfo | None = None
    doubts: tuple[str, ...] = ()


@dataclass
class _Reading:
    """The text, and what decides where it is open."""

    text: str
    home: ZoneInfo
    today: date
    own: bool  # the text is about nothing but the time
    doubts: list[str] = field(default_factory=list)

    def moment(self) -> Moment:
        found = [one for one in days(self.text, self.today) if not one.other]
        blank = _without(self.text, found)
        told = sorted(hours(blank), key=lambda one: one.start)
        day = self.day(found, told)
        chosen = self.hour(told, [one for one in found if one.day == day])
        zone = self.zone(blank, told, chosen, day) if chosen else None
        if chosen is None or (self.doubts and zone is None):
            return Moment(day, None, None, None, tuple(self.doubts))
        return Moment(day, chosen.begins, chosen.ends, zone, tuple(self.doubts))

    def day(self, found: Sequence[Day], told: Sequence[Hours]) -> date | None:
        """The one day that is meant, or none with the reason."""
        beside = [one for one in found if any(_beside(one, hour) for hour in told)]
        meant = found if self.own or not beside else beside
        self.doubts += dict.fromkeys(one.doubt for one in meant if one.doubt)
        known = {one.day for one in meant if one.day}
        if len(known) > 1:
            listed = ", ".join(sorted(map(str, known)))
            self.doubts.append(f"several days are named: {listed}")
        return known.pop() if len(known) == 1 and not self.doubts else None

    def hour(self, told: Sequence[Hours], on: Sequence[Day]) -> Hours | None:
        """The hour that belongs to the day; the first, where a text about time alone has more."""
        beside = [hour for hour in told if self.own or any(_beside(one, hour) for one in on)]
        if not self.own and not beside and len({hour.begins for hour in told}) == 1:
            beside = [*told]
        if not beside:
            return None
        if beside[0].doubt:
            self.doubts.append(beside[0].doubt)
            return None
        return beside[0]

    def zone(
        self, text: str, told: Sequence[Hours], chosen: Hours, day: date | None
    ) -> ZoneInfo | None:
        """The clock of the chosen hour; another hour by another clock must be the same instant."""
        near = datetime.combine(day or self.today, chosen.begins)
        named = {hour: [*self.named(text, told, hour, near)] for hour in told}
        if None in named[chosen][:1]:
            self.doubts.append("the name of its clock means several")
            return None
        instants = {
            datetime.combine(near.date(), hour.begins, zones[0]).timestamp() % 86400
            for hour, zones in named.items()
            if zones and zones[0] is not None and not hour.doubt
        }
        if self.own and len(instants) > 1:
            self.doubts.append("its hours by several clocks are not the same instant")
            return None
        if named[chosen]:
            return named[chosen][0]
        anywhere = {zone for _, zone in clocks(text, self.home, near)} if self.own else set()
        return anywhere.pop() if len(anywhere) == 1 else None

    def named(
        self, text: str, told: Sequence[Hours], hour: Hours, near: datetime
    ) -> Iterator[ZoneInfo | None]:
        """The clocks that are named right after an hour, or else right before it."""
        ends = [one.start for one in told if one.start >= hour.end]
        stop = min([hour.end + BEHIND, *ends])
        after = text[hour.end : stop].split("\n")[0]
        found = [zone for _, zone in clocks(after, self.home, near)]
        starts = [one.end for one in told if one.end <= hour.start]
        before = text[max([hour.start - 12, *starts]) : hour.start].rpartition("\n")[2]
        city = city_at(after)
        yield from found or city or [zone for _, zone in clocks(before, self.home, near)]


def moment(text: str, home: ZoneInfo, today: date, *, own: bool = False) -> Moment:
    """Read when something takes place.

    Args:
        text: what is said of it.
        home: the series' clock.
        today: for days without a year.
        own: whether the text says nothing else, as after `When:`.

    Examples:
        >>> home, today = ZoneInfo("Asia/Hong_Kong"), date(2026, 11, 20)
        >>> found = moment("Thursday, 3 December 2026, 3-4 pm CET", home, today)
        >>> print(found.day, found.begins, found.ends, found.zone)
        2026-12-03 15:00:00 16:00:00 Europe/Berlin
        >>> moment("3 December, 3 pm CET (11 pm Beijing time)", home, today, own=True).doubts
        ('its hours by several clocks are not the same instant',)
    """
    return _Reading(text, home, today, own).moment()


def _beside(day: Day, hour: Hours) -> bool:
    return -NEAR < hour.start - day.end < NEAR


def _without(text: str, found: Sequence[Day]) -> str:
    """The text with blanks for its days, whose numbers are no hours."""
    for one in found:
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text
