"""Releases: the programme beside the ledger, and what subscribers will see change.

A release writes into the ledger what its calendars say. A build compares as well: an entry that
is not yet released is never published under the SEQUENCE of what was.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from rostra.sitegen import ledger
from rostra.sitegen.facts import Facts, digest_of
from rostra.sitegen.ledger import WITHDRAWN, Record, Records
from rostra.sitegen.notices import Occasion, recurrence
from rostra.sitegen.programme import Programme
from rostra.sitegen.revisions import Change, resited
from rostra.sitegen.site import Site
from rostra.sitegen.talk import ANNOUNCED_BEFORE

NAMESPACE = uuid.UUID("6f1d2b0e-9d3c-5c1a-8f55-3a1de8a7c0b4")
SECOND = timedelta(seconds=1)


class ReleaseError(ValueError):
    """The entries cannot be released as they stand; says what to do."""


@dataclass(frozen=True)
class Comparison:
    """The programme beside the ledger, as of an instant.

    Everything that calendars are made of is in `records`: those of the ledger that still hold,
    and for all that has changed the ones that a release at this instant would write.
    """

    programme: Programme
    released: Records
    now: datetime
    facts: Facts = field(default_factory=Facts)

    @cached_property
    def events(self) -> Mapping[str, Occasion]:
        """All events under `series/slug`."""
        found: tuple[Occasion, ...] = (*self.programme.talks, *self.programme.meetups)
        return {one.ref: one for one in found}

    @cached_property
    def before(self) -> Mapping[str, Record]:
        """What the ledger knows of each event: under its address, or under an earlier one."""
        own = {ref: self.released[ref] for ref in self.events if ref in self.released}
        for ref, event in self.events.items():
            known = [
                one for one in event.formerly if one in self.released and one not in self.events
            ]
            if ref not in own and known:
                own[ref] = self.released[known[0]]
        return own

    @cached_property
    def vanished(self) -> tuple[Record, ...]:
        """What the ledger knows and no entry speaks of any more."""
        known = {record.ref for record in self.before.values()}
        earlier = {old for one in self.events.values() for old in one.formerly}
        known |= earlier - set(self.events)
        return tuple(record for ref, record in self.released.items() if ref not in known)

    @property
    def lost(self) -> list[str]:
        """The addresses of what has vanished and nobody has taken back."""
        return [one.ref for one in self.vanished if not one.withdrawn]

    @cached_property
    def records(self) -> Mapping[str, Record]:
        """What calendars say, each under its address; what has vanished counts as withdrawn."""
        found = {ref: self._record(event) for ref, event in self.events.items()}
        return found | {one.ref: withdrawn(one, self.now) for one in self.vanished}

    def _record(self, event: Occasion) -> Record:
        before = self.before.get(event.ref)
        # What a calendar has once carried it carries on: there is no other way to take it back.
        calendars = self.facts.calendars(event)
        if before and not {*before.calendars}.issubset(calendars):
            calendars = tuple(sorted({*calendars, *before.calendars}))
        # There is nothing to compare before the first release, which finds out what it writes.
        schedule, words = self.facts.digests(event) if before else ("", "")
        facts: dict[str, Any] = {
            "ref": event.ref,
            "site": self.programme.site.home,
            "zone": event.zone,
            "start": event.instant,
            "end": event.end.astimezone(UTC),
            "status": event.status,
            "recurrence": recurrence(event),
            "calendars": calendars,
            "schedule": schedule,
            "words": words,
        }
        if before is None:
            return self._first(event, facts)
        if all(facts[name] == getattr(before, name) for name in facts):
            return before
        after = before.model_copy(update=facts)
        # RFC 5546, 2.1.4 asks for a higher SEQUENCE where times or STATUS change and leaves the
        # rest to the organiser. Some clients take a revision only if its SEQUENCE is higher, so
        # it rises with everything that subscribers can see.
        same = (after.schedule, after.words) == (before.schedule, before.words)
        seen = not same or resited(before, after)
        return revised(before, self.now, **facts) if seen else after

    def _first(self, event: Occasion, facts: dict[str, Any]) -> Record:
        names = [one for one in event.formerly if one not in self.events] + [event.ref]
        uid = next(one for one in map(self._uid, names) if one not in self._taken)
        now = _whole(self.now)
        return Record.model_construct(uid=uid, sequence=0, created=now, last_modified=now, **facts)

    @cached_property
    def _taken(self) -> frozenset[str]:
        return frozenset(record.uid for record in self.released.values())

    def _uid(self, ref: str) -> str:
        return str(identifier(self.programme.site, ref))

    def stamp(self, ref: str) -> datetime:
        """When an event was last revised; before its first release only the entry can say that."""
        event = self.events.get(ref)
        if event is None or ref in self.before:
            return self.records[ref].last_modified
        # Not of a day to come: released today it would be older than it was before.
        return min(_usually(event), _whole(self.now).replace(hour=0, minute=0, second=0))

    def origin(self, event: Occasion) -> str:
        """The address that its identifiers are made of, which outlive a renamed file.

        What is learnt later of still earlier addresses changes none of them.
        """
        uid = self.records[event.ref].uid
        return next((one for one in event.formerly if self._uid(one) == uid), event.ref)

    def announced(self, event: Occasion) -> datetime:
        """When it was first made known: most of an archive is older than its ledger."""
        before = self.before.get(event.ref)
        return min(before.created, _usually(event)) if before else self.stamp(event.ref)

    def dates(self, event: Occasion) -> tuple[datetime, datetime]:
        """When an event was announced and last revised, as far as one can know by now."""
        return min(self.announced(event), self.now), min(self.stamp(event.ref), self.now)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What a release would write, in the order of addresses."""
        earlier = {**{one.ref: one for one in self.vanished}, **self.before}
        return tuple(
            Change(earlier.get(ref), self._complete(record), self.events.get(ref))
            for ref, record in sorted(self.records.items())
            if record is not earlier.get(ref)
        )

    def _complete(self, record: Record) -> Record:
        if record.schedule:
            return record
        schedule, words = self.facts.digests(self.events[record.ref])
        return record.model_copy(update={"schedule": schedule, "words": words})

    @property
    def unreleased(self) -> int:
        """How many events differ from the ledger, where there is one."""
        return len(self.changes) if self.released else 0


