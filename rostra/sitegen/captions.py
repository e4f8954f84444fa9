"""Captions: the words of a recording as WebVTT, the files `<slug>.<language>.vtt` beside a talk."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rostra.sitegen.messages import say
from rostra.sitegen.reading import UNPRINTABLE, Document

TIME = r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"{TIME}[ \t]+-->[ \t]+{TIME}(?:[ \t]+\S.*)?")
VOICE = re.compile(r"<v(?:\.[^\s<>]{0,200})?[ \t\n]{1,9}([^<>\n]{1,200})>")
TAG = re.compile(r"<[^<>]*>")
ENTITIES = {"&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&lrm;": "", "&rlm;": "", "&amp;": "&"}


@dataclass(frozen=True)
class Cue:
    """What is said from one second of the recording to another, and who says it."""

    start: float
    end: float
    text: str
    voice: str = ""


@dataclass(frozen=True)
class Captions:
    """The words of a recording in a language; `file` lies beside the entry."""

    language: str
    file: str
    cues: tuple[Cue, ...]


def read(document: Document) -> tuple[Cue, ...]:
    """Read WebVTT; what is wrong with it stands in the document's faults.

    By chapters 4 and 6 of WebVTT, as the W3C has it.
    """
    if document.faults:
        return ()  # it is no text
    text = document.text.replace("\r\n", "\n").replace("\r", "\n")
    first = text.split("\n", 1)[0]
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", first):
        message = say("a caption file begins with WEBVTT")
        document.report_at(0, "captions", message, expected="WEBVTT")
        return ()
    if found := UNPRINTABLE.search(text.replace("\n", " ")):
        code = f"U+{ord(found[0]):04X}"
        message = say("the character {code} cannot be shown", code=code)
        document.report_at(found.start(), "captions", message)
        return ()
    return tuple(_cues(document, text, len(first) + 1))


def _cues(document: Document, text: str, position: int) -> Iterator[Cue]:
    before = 0.0
    for block in re.finditer(r"(?:[^\n]+(?:\n|$))+", text[position:]):
        lines = block[0].splitlines()
        start = position + block.start()
        if "-->" not in block[0]:
            continue  # a comment, a style, a region: nothing is said in it
        skipped = 0 if "-->" in lines[0] else len(lines[0]) + 1
        words = lines[2:] if skipped else lines[1:]
        cue = _cue(document, start + skipped, lines[1 if skipped else 0], words)
        if cue is not None and cue.start < before:
            message = say("it begins before the one above it")
            document.report_at(start + skipped, "captions", message)
        elif cue is not None:
            before = cue.start
            yield cue


def _cue(document: Document, position: int, timing: str, words: list[str]) -> Cue | None:
    match = TIMING.fullmatch(timing.rstrip())
    if match is None:
        message = say("'{timing}' says no time", timing=timing.strip())
        expected = "00:01:02.000 --> 00:01:05.500"
        document.report_at(position, "captions", message, expected=expected)
        return None
    start, end = (_seconds(match.groups()[i : i + 4]) for i in (0, 4))
    if end <= start:
        document.report_at(position, "captions", say("it ends before it begins"))
        return None
    said = "\n".join(words)
    voice = VOICE.search(said)
    return Cue(start, end, _plain(said), voice[1].strip() if voice else "")


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return 3600 * hours + 60 * minutes + seconds + thousandths / 1000


def _plain(said: str) -> str:
    text = TAG.sub("", said)
    for entity, character in ENTITIES.items():
        text = text.replace(entity, character)
    return " ".join(text.split())
