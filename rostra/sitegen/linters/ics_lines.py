"""Octets to content lines (RFC 5545, 3.1): what is wrong with the notation is found here."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from rostra.sitegen.linters.ics_rules import Report

LONGEST = 75  # octets, without the line's end
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
NAME = re.compile(r"[A-Za-z0-9-]+")
# One parameter: its name, and values in quotes or without what only quotes may hold.
VALUE = r'(?:"[^"]*"|[^",;:]*)'
PARAMETER = re.compile(rf";([A-Za-z0-9-]+)=({VALUE}(?:,{VALUE})*)")
CARET = re.compile(r"\^(?![n^'])")


@dataclass(frozen=True)
class Property:
    """One content line: a name, parameters as they are written, and a value."""

    name: str
    given: Mapping[str, str]
    value: str
    line: int

    @property
    def tzid(self) -> str:
        """The zone that it names; none: the empty word."""
        return self.given.get("TZID", "").strip('"')


def content_lines(content: bytes, report: Report) -> Iterator[Property]:
    """Read the octets of a calendar, line by line.

    Yields:
        Every line that is one, its folds taken out; what is none stands in the report.
    """
    for number, folded in _logical(content, report):
        text = _decoded(folded, number, report)
        if CONTROL.search(text):
            report.add(number, "control", "a control character stands in the text")
        if (found := _property(text, number, report)) is not None:
            yield found


def _logical(content: bytes, report: Report) -> Iterator[tuple[int, list[bytes]]]:
    """The physical lines of each content line, with the number of the first."""
    start, folded = 1, list[bytes]()
    for number, line in enumerate(_physical(content, report), 1):
        if len(line) > LONGEST:
            report.add(number, "fold-length", f"{len(line)} octets in a line, {LONGEST} at most")
        if line[:1] in (b" ", b"\t") and folded:
            folded.append(line[1:])
            continue
        if folded:
            yield start, folded
        start, folded = number, [line]
    if folded:
        yield start, folded


def _physical(content: bytes, report: Report) -> list[bytes]:
    lines = re.split(rb"\r\n|\r|\n", content)
    ends = re.findall(rb"\r\n|\r|\n", content)
    for number, end in enumerate(ends, 1):
        if end != b"\r\n":
            report.add(number, "crlf", "the line does not end with CR and LF")
    last = lines.pop()
    if last:
        report.add(len(lines) + 1, "crlf", "the last line has no end")
    return [*lines, last] if last else lines


def _decoded(folded: list[bytes], number: int, report: Report) -> str:
    for offset, (before, after) in enumerate(pairwise(folded)):
        if after[:1] and after[0] & 0xC0 == 0x80:
            report.add(number + offset + 1, "fold-character", "a fold cuts a character of UTF-8")
        backslashes = len(before) - len(before.rstrip(b"\\"))
        if backslashes % 2:
            report.add(number + offset + 1, "fold-escape", "a fold cuts an escape")
    whole = b"".join(folded)
    try:
        return whole.decode("utf-8")
    except UnicodeDecodeError:
        report.add(number, "utf-8", "the line is not UTF-8")
        return whole.decode("utf-8", "replace")


def _property(text: str, number: int, report: Report) -> Property | None:
    name = NAME.match(text)
    if name is None:
        report.add(number, "line", "no name stands at the start of the line")
        return None
    given: dict[str, str] = {}
    position = name.end()
    while found := PARAMETER.match(text, position):
        _note(given, found, number, report)
        position = found.end()
    if text[position : position + 1] != ":":
        rule = "parameter" if text[position : position + 1] else "line"
        report.add(number, rule, f"no value can be read after {text[:position]!r}")
        return None
    return Property(name[0].upper(), given, text[position + 1 :], number)


def _note(given: dict[str, str], found: re.Match[str], number: int, report: Report) -> None:
    key, value = found[1].upper(), found[2]
    if key in given:
        report.add(number, "parameter-twice", f"the parameter {key} stands twice")
    if not value.strip('",'):
        report.add(number, "parameter", f"the parameter {key} has no value")
    if CARET.search(value):
        report.add(number, "caret", f"^ in {key} is followed by neither n, ^ nor '")
    given[key] = value