def _usually(event: Occasion) -> datetime:
    """When an event is announced, as a rule."""
    return event.instant - ANNOUNCED_BEFORE


def identifier(site: Site, *names: str) -> uuid.UUID:
    """Make an identifier that stays when the title, time or address of the thing changes."""
    return uuid.uuid5(NAMESPACE, "/".join((site.id, *names)))


def compare(programme: Programme, now: datetime, facts: Facts | None = None) -> Comparison:
    """Compare the programme with the ledger in its folder; `facts` may be known already.

    Raises:
        EntryError: if the ledger is damaged.
    """
    return Comparison(programme, ledger.read(programme.folder), now, facts or Facts())


def release(comparison: Comparison) -> tuple[Change, ...]:
    """Write what has changed into the ledger; a second time nothing is left to write.

    Raises:
        ReleaseError: if an event has vanished that nobody has taken back; nothing is written.
    """
    refuse_lost(comparison)
    folder = comparison.programme.folder
    for ref, record in kept(comparison.changes):
        ledger.write(folder, record) if record else ledger.remove(folder, ref)
    return comparison.changes


def kept(changes: Iterable[Change]) -> Iterator[tuple[str, Record | None]]:
    """What the ledger is to keep under each ref, in this order; None: nothing any more."""
    for change in changes:
        yield change.after.ref, change.after
        if change.before is not None and change.before.ref != change.after.ref:
            yield change.before.ref, None


def refuse_lost(comparison: Comparison) -> None:
    """Refuse a release that would let an event vanish.

    Raises:
        ReleaseError: with what to do about each.
    """
    drafts = {one.ref for one in comparison.programme.drafts}
    if comparison.lost:
        raise ReleaseError("\n".join(_lost(ref, ref in drafts) for ref in comparison.lost))


def _lost(ref: str, draft: bool) -> str:
    what = "is a draft again" if draft else "is gone"
    return (
        f"{ref} was released and {what}: its subscribers would never hear of it.\n"
        f"  Keep seminars/{ref}.yaml with `status: cancelled`;\n"
        f"  or, if its file was moved, add `formerly: [{ref}]` to the new one;\n"
        f"  or take it back for good: rostra release --withdraw {ref}"
    )


def withdraw(comparison: Comparison, ref: str) -> Change:
    """Write a tombstone: calendars go on carrying the event, cancelled and without its words.

    Raises:
        ReleaseError: if the event was never released, or its entry is still there.
    """
    record = comparison.released.get(ref)
    if record is None:
        gone = ", ".join(comparison.lost) or "nothing"
        raise ReleaseError(f"the ledger knows no {ref}; what is gone: {gone}")
    if ref in comparison.events:
        hint = "remove it, or write `status: cancelled`"
        raise ReleaseError(f"seminars/{ref}.yaml is still there: {hint}")
    after = withdrawn(record, comparison.now)
    ledger.write(comparison.programme.folder, after)
    return Change(record, after, None)


def withdrawn(record: Record, now: datetime) -> Record:
    """What is left of a record whose entry is gone; one that is withdrawn stays as it is."""
    if record.withdrawn:
        return record
    return revised(record, now, status=WITHDRAWN, words=digest_of({}))


def revised(record: Record, now: datetime, **facts: Any) -> Record:
    """The next revision: SEQUENCE and LAST-MODIFIED rise, whatever clock the machine has."""
    stamp = max(_whole(now), record.last_modified + SECOND)
    update = {"sequence": record.sequence + 1, "last_modified": stamp}
    return record.model_copy(update={**facts, **update})


def _whole(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(microsecond=0)
