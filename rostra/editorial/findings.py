"""`rostra check`: every finding at once, for people, for programs and for GitHub."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from enum import StrEnum

from rostra.sitegen.faults import Fault
from rostra.sitegen.messages import say, spoken


class Format(StrEnum):
    """How findings are written."""

    text = "text"
    json = "json"
    github = "github"


class Language(StrEnum):
    """The languages that findings are told in."""

    en = "en"
    zh = "zh"


def language_here() -> Language:
    """The language of the machine's messages: Chinese where `$LC_ALL` … `$LANG` says so."""
    said = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return Language.zh if next(filter(None, said), "").startswith("zh") else Language.en


def as_text(found: Iterable[Fault], language: str) -> str:
    """Write findings as a compiler does, with a line at the end that counts them."""
    faults = list(found)
    told = [fault.told(language) for fault in faults]
    return "\n".join([*told, spoken(counted(faults), language)])


def counted(found: Iterable[Fault]) -> str:
    """Say how many errors and warnings there are."""
    severities = [fault.severity for fault in found]
    errors, warnings = severities.count("error"), severities.count("warning")
    if not severities:
        return say("All entries are in order.")
    return say("Errors: {errors}. Warnings: {warnings}.", errors=errors, warnings=warnings)


def as_json(found: Iterable[Fault], language: str) -> str:
    """Write findings as a JSON list, each with file, line, column, rule, severity and words."""
    told = [
        {key: spoken(value, language) if isinstance(value, str) else value for key, value in row}
        for row in (asdict(fault).items() for fault in found)
    ]
    return json.dumps(told, ensure_ascii=False, indent=2)


def as_github(found: Iterable[Fault], language: str) -> str:
    """Write findings as commands of GitHub's workflows, which mark the lines of a pull request."""
    lines = []
    for fault in found:
        notes = [spoken(note, language) for note in (fault.message, *fault.notes())]
        place = {"file": fault.file, "line": fault.line, "col": fault.column, "title": fault.rule}
        where = ",".join(f"{key}={_property(value)}" for key, value in place.items())
        lines.append(f"::{fault.severity} {where}::{_escaped('; '.join(notes))}")
    return "\n".join(lines)


def _escaped(text: object) -> str:
    return str(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: object) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


WRITE: Mapping[Format, Callable[[Iterable[Fault], str], str]] = {
    Format.text: as_text,
    Format.json: as_json,
    Format.github: as_github,
}
