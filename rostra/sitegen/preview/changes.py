"""What subscribers will see change since the last release, field by field.

The ledger knows when and whether an event takes place as subscribers were told; of its words it
keeps only a fingerprint. Where an earlier reading of the entry is at hand (`rostra preview
--since REF`), the words of that are set beside those of now.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rostra.sitegen.ledger import Record
from rostra.sitegen.notices import Notice, Occasion, notice
from rostra.sitegen.release import Comparison
from rostra.sitegen.revisions import Change, resited
from rostra.sitegen.spoken import spoken_date

AGAIN = ("cancelled", "withdrawn", "postponed")
BECAME = ("cancelled", "postponed", "withdrawn")


@dataclass(frozen=True)
class Row:
    """A field as it was and as it is; of a long one, the paragraphs that differ."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Effect:
    """What becomes of an event: the kinds of it, SEQUENCE before and after, and each field.

    `kinds` are the words that a reader would use: `new`, `moved`, `renamed`, `cancelled`,
    `nothing`. `guess` says that the words have changed and nobody knows which.
    """

    kinds: tuple[str, ...]
    sequence: tuple[int | None, int | None]
    rows: tuple[Row, ...]
    guess: bool = False


NOTHING = Effect(("nothing",), (None, None), ())


def effect(
    comparison: Comparison, ref: str, language: str, earlier: Occasion | None = None
) -> Effect:
    """Say what a release now would change for the subscribers of an event.

    Args:
        comparison: the programme beside the ledger.
        ref: the event.
        language: of the fields.
        earlier: the event as it was read from an earlier state of the entries.
    """
    found = [one for one in comparison.changes if one.after.ref == ref]
    if not found:
        record = comparison.records.get(ref)
        sequence = record.sequence if record else None
        return Effect(NOTHING.kinds, (sequence, sequence), ())
    change = found[0]
    before = change.before
    words = tuple(_words(change.event, earlier, language))
    known = earlier is not None or before is None or before.words == change.after.words
    rows = (*_facts(before, change.after, language), *words)
    kinds = (*_kinds(change), *_rewritten(change, earlier, words)) or ("nothing",)
    number = before.sequence if before else None
    return Effect(kinds, (number, change.after.sequence), rows, guess=not known)


def _kinds(change: Change) -> Iterator[str]:
    """What the ledger knows to have changed; none where it is but the words."""
    before, after = change.before, change.after
    if before is None:
        yield "new"
    elif change.seen:
        facts = [*_became(before, after), *_time(before, after)]
        yield from facts
        if before.ref != after.ref:
            yield "readdressed"
        if resited(before, after):
            yield "resited"
        if before.schedule != after.schedule and not facts:
            yield "relocated"


def _rewritten(change: Change, earlier: Occasion | None, words: tuple[Row, ...]) -> Iterator[str]:
    """Whether it is called or described otherwise, as far as anybody knows.

    What becomes of a talk stands before its title and moves its words as well; where no earlier
    reading is at hand, that alone explains why the fingerprint has changed.
    """
    before, event = change.before, change.event
    if before is None or event is None or before.words == change.after.words:
        return
    if earlier is None:
        if not [*_kinds(change)]:
            yield "reworded"
    elif earlier.title != event.title:
        yield "renamed"
    elif {row.field for row in words} - ({"title"} if earlier.status != event.status else set()):
        yield "reworded"


def _became(before: Record, after: Record) -> Iterator[str]:
    if before.status == after.status or after.status == "moved":
        return
    if after.status in BECAME:
        yield after.status
    else:
        yield "revived" if before.status in AGAIN else after.status


def _time(before: Record, after: Record) -> Iterator[str]:
    if before.start != after.start:
        yield "moved"
    elif before.recurrence != after.recurrence:
        yield "repeated"
    elif before.end != after.end:
        yield "resized"
    elif before.zone.key != after.zone.key:
        yield "rezoned"


def _facts(before: Record | None, after: Record, language: str) -> Iterator[Row]:
    """The fields that the ledger keeps; of a new event only the start says anything."""
    new = _said(after, after.site, language)
    if before is None:
        yield Row("start", "", new["start"])
        return
    old = _said(before, before.site or after.site, language)
    yield from (Row(key, old[key], new[key]) for key in new if old[key] != new[key])


def _said(record: Record, site: str, language: str) -> Mapping[str, str]:
    start, end = record.local(record.start), record.local(record.end)
    return {
        "start": spoken_date(start, language),
        "end": f"{end:%H:%M}" if start.date() == end.date() else spoken_date(end, language),
        "zone": record.zone.key,
        "status": record.status,
        "repeats": "\n".join(record.recurrence),
        "address": f"{site}talks/{record.ref}/",
    }


def _words(event: Occasion | None, earlier: Occasion | None, language: str) -> Iterator[Row]:
    if event is None or earlier is None:
        return
    new, old = (_texts(notice(one, language)) for one in (event, earlier))
    for key in new:
        if old[key] != new[key]:
            yield Row(key, _apart(old[key], new[key]), _apart(new[key], old[key]))


def _apart(text: str, other: str) -> str:
    """The paragraphs of a text that the other lacks; all, where only their order differs."""
    there = other.split("\n\n")
    return "\n\n".join(part for part in text.split("\n\n") if part not in there) or (
        text if sorted(text.split("\n\n")) == sorted(there) else ""
    )


def _texts(said: Notice) -> Mapping[str, str]:
    return {
        "title": said.summary,
        "place": said.location,
        "words": "\n\n".join(said.description),
        "topics": ", ".join(said.topics),
        "ways": "\n".join(f"{way.label}: {way.address}" for way in said.ways),
        "people": "\n".join(f"{part.name} ({part.role.lower()})" for part in said.parts),
    }
