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
