"""What well-known producers get wrong, planted in ours: the clients must notice each."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rostra.sitegen import calendar_events, calendars, facts, notices, release
from rostra.sitegen.ledger import Record
from rostra.sitegen.notices import Notice, Occasion
from tests.rostra.sitegen.subscribers._replay import live_through

MOST = 120  # histories, of which one must betray the fault
Plant = Callable[[pytest.MonkeyPatch], None]
revised, calendars_of, notice = release.revised, notices.calendars_of, notices.notice
words, schedule, recurrence = facts._words, facts._schedule, release.recurrence


def sequence_stays(patch: pytest.MonkeyPatch) -> None:
    def same(record: Record, now: datetime, **facts: Any) -> Record:
        return revised(record, now, **facts).model_copy(update={"sequence": record.sequence})

    patch.setattr(release, "revised", same)


def sequence_rises_with_the_schedule_alone(patch: pytest.MonkeyPatch) -> None:
    def only(record: Record, now: datetime, **facts: Any) -> Record:
        found = revised(record, now, **facts)
        moved = found.schedule != record.schedule or found.status != record.status
        return found if moved else found.model_copy(update={"sequence": record.sequence})

    patch.setattr(release, "revised", only)


def room_is_no_change(patch: pytest.MonkeyPatch) -> None:
    def without(event: Occasion) -> dict[str, Any]:
        return {**schedule(event), "venue": "", "mode": ""}

    def silent(event: Occasion) -> dict[str, Any]:
        return {key: str(words(event)[key]).replace(str(event.place), "") for key in ("en", "zh")}

    patch.setattr(facts, "_schedule", without)
    patch.setattr(facts, "_words", silent)


def series_forgets_what_has_left_it(patch: pytest.MonkeyPatch) -> None:
    def now(event: Occasion) -> frozenset[str]:
        found = calendars_of(event)
        return frozenset(key for key in found if key.count("/") == 2 or key in _present(event))

    patch.setattr(facts, "calendars_of", now)


def _present(event: Occasion) -> set[str]:
    return {"talks/all", f"talks/{event.series.id}"}


def moved_file_is_a_new_event(patch: pytest.MonkeyPatch) -> None:
    made = release.Comparison.before.func

    def only_own(self: release.Comparison) -> Any:
        return {ref: one for ref, one in made(self).items() if one.ref == ref}

    found = release.cached_property(only_own)
    found.__set_name__(release.Comparison, "before")
    patch.setattr(release.Comparison, "before", found)


def vanished_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(release.Comparison, "vanished", ())


def cancelled_is_confirmed(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(calendar_events.STATUS, "cancelled", "CONFIRMED")


def title_keeps_silent(patch: pytest.MonkeyPatch) -> None:
    def unmarked(event: Occasion, language: str, home: str) -> Notice:
        found = notice(event, language, home)
        return replace(found, summary=found.summary.removeprefix("Cancelled: "))

    patch.setattr(calendars, "notice", unmarked)


def clock_is_utc(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Record, "local", lambda self, moment: moment.replace(tzinfo=self.zone))


def current_ends_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(calendars, "CURRENT", calendars.CURRENT / 2)


def exceptions_are_not_told(patch: pytest.MonkeyPatch) -> None:
    def without(event: Occasion) -> tuple[str, ...]:
        return tuple(line for line in recurrence(event) if not line.startswith("EXDATE"))

    patch.setattr(release, "recurrence", without)


def another_rhythm_is_no_change(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(facts, "_schedule", lambda event: {**schedule(event), "recurrence": ()})


def last_day_ends_as_it_begins(patch: pytest.MonkeyPatch) -> None:
    def with_instant(rule: str, zone: ZoneInfo) -> str:
        return re.sub(r"(UNTIL=\d{8})$", r"\1T000000Z", rule)

    patch.setattr(notices, "with_instant", with_instant)


PLANTS: tuple[Plant, ...] = (
    sequence_stays,
    sequence_rises_with_the_schedule_alone,
    room_is_no_change,
    series_forgets_what_has_left_it,
    moved_file_is_a_new_event,
    vanished_is_forgotten,
    cancelled_is_confirmed,
    title_keeps_silent,
    clock_is_utc,
    current_ends_at_once,
    exceptions_are_not_told,
    another_rhythm_is_no_change,
    last_day_ends_as_it_begins,
)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_the_clients_notice(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        all_live_through(MOST)


def all_live_through(most: int) -> None:
    for seed in range(most):
        live_through(seed)
