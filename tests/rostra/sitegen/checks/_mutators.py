"""One mistake at a time, made in a talk that is in order: what the checker must find, and where.

A mutator is given a sample and answers with the files that it changes; `⟦` stands where the finding
must be reported, and is not part of the text. Its name is `rule: what is done`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

Files = dict[str, str]
TALK = "weekly/sample.yaml"


@dataclass(frozen=True)
class Sample:
    """A talk that is in order: its text, with the people that it names."""

    text: str
    people: str

    @property
    def start(self) -> datetime:
        return datetime.strptime(
            re.search(r"^start: (.{16})", self.text, re.M)[1], "%Y-%m-%d %H:%M"
        )

    def without(self, *keys: str) -> str:
        """The text without some of its top keys."""
        kept, dropped = [], False
        for line in self.text.splitlines(keepends=True):
            if re.match(r"[a-z#]", line):
                dropped = line.split(":")[0] in keys
            kept += [] if dropped else [line]
        return "".join(kept)


Mutator = Callable[[Sample], Files]
MUTATORS: dict[str, Mutator] = {}
# What is no mistake though it looks like one; no mark stands in it.
LEGITIMATE: dict[str, Mutator] = {}
# When the check is made, from the start of the talk: by default two days after it.
CLOCKS: dict[str, timedelta] = {}


def known(rule: str, what: str, mutator: Mutator) -> None:
    name = f"{rule}: {what}"
    assert name not in MUTATORS, name
    MUTATORS[name] = mutator


def legitimate(what: str, mutator: Mutator, when: timedelta | None = None) -> None:
    """What must stay without a finding."""
    assert what not in LEGITIMATE, what
    LEGITIMATE[what] = mutator
    CLOCKS.update({what: when} if when else {})


def put(rule: str, key: str, value: str, *, more: str = "", what: str = "") -> None:
    """A value that a key of the talk cannot have."""
    others = (key, *re.findall(r"^(\w+):", more, re.M))
    known(
        rule,
        what or f"{key}: {value}".replace("\n", " "),
        lambda one: {TALK: one.without(*others) + more + f"{key}: {value}\n"},
    )


def add(rule: str, lines: str, what: str = "") -> None:
    """Lines at the end of the talk."""
    known(rule, what or lines.strip(), lambda one: {TALK: one.text + lines})


def beside(rule: str, file: str, text: str, what: str = "") -> None:
    """Another file, or more lines of one that all share."""
    known(rule, what or f"{file} {text}".replace("\n", " "), lambda one: {file: text})


def timed(rule: str, what: str, when: timedelta, mutator: Mutator) -> None:
    known(rule, what, mutator)
    CLOCKS[f"{rule}: {what}"] = when


def expectation(files: Mapping[str, str]) -> Iterator[tuple[str, int, int]]:
    """The marks of files: name, line and column."""
    for name, text in files.items():
        at = text.find("⟦")
        if at >= 0:
            line = text.count("\n", 0, at) + 1
            yield name, line, at - (text.rfind("\n", 0, at) + 1) + 1
