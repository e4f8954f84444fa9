"""Announcements of our own with what they say, and how many of their fields are read right."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from rostra.sitegen import checks, folder
from rostra.sitegen.importing import write
from rostra.sitegen.pasted.announcement import read
from rostra.sitegen.pasted.entry import Drafted, drafted, topic_names
from rostra.sitegen.programme import load

MAILS = sorted((Path(__file__).parent / "mails").glob("*.txt"))
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OPEN = "open"


@dataclass(frozen=True)
class Mail:
    """An announcement, and what is right."""

    name: str
    text: str
    right: dict[str, Any]


def mails() -> Iterator[Mail]:
    for path in MAILS:
        text, _, right = path.read_text(encoding="utf-8").partition("\n=====\n")
        yield Mail(path.stem, text, yaml.load(right, yaml.BaseLoader))


def written(seminars: Path, text: str) -> Drafted:
    """Write the entry of an announcement into a folder."""
    contents = folder.read(seminars, NOW)
    series = contents.series["weekly"]
    pasted = read(text, series.zone, NOW.date(), topic_names(contents))
    made = drafted(contents, "weekly", "", pasted, now=NOW)
    write(seminars, made.files)
    return made


def errors(seminars: Path) -> list[str]:
    found = checks.findings(folder.read(seminars, NOW))
    return [str(one) for one in found if one.severity == "error"]


def fields(seminars: Path, made: Drafted) -> dict[str, Any]:
    """What the entry says, as its readers will have it; what is marked as suggested is open."""
    talk = load(seminars, NOW).find(made.path.removesuffix(".yaml"))
    lines = made.files[made.path].split("\n")
    start = next(line for line in lines if line.startswith("start:"))
    day_open = "suggested" in start or "the date is open" in start
    return {
        "title": _text(talk.title),
        "speakers": [str(_text(one.name)) for one in talk.speakers],
        "keys": [one.id for one in talk.speakers],
        "affiliations": [str(_text(one.affiliation or "")) for one in talk.speakers],
        "chairs": [str(_text(one.name)) for one in talk.chairs],
        "day": OPEN if day_open else f"{talk.start:%Y-%m-%d}",
        "hour": OPEN if day_open or "no hour" in start else f"{talk.start:%H:%M}",
        "zone": talk.zone.key,
        "duration": str(int(talk.length.total_seconds() // 60)),
        "place": _text(talk.venue or ""),
        "format": talk.mode,
        "join": str(made.secret is not None).lower(),
        "abstract": _text(talk.abstract or ""),
        "bio": _text(talk.bio or ""),
        "language": talk.language,
        "topics": [name for one in talk.topics for name in _names(one)],
        "links": {key: url for key, url in dict(talk.links).items() if url},
    }


def _text(text: Any) -> Any:
    return text if isinstance(text, str) else {"en": text.en, "zh": text.zh}


def _names(topic: Any) -> list[str]:
    return [topic] if isinstance(topic, str) else [topic.en, topic.zh]


def agrees(key: str, right: Any, found: Any) -> bool:
    """Whether a field is right: of a long text its beginning, of topics that they are there."""
    if key in ("abstract", "bio"):
        both = right if isinstance(right, dict) else {"": right}
        have = found if isinstance(found, dict) else {"": found}
        return all(str(have.get(one, "")).startswith(text) for one, text in both.items())
    return set(right) <= set(found) if key == "topics" else bool(right == found)
