"""What is under embargo is in no public file and read by nobody before its time."""

from datetime import UTC, datetime

import pytest

from rostra.sitegen.faults import EntryError
from rostra.sitegen.folder import read
from rostra.sitegen.programme import load

TALK = """\
title: !secret the-title
start: 2024-05-05 10:00
embargo: 2024-05-02 10:00
speakers: [wang]
abstract: {en: !secret the-abstract, zh: !secret das}
"""
SECRETS = "the-title: {en: On proof, zh: 论证明}\nthe-abstract: All is proven.\ndas: 一切皆证。\n"
BEFORE = datetime(2024, 5, 2, 7, 59, tzinfo=UTC)  # Berlin is two hours ahead
AFTER = datetime(2024, 5, 2, 8, 0, tzinfo=UTC)


def talk_at(seminars, now: datetime, secrets: str | None = SECRETS, talk: str = TALK):
    folder = seminars({"weekly/trust.yaml": talk, "secrets.yaml": secrets})
    return load(folder, now).talks[0]


def test_before_its_time_it_is_to_be_announced(seminars) -> None:
    talk = talk_at(seminars, BEFORE)
    assert talk.withheld == {"title", "abstract"}
    assert (talk.title.en, talk.abstract) == ("Title to be announced", None)


def test_from_its_time_on_it_is_read(seminars) -> None:
    talk = talk_at(seminars, AFTER)
    assert talk.withheld == frozenset()
    assert (talk.title.zh, talk.abstract.en, talk.abstract.zh) == (
        "论证明",
        "All is proven.",
        "一切皆证。",
    )


def test_then_the_author_is_asked_to_write_it_down(seminars) -> None:
    folder = seminars({"weekly/trust.yaml": TALK, "secrets.yaml": SECRETS})
    assert read(folder, BEFORE).faults == []
    found = [(one.rule, one.severity, one.line) for one in read(folder, AFTER).faults]
    assert found == [("embargo-over", "warning", 1), ("embargo-over", "warning", 5)]


def test_where_nobody_knows_the_text_it_stays_to_be_announced(seminars) -> None:
    talk = talk_at(seminars, AFTER, "the-title: On proof\n")
    assert (talk.title, talk.abstract, talk.withheld) == ("On proof", None, {"abstract"})


def test_the_environment_knows_it_as_well(seminars, monkeypatch) -> None:
    monkeypatch.setenv("ROSTRA_SECRET_THE_TITLE", "Proofs")
    assert talk_at(seminars, AFTER, None).title == "Proofs"


def test_its_time_is_that_of_the_entry(seminars) -> None:
    tokyo = TALK + "zone: Asia/Tokyo\n"
    assert talk_at(seminars, datetime(2024, 5, 2, 0, 59, tzinfo=UTC), talk=tokyo).withheld
    assert not talk_at(seminars, datetime(2024, 5, 2, 1, 0, tzinfo=UTC), talk=tokyo).withheld


def test_what_comes_out_is_read_as_strictly_as_the_entry(seminars) -> None:
    secrets = "the-title: 'at $\\los$'\nthe-abstract: write to ann@uni.example\ndas: 一\n"
    with pytest.raises(EntryError) as caught:
        talk_at(seminars, AFTER, secrets)
    assert sorted({fault.rule for fault in caught.value.faults}) == ["formula", "private"]
