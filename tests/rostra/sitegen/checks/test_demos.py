"""What a demo can be set to is read from its file; the gate has what it cannot."""

from datetime import UTC, datetime

import pytest

from rostra.sitegen.checks import check
from rostra.sitegen.checks.demos import settings

NOW = datetime(2024, 6, 1, tzinfo=UTC)
SETTINGS = {"attack": ("pgd", "fgsm"), "eps": (0, 8), "goal": ("any", 0, 9), "steps": (1, 9)}
DEMO = f"SETTINGS = {SETTINGS}\n"


def rules(seminars, asked: str, demo: str = DEMO) -> list[str]:
    talk = f"title: x\nstart: 2024-05-05 10:00\ndemo: {{name: try, settings: {{{asked}}}}}\n"
    folder = seminars({"weekly/trust.yaml": talk, "../demos/try.py": demo})
    return [f"{fault.rule}: {fault.expected}" for fault in check(folder, NOW)]


@pytest.mark.parametrize(
    "asked", ["attack: pgd, eps: 8", "eps: 0.5", "goal: any", "goal: 9", 'attack: "fgsm"']
)
def test_these_it_can(seminars, asked: str) -> None:
    assert rules(seminars, asked) == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("eps: 9", "0 … 8"),
        ('eps: "8"', "0 … 8"),
        ("goal: 10", "any, 0 … 9"),
        ("attack: 1", "pgd, fgsm"),
        ("goal: true", "any, 0 … 9"),
        ("steps: true", "1 … 9"),
    ],
)
def test_these_it_cannot(seminars, asked: str, expected: str) -> None:
    assert rules(seminars, asked) == [f"demo-setting: {expected}"]


def test_a_demo_that_says_nothing_is_believed(seminars, tmp_path) -> None:
    assert rules(seminars, "anything: 1", "title = 1\n") == []
    assert settings(tmp_path / "none.py") is None
