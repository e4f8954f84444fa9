"""The gate: nine fields in ten of our announcements are right; no date is silently wrong."""

import sys
from collections import Counter

import pytest

from rostra.sitegen.pasted import moments
from tests.rostra.sitegen.conftest import TALK
from tests.rostra.sitegen.pasted._reading import OPEN, agrees, errors, fields, mails, written

MAILS = list(mails())
SHARE = 0.9
TOPICS = """\
topics: [{en: federated learning, zh: 联邦学习}, poisoning, fairness]
"""


@pytest.fixture
def entries(seminars):
    return seminars({"weekly/trust.yaml": TALK + TOPICS})


def test_there_are_enough_of_them() -> None:
    assert len(MAILS) >= 30
    assert sum(any("\u4e00" <= letter <= "\u9fff" for letter in one.text) for one in MAILS) >= 8
    assert sum(one.right.get("day") == OPEN for one in MAILS) >= 3


@pytest.mark.parametrize("mail", MAILS, ids=lambda one: one.name)
def test_a_draft_passes_the_check_and_tells_no_secret(entries, mail) -> None:
    made = written(entries, mail.text)
    assert errors(entries) == []
    for text in made.files.values():
        assert "zoom.us" not in text
        assert "meetup-join" not in text
        assert "meeting.tencent.com" not in text


@pytest.mark.parametrize("mail", MAILS, ids=lambda one: one.name)
def test_no_date_is_silently_wrong(entries, mail) -> None:
    found = fields(entries, written(entries, mail.text))
    for key in ("day", "hour"):
        right = mail.right.get(key, mail.right.get("day"))
        assert found[key] in (mail.right.get(key, found[key]), OPEN), right
    if found["hour"] != OPEN:
        assert found["zone"] == mail.right.get("zone", "Europe/Berlin")


def test_nine_fields_in_ten_are_right(seminars, tmp_path, capsys) -> None:
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong = []
    for number, mail in enumerate(MAILS):
        folder = seminars({"weekly/trust.yaml": TALK + TOPICS}).rename(tmp_path / f"site{number}")
        found = fields(folder, written(folder, mail.text))
        for key, value in mail.right.items():
            seen[key] += 1
            right[key] += agrees(key, value, found[key])
            if not agrees(key, value, found[key]):
                wrong.append(f"{mail.name}: {key}: {found[key]!r}, not {value!r}")
    share = right.total() / seen.total()
    with capsys.disabled():
        told = f"{right.total()} of {seen.total()} fields of {len(MAILS)} announcements"
        sys.stdout.write("\n".join([f"\n{told}: {share:.3f}", *wrong, ""]))
    assert share >= SHARE
    assert min(right[key] / seen[key] for key in ("title", "speakers", "day", "hour")) >= SHARE


def test_the_gate_can_fail(entries, monkeypatch) -> None:
    """A reader that takes the day before for the month is seen by the same comparison."""
    monkeypatch.setattr(moments, "days", lambda text, today: iter(()))
    mail = next(one for one in MAILS if one.name == "plain-labels")
    assert fields(entries, written(entries, mail.text))["day"] == OPEN
