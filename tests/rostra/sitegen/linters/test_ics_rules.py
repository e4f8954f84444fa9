import re

import pytest

from rostra.sitegen.linters.ics_rules import RULES, Report


def test_a_report_knows_where_each_rule_stands() -> None:
    report = Report("a.ics")
    report.add(3, "crlf", "no CR")
    assert str(report.findings[0]) == "a.ics:3: no CR [crlf: RFC 5545, 3.1]"
    with pytest.raises(KeyError):
        report.add(3, "whatever", "no rule")


def test_every_rule_names_a_section() -> None:
    for section in RULES.values():
        assert re.match(r"RFC (5545|6868|7986), \d", section)
