"""What becomes of an event, in the organiser's words; `test_release.py` has the edits behind it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from rostra.sitegen.ledger import Record
from rostra.sitegen.revisions import Change, resited

BEFORE = Record.model_construct(
    ref="weekly/trust",
    site="https://lab.example/",
    sequence=0,
    zone=ZoneInfo("Europe/Berlin"),
    start=datetime(2024, 5, 5, 8, tzinfo=UTC),
    end=datetime(2024, 5, 5, 9, tzinfo=UTC),
    status="confirmed",
    schedule="a",
    words="b",
)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ({"status": "cancelled", "words": "c"}, "cancelled"),
        ({"end": datetime(2024, 5, 5, 10, tzinfo=UTC)}, "ends at 12:00 instead of 11:00"),
        ({"recurrence": ("RRULE:FREQ=DAILY",)}, "comes again at other times"),
        ({"schedule": "c"}, "place or way to take part"),
        ({"words": "c"}, "renamed or reworded"),
        ({"calendars": ("talks/all",)}, "nothing that subscribers see"),
        (
            {"ref": "weekly/doubt", "site": "https://new.example/"},
            "its address was weekly/trust; its site was https://lab.example/",
        ),
    ],
)
def test_an_edit_has_its_phrase(edit, told) -> None:
    after = BEFORE.model_copy(update=edit)
    assert str(Change(BEFORE, after, None)) == f"{after.ref}: {told}"


def test_a_new_event_is_told_with_its_time_by_its_own_clock() -> None:
    change = Change(None, BEFORE, None)
    assert change.seen
    assert str(change) == "weekly/trust: new, 2024-05-05 10:00 Europe/Berlin"


@pytest.mark.parametrize(
    ("site", "other"),
    [("", False), ("https://lab.example/", False), ("http://lab.example/", True)],
)
def test_a_site_that_is_not_known_is_no_other(site, other) -> None:
    assert resited(BEFORE.model_copy(update={"site": site}), BEFORE) is other
