"""A talk that subscribers know is never dropped in silence."""

from datetime import UTC, datetime

import pytest

from rostra.sitegen.checks import check
from tests.rostra.sitegen.checks._other_mutators import record

NOW = datetime(2024, 6, 1, tzinfo=UTC)
TALK = "title: x\nstart: 2024-05-05 10:00\n"


def rules(seminars, files: dict[str, str]) -> list[str]:
    ledger = {".ledger/weekly/gone.json": record("weekly/gone")}
    return [one.rule for one in check(seminars(files | ledger), NOW) if one.rule == "vanished"]


@pytest.mark.parametrize(
    "files",
    [
        {"weekly/gone.yaml": TALK + "status: cancelled\n"},
        {"weekly/gone.yaml": "title: ["},  # it is wrong, but it is there
        {"weekly/gone.yaml": TALK + "repeat: FREQ=WEEKLY\n"},
        {"weekly/new.yaml": TALK + "formerly: [weekly/gone]\n"},
    ],
)
def test_these_have_not_vanished(seminars, files: dict[str, str]) -> None:
    assert rules(seminars, files) == []


def test_a_tombstone_is_enough(seminars) -> None:
    withdrawn = record("weekly/gone").replace("confirmed", "withdrawn")
    assert check(seminars({".ledger/weekly/gone.json": withdrawn}), NOW) == []


def test_a_draft_again_has_vanished_too(seminars) -> None:
    """Nobody reads a draft: its subscribers would see it cancelled, and not why."""
    files = {"weekly/gone.yaml": TALK + "status: draft\n"}
    ledger = {".ledger/weekly/gone.json": record("weekly/gone")}
    (fault,) = [one for one in check(seminars(files | ledger), NOW) if one.rule == "vanished"]
    assert (fault.file, fault.line) == ("seminars/weekly/gone.yaml", 3)
    assert "draft again" in fault.message


def test_a_draft_that_was_never_released_has_not(seminars) -> None:
    files = {"weekly/gone.yaml": TALK, "weekly/new.yaml": TALK + "status: draft\n"}
    assert rules(seminars, files) == []
