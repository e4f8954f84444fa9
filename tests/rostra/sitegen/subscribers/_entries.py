"""Entries as an organiser writes them, and what is meant by them: no producer is asked."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.rostra.sitegen.subscribers._visible import Truth

PEOPLE = {"ann": "Ann Lee", "wang": "王伟", "bo": "Bo, the second"}
TITLES = (
    "On trust; and, perhaps, doubt",
    "远方来客：一个足够长的标题，用来检验日历文件在七十五个字节处折行而不切断任何一个汉字",
    "BEGIN:VEVENT is no title",
    "Commas, commas, and more commas: what an escape may do at the end of a line of octets",
    "Short",
)
MARKS = {"cancelled": "Cancelled: ", "postponed": "Postponed: ", "tentative": "Tentative: "}
HORIZON = datetime(2027, 1, 1, tzinfo=UTC)  # what comes again for ever is looked at until then


@dataclass(frozen=True)
class Entry:
    """A talk as its organiser writes it; `key` is who it is, whatever becomes of its file."""

    key: str  # its first address
    series: str
    slug: str
    wall: datetime
    zone: str
    minutes: int = 60
    status: str = "confirmed"
    title: str = TITLES[0]
    speakers: tuple[str, ...] = ("ann",)
    topics: tuple[str, ...] = ("trust",)
    place: str | None = None
    abstract: str = "First words."
    formerly: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        return f"{self.series}/{self.slug}"

    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "title": self.title,
            "zone": ZoneInfo(self.zone),
            "start": f"{self.wall:%Y-%m-%d %H:%M}",
            "duration": self.minutes,
            "status": self.status,
            "speakers": [*self.speakers],
            "topics": [*self.topics],
            "abstract": self.abstract,
            "formerly": [*self.formerly],
        }
        return found | ({"place": self.place} if self.place else {})

    def truth(self) -> Truth:
        start = self.wall.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
        who = f" ({', '.join(PEOPLE[one] for one in self.speakers)})" if self.speakers else ""
        refs = (self.ref, *self.formerly)
        addresses = {address for ref in refs for address in (ref, ref.split("/")[0])}
        topics = {"u9690-u79c1" if topic == "隐私" else topic for topic in self.topics}
        calendars = {"talks/all", *(f"talks/{one}" for one in addresses)}
        calendars |= {f"people/{one}" for one in self.speakers}
        calendars |= {f"topics/{one}" for one in topics}
        return Truth(
            self.key,
            start,
            start + timedelta(minutes=self.minutes),
            MARKS.get(self.status, "") + self.title + who,
            self.place or "",
            f"{self.abstract} {self.status} {self.topics} {self.zone} {self.ref}",
            self.status == "cancelled",
            frozenset(calendars),
        )


@dataclass(frozen=True)
class Gathering(Entry):
    """A meet-up: every so many weeks, so many times, to a day, or for ever.

    Args:
        weeks: from one meeting to the next.
        count: how many there are; none: to `last`.
        last: weeks from the first meeting to the last day; none either: for ever.
        skipped: the numbers of meetings that are left out.
        added: days after the first meeting on which there is another, in the evening.
    """

    weeks: int = 1
    count: int | None = None
    last: int | None = None
    skipped: frozenset[int] = frozenset()
    added: frozenset[int] = frozenset()

    def data(self) -> dict[str, Any]:
        without = (self.wall + number * timedelta(weeks=self.weeks) for number in self.skipped)
        shared = ("title", "zone", "start", "duration", "status", "place")
        return {name: value for name, value in super().data().items() if name in shared} | {
            "about": self.abstract,
            "repeat": ";".join(self.rule()),
            "not_on": [f"{wall:%Y-%m-%d}" for wall in without],
            "also_on": [f"{wall:%Y-%m-%d %H:%M}" for wall in self.evenings()],
        }

    def rule(self) -> list[str]:
        found = ["FREQ=WEEKLY", f"INTERVAL={self.weeks}"]
        if self.count is not None:
            found.append(f"COUNT={self.count}")
        if self.last is not None:
            found.append(f"UNTIL={self.wall + timedelta(weeks=self.last):%Y%m%d}")
        return found

    def evenings(self) -> list[datetime]:
        days = (self.wall.date() + timedelta(days=day) for day in sorted(self.added))
        return [datetime.combine(day, time(21, 15)) for day in days]

    def meetings(self) -> tuple[datetime, ...]:
        """All meetings: a clock's time is kept, whatever the offset is that day."""
        zone, step, found = ZoneInfo(self.zone), timedelta(weeks=self.weeks), []
        ends = self.wall + timedelta(weeks=self.last) if self.last is not None else None
        wall, number = self.wall, 0
        while wall.replace(tzinfo=zone) < HORIZON and number != self.count:
            if ends is not None and wall.date() > ends.date():
                break
            if number not in self.skipped:
                found.append(wall)
            wall, number = wall + step, number + 1
        instants = (one.replace(tzinfo=zone).astimezone(UTC) for one in found + self.evenings())
        return tuple(sorted(instants))

    def truth(self) -> Truth:
        exceptions = f"{sorted(self.skipped)} {sorted(self.added)}"
        return replace(
            super().truth(),
            title=MARKS.get(self.status, "") + self.title,
            words=f"{self.abstract} {self.status} {self.zone} {self.rule()} {exceptions}",
            calendars=frozenset({"talks/all", f"talks/{self.series}", f"talks/{self.ref}"}),
            again=self.meetings(),
        )
