"""The rules for calendars, each with the section that it is taken from, and their report."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rostra.sitegen.linters._base import Finding

RULES: Mapping[str, str] = {
    # octets and lines
    "utf-8": "RFC 5545, 3.1.4",
    "crlf": "RFC 5545, 3.1",
    "fold-length": "RFC 5545, 3.1",
    "fold-character": "RFC 5545, 3.1",
    "fold-escape": "RFC 5545, 3.1 and 3.3.11",
    "control": "RFC 5545, 3.1",
    "line": "RFC 5545, 3.1",
    "parameter": "RFC 5545, 3.2",
    "parameter-twice": "RFC 5545, 3.2",
    "caret": "RFC 6868, 3",
    # components
    "nesting": "RFC 5545, 3.4 and 3.6",
    "empty": "RFC 5545, 3.6",
    "missing": "RFC 5545, 3.6 and 3.7",
    "once": "RFC 5545, 3.6 and 3.7",
    "misplaced": "RFC 5545, 3.6 and 3.7",
    "method": "RFC 5545, 3.7.2",
    "version": "RFC 5545, 3.7.4",
    # values
    "value-type": "RFC 5545, 3.2.20; RFC 7986, 5",
    "text": "RFC 5545, 3.3.11",
    "date": "RFC 5545, 3.3.4",
    "date-time": "RFC 5545, 3.3.5",
    "duration": "RFC 5545, 3.3.6",
    "integer": "RFC 5545, 3.3.8",
    "uri": "RFC 5545, 3.3.13",
    "utc-offset": "RFC 5545, 3.3.14",
    "choice": "RFC 5545, 3.8; RFC 7986, 6",
    "utc": "RFC 5545, 3.8.7",
    "tzid-on-utc": "RFC 5545, 3.2.19",
    "floating": "RFC 5545, 3.3.5",
    "parameter-missing": "RFC 7986, 5.7 and 5.11; RFC 9073, 6; RFC 9253, 8.2",
    # events
    "end-twice": "RFC 5545, 3.6.1",
    "end-type": "RFC 5545, 3.8.2.2",
    "end-order": "RFC 5545, 3.8.2.2",
    "uid-twice": "RFC 5545, 3.8.4.7",
    "recurrence-type": "RFC 5545, 3.8.4.4 and 3.8.5.1",
    "rrule": "RFC 5545, 3.3.10",
    "until": "RFC 5545, 3.3.10",
    "rrule-start": "RFC 5545, 3.8.5.3",
    # zones
    "zone-missing": "RFC 5545, 3.2.19",
    "zone-unused": "RFC 5545, 3.6.5",
    "zone-twice": "RFC 5545, 3.6.5",
    "zone-empty": "RFC 5545, 3.6.5",
    "zone-start": "RFC 5545, 3.6.5",
    "zone-cover": "RFC 5545, 3.6.5",
    "zone-offset": "RFC 5545, 3.6.5",
}


@dataclass
class Report:
    """What is wrong with one file so far."""

    file: str
    findings: list[Finding] = field(default_factory=list)

    def add(self, line: int, rule: str, message: str) -> None:
        """Note that a line breaks a rule."""
        self.findings.append(Finding(self.file, line, rule, message, RULES[rule]))
