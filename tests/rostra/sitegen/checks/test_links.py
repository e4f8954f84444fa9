"""Links that lead somewhere; the gate has those that do not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rostra.sitegen.checks import check

NOW = datetime(2024, 6, 1, tzinfo=UTC)


def found(seminars, text: str) -> list[str]:
    folder: Path = seminars({"weekly/trust.yaml": f"title: x\nstart: 2024-05-05 10:00\n{text}"})
    docs = folder.parent / "docs"
    for name in ("research/attacks.md", "research/index.md", "assets/a plot.png"):
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).touch()
    return [f"{fault.rule}: {fault.suggestion}" for fault in check(folder, NOW)]


@pytest.mark.parametrize(
    "address",
    [
        *("/talks/weekly/trust/", "talks/weekly/trust", "/talks/weekly.ics", "/zh/people/"),
        *("research/attacks/", "/research/attacks/#idea", "research/", "assets/a%20plot.png"),
        *("https://lab.example/talks/", "https://other.example/none", "mailto:x", "#below"),
    ],
)
def test_these_lead_somewhere(seminars, address: str) -> None:
    assert found(seminars, f"abstract: see [this]({address})\n") == []


def test_what_was_meant_is_suggested(seminars) -> None:
    told = found(seminars, "abstract: see [this](/research/atacks/)\n")
    assert told == ["dead-link: did you mean 'research/attacks/'?"]


def test_code_is_no_link(seminars) -> None:
    assert found(seminars, "abstract: write `[this](/nowhere/)`\n") == []


def test_without_the_pages_at_hand_nothing_is_said_of_them(seminars) -> None:
    text = "title: x\nstart: 2024-05-05 10:00\nabstract: '[a](b/) ![](c.png)'\n"
    faults = check(seminars({"weekly/trust.yaml": text}), NOW)
    assert [fault.rule for fault in faults] == ["alt"]


@pytest.mark.parametrize(
    "address",
    [
        *("/people/wang/", "/people/wang.ics", "/topics/trust/", "/topics/trust.current.ics"),
        *("/talks/2024/", "/talks/all.ics", "/talks/weekly.current.ics", "/feed.xml"),
        *("/talks/weekly/feed.xml", "/api/v1/talks.json", "/zh/topics/trust/", "/embed/weekly/"),
    ],
)
def test_what_follows_from_entries_is_somewhere(seminars, address: str) -> None:
    text = f"speakers: [wang]\ntopics: [Trust]\nabstract: see [this]({address})\n"
    assert found(seminars, text) == []


def test_a_draft_is_nowhere(seminars) -> None:
    told = found(seminars, "status: draft\nabstract: see [this](/talks/weekly/trust/)\n")
    assert [one for one in told if one.startswith("dead-link")]
