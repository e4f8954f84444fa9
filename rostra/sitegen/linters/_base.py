"""What every linter here answers with."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One place where a file breaks a rule, and where the rule stands.

    Examples:
        >>> print(Finding("a.ics", 3, "utc", "DTSTAMP is not in UTC", "RFC 5545, 3.8.7.2"))
        a.ics:3: DTSTAMP is not in UTC [utc: RFC 5545, 3.8.7.2]
    """

    file: str
    line: int
    rule: str
    message: str
    section: str

    def __str__(self) -> str:
        """As a compiler prints it."""
        return f"{self.file}:{self.line}: {self.message} [{self.rule}: {self.section}]"
