"""What is wrong with an entry, said so that its author can mend it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from rostra.sitegen.messages import say, spoken

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Fault:
    """One mistake in one file.

    Lines and columns count from 1 and columns count characters, as editors do.
    """

    file: str
    line: int
    column: int
    rule: str
    message: str
    expected: str = ""
    got: str = ""
    suggestion: str = ""
    source: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        """As a compiler prints it: place and message, the source line with a caret, the advice.

        Examples:
            >>> print(Fault("a.yaml", 3, 1, "unknown-key", "unknown key 'titel'",
            ...             suggestion="did you mean 'title'?", source="titel: On trust"))
            a.yaml:3:1: unknown key 'titel' [unknown-key]
                3 | titel: On trust
                  | ^
                  = did you mean 'title'?
        """
        return self.told("en")

    def told(self, language: str) -> str:
        """As `str`, in a language."""
        message = spoken(self.message, language)
        if self.severity == "warning":
            message = f"{spoken(say('warning'), language)}: {message}"
        lines = [f"{self.file}:{self.line}:{self.column}: {message} [{self.rule}]"]
        if self.source:
            lines += [f"{self.line:>5} | {self.source}", f"      | {self._indent()}^"]
        lines += [f"      = {spoken(note, language)}" for note in self.notes()]
        return "\n".join(lines)

    def notes(self) -> Iterator[str]:
        """What was expected, what came, and what to do, as far as there is anything to say."""
        if self.expected:
            yield say("expected {what}", what=self.expected)
        if self.got:
            yield say("got {what}", what=self.got)
        if self.suggestion:
            yield self.suggestion

    def _indent(self) -> str:
        """Blanks up to the caret; Han characters are two columns wide in a terminal."""
        before = self.source[: self.column - 1]
        return "".join("\t" if c == "\t" else "  " if ord(c) > 0x2E7F else " " for c in before)


class EntryError(ValueError):
    """Entries cannot be used as they stand. Carries every fault that was found, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))


def nearest(word: str, known: Iterable[str]) -> str:
    """Suggest the known word that `word` was probably meant to be, or say nothing.

    Examples:
        >>> nearest("speeker", ["title", "speakers"])
        "did you mean 'speakers'?"
        >>> nearest("zzz", ["title", "speakers"])
        ''
    """
    near = closest(word, known)
    return say("did you mean '{name}'?", name=near) if near else ""


def closest(word: str, known: Iterable[str]) -> str:
    """Find the known word that `word` was probably meant to be; none is near: the empty word."""
    written = {name.lower(): name for name in sorted(known)}
    found = get_close_matches(word.lower(), written, n=1, cutoff=0.55)
    return written[found[0]] if found else ""
