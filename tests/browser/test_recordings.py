"""Where nobody answers for the demos: the recorded run, its label, and what is said without it."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import expect

from rostra.live import recording
from tests.browser._playground import GALLERY, PREFIX, attack, demo

PATH = Path("docs/assets/recordings/attack_playground.json")
TAPE = json.loads(PATH.read_text(encoding="utf-8"))


@pytest.fixture
def nearly() -> Iterator[dict[str, Any]]:
    """A real run at a tenth under the first budget that fools: 8 bits keep a whole level less."""
    fooled = next(run["eps"] for run in TAPE["runs"] if run["standard"]["phase"] == "fooled")
    threads = torch.get_num_threads()
    yield recording.taken(budgets=[fooled - 0.1])
    torch.set_num_threads(threads)


def test_who_comes_early_sees_the_recording_and_then_the_live_demo(
    early: tuple[str, Path], visit: Callable
) -> None:
    origin, stamp = early
    page = visit(origin).go(GALLERY)
    expect(page.locator(".rostra-demo .starting")).to_contain_text("The live demo is starting")
    expect(page.locator(".rostra-player .side.is-standard")).to_be_visible()
    stamp.touch()
    attack(demo(page))
    expect(page.locator(".rostra-player")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("en", "light", 1280), ("zh", "dark", 390)]
)
def test_without_a_server_the_page_plays_a_recording(
    still: str, visit: Callable, pictures: Path, language: str, scheme: str, width: int
) -> None:
    visitor = visit(still, width=width, scheme=scheme)
    page = visitor.go(PREFIX[language] + GALLERY)
    player = page.locator(".rostra-player")
    expect(player.locator(".side.is-standard")).to_have_attribute("data-phase", "fooled")
    expect(player.locator(".side.is-robust")).to_have_attribute("data-phase", "holds")
    page.screenshot(path=pictures / f"recorded-{language}-{scheme}-{width}.png", full_page=True)
    eps, steps = player.locator("input[type=range]").all()
    steps.focus()
    page.keyboard.press("Home")
    expect(player.locator(".side.is-standard")).to_have_attribute("data-phase", "running")
    eps.focus()
    page.keyboard.press("End")
    expect(eps).to_have_attribute("aria-valuetext", "16/255")
    assert not visitor.overflows()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (GALLERY, "The recorded run could not be loaded"),
        (f"/zh{GALLERY}", "录制未能载入"),
        ("/", "The recorded run could not be loaded"),
    ],
)
def test_a_recording_that_does_not_come_is_said(
    still: str, visit: Callable, path: str, said: str
) -> None:
    visitor = visit(still)
    visitor.page.route("**/recordings/*.json", lambda route: route.fulfill(status=404))
    page = visitor.go(path)
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
    assert not [fault for fault in visitor.faults if fault.startswith("script")]
    visitor.faults.clear()  # the browser itself notes the file that did not come


def test_a_demo_that_does_not_answer_is_said_and_the_recording_played(
    live: str, visit: Callable
) -> None:
    visitor = visit(live)
    visitor.page.route("**/demos/status.json", lambda route: route.abort())
    page = visitor.go(GALLERY)
    expect(page.locator(".rostra-demo .starting")).to_contain_text("does not answer")
    expect(page.locator(".rostra-player .side.is-standard")).to_be_visible()
    assert not [fault for fault in visitor.faults if fault.startswith("script")]
    visitor.faults.clear()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("path", ["/", GALLERY])
def test_a_recording_says_when_with_what_where_and_from_which_seed(
    still: str, visit: Callable, path: str, language: str
) -> None:
    page = visit(still).go(PREFIX[language] + path)
    label = page.locator(".recorded")
    expect(label).to_be_visible()
    seed = {"en": "seed {seed}.", "zh": "种子 {seed}。"}[language].format(**TAPE)
    said = label.inner_text()
    assert said.startswith(
        {"en": f"A recorded run of {TAPE['date']}", "zh": TAPE["date"]}[language]
    )
    assert f"Rostra {TAPE['rostra']}" in said
    assert f"torch {TAPE['torch']}" in said
    assert TAPE["device"] in re.split("[,，] ?", said)
    assert said.endswith(seed.format(**TAPE))


def test_a_win_that_rounding_undoes_is_told_as_that(
    still: str, visit: Callable, nearly: dict[str, Any]
) -> None:
    visitor = visit(still)
    visitor.page.route("**/recordings/*.json", lambda route: route.fulfill(json=nearly))
    page = visitor.go(GALLERY)
    side = page.locator(".side.is-standard")
    expect(side).to_have_attribute("data-phase", "rounded")
    expect(side.locator(".verdict")).to_contain_text("fooled before rounding only")
    page.get_by_role("slider", name="Step").focus()
    page.keyboard.press("ArrowLeft")
    expect(side.locator(".verdict")).to_contain_text("step 19 of 20")
    visitor.go("/")
    expect(page.locator(".rostra-hero .is-standard p")).to_contain_text("still says stop")
