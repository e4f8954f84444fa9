"""Revisions: what becomes of one event from one release to the next, as its organiser reads it."""

from collections.abc import Iterator
from dataclasses import dataclass

from rostra.sitegen.fields import in_language
from rostra.sitegen.ledger import WITHDRAWN, Record
from rostra.sitegen.notices import Occasion
from rostra.sitegen.prose import to_plain


@dataclass(frozen=True)
class Change:
    """What becomes of one event: its record before, and after this release."""

    before: Record | None
    after: Record
    event: Occasion | None

    @property
    def seen(self) -> bool:
        """Whether subscribers can see it, or only the ledger's address changes."""
        return self.before is None or self.before.sequence != self.after.sequence

    def __str__(self) -> str:
        """As the organiser reads it: `weekly/trust “On trust”: moved from … to …`."""
        name = f" “{to_plain(in_language(self.event.title, 'en'))}”" if self.event else ""
        return f"{self.after.ref}{name}: {'; '.join(self.told())}"

    def told(self) -> Iterator[str]:
        """Say what changes, one phrase each."""
        before, after = self.before, self.after
        if before is None:
            yield f"new, {_when(after)}"
            return
        found = [*_status_told(before, after), *_time_told(before, after)]
        if before.ref != after.ref:
            found.append(f"its address was {before.ref}")
        if resited(before, after):
            found.append(f"its site was {before.site}")
        # What becomes of a talk changes its words as well, which is not worth a second phrase.
        yield from found or [_other_told(before, after)]


def _status_told(before: Record, after: Record) -> Iterator[str]:
    if before.status != after.status and after.status != "moved":
        again = "takes place again, " if before.status in ("cancelled", WITHDRAWN) else ""
        yield again + after.status


def _time_told(before: Record, after: Record) -> Iterator[str]:
    if (before.start, before.zone.key) != (after.start, after.zone.key):
        yield f"moved from {_when(before)} to {_when(after)}"
    elif before.end != after.end:
        yield f"ends at {after.local(after.end):%H:%M} instead of {before.local(before.end):%H:%M}"
    if before.recurrence != after.recurrence:
        yield "comes again at other times"


def _other_told(before: Record, after: Record) -> str:
    if before.words != after.words:
        return "renamed or reworded"
    moved = before.schedule != after.schedule
    return "place or way to take part" if moved else "nothing that subscribers see"


def _when(record: Record) -> str:
    return f"{record.local(record.start):%Y-%m-%d %H:%M} {record.zone.key}"


def resited(before: Record, after: Record) -> bool:
    """Whether the site has another address, which stands in every event."""
    return before.site not in ("", after.site)
