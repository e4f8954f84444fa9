"""What is printed where nobody watches, and where the window is narrow."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from robustlib.card import read_card
from robustlib.recipe import Threat
from rostra.laboratory.printing import PAUSE, budget, cards, in_lines

ROOT = Path(__file__).parents[3]
ZOO = ROOT / "robustlib" / "zoo"


def test_lines_come_at_first_at_the_end_and_at_a_pace_between() -> None:
    said: list[str] = []
    times = iter([0.0, 0.0, 1.0, PAUSE, PAUSE + 1, 3 * PAUSE, 3 * PAUSE + 1])
    with in_lines(said.append, clock=lambda: next(times)) as tell:
        for done in range(1, 7):
            tell("work", f"step {done}", done, 6)
    assert said == [
        "step 1, 1/6, after 0 s",
        "step 3, 3/6, after 5 s, about 8 s left",
        "step 5, 5/6, after 15 s, about 4 s left",
        "step 6, 6/6, after 16 s",
    ]


def test_work_of_unknown_length_names_no_share() -> None:
    said: list[str] = []
    times = iter([0.0, 0.0, 1.0, 2.0])
    with in_lines(said.append, clock=lambda: next(times)) as tell:
        for fooled in range(3):
            tell("work", f"fooled {fooled}", fooled, None)
        assert said == ["fooled 0, after 0 s"]
    assert said[1:] == ["fooled 2, after 2 s"]


SCRIPT = """
from rostra.laboratory.printing import telling
with telling() as tell:
    tell("work", "at work", 3, 4)
"""


def test_a_terminal_gets_a_bar_and_a_pipe_a_line() -> None:
    run = [sys.executable, "-c", SCRIPT]
    piped = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    assert piped.stdout == ""
    assert re.fullmatch(r"at work, 3/4, after \d s\n", piped.stderr)
    mine, its = pty.openpty()
    terminal = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    subprocess.run(run, cwd=ROOT, stdout=its, stderr=its, env=terminal, check=True)
    os.close(its)
    shown = os.read(mine, 10_000).decode()
    os.close(mine)
    assert "━" in shown
    assert "after" not in shown


def test_the_zoo_fits_a_window_of_eighty_columns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    zoo = {path.stem: read_card(path) for path in sorted(ZOO.glob("*.yaml"))}
    cards(zoo)
    said = capsys.readouterr().out
    rows = {line.split()[1]: line for line in said.splitlines() if line.startswith("│")}
    assert set(rows) == set(zoo)
    for name, card in zoo.items():
        figures = (
            f"{card.parameters:,}",
            f"{card.clean_accuracy:.1%}",
            f"{card.robust_accuracy:.1%}",
        )
        assert [word for word in rows[name].split() if word in figures] == [*figures]
        assert budget(card.threat) in rows[name]
        assert len(rows[name]) <= 80
        assert card.judged_on in said
    assert "…" not in said


@pytest.mark.parametrize(
    ("norm", "eps", "text"),
    [
        ("Linf", 8 / 255, "Linf 8/255"),
        ("Linf", 1.0, "Linf 255/255"),
        ("Linf", 0.15, "Linf 0.15"),
        ("L2", 51 / 255, "L2 0.2"),
    ],
)
def test_a_budget_is_written_as_its_field_does(norm: str, eps: float, text: str) -> None:
    assert budget(Threat(norm=norm, eps=eps)) == text
