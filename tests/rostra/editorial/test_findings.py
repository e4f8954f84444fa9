"""Findings for people, for programs and for pull requests."""

import json

import pytest

from rostra.editorial.findings import as_github, as_json, as_text, language_here
from rostra.sitegen.faults import Fault
from rostra.sitegen.messages import say

FAULTS = [
    Fault("a.yaml", 3, 7, "zone", say("'{value}' is no time zone", value="CET"), "UTC", "", ""),
    Fault("b,1.yaml", 1, 1, "date", "100 %\nwrong", source="x", severity="warning"),
]


def test_text_ends_with_a_count_in_its_language() -> None:
    assert as_text(FAULTS, "en").splitlines() == [
        "a.yaml:3:7: 'CET' is no time zone [zone]",
        "      = expected UTC",
        "b,1.yaml:1:1: warning: 100 %",
        "wrong [date]",
        "    1 | x",
        "      | ^",
        "Errors: 1. Warnings: 1.",
    ]
    assert as_text(FAULTS[:1], "zh").splitlines() == [
        "a.yaml:3:7: “CET” 不是时区 [zone]",
        "      = 应为 UTC",
        "错误 1 个，警告 0 个。",
    ]
    assert as_text([], "zh") == "所有条目都没有问题。"


def test_json_has_every_part_of_a_finding() -> None:
    first, second = json.loads(as_json(FAULTS, "zh"))
    assert (first["file"], first["line"], first["column"], first["rule"]) == (
        "a.yaml",
        3,
        7,
        "zone",
    )
    assert (first["message"], first["severity"]) == ("“CET” 不是时区", "error")
    assert second["severity"] == "warning"
    assert json.loads(as_json([], "en")) == []


def test_github_gets_one_escaped_command_a_line() -> None:
    assert as_github(FAULTS, "en").splitlines() == [
        "::error file=a.yaml,line=3,col=7,title=zone::'CET' is no time zone; expected UTC",
        "::warning file=b%2C1.yaml,line=1,col=1,title=date::100 %25%0Awrong",
    ]


@pytest.mark.parametrize(
    ("settings", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({}, "en"),
    ],
)
def test_the_machine_says_which_language(monkeypatch, settings, language) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert language_here() == language
