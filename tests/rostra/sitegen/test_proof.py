"""The page of an edited talk by itself equals, to the byte, the one of the whole edition."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rostra.sitegen.starter import Start, new_site
from tests.rostra.sitegen._asked import Asked, asked

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PAGES = ["talks/seminar/sample-talk/index.html", "zh/talks/seminar/sample-talk/index.html"]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    place = tmp_path_factory.mktemp("small") / "site"
    project = new_site(place, Start("Small", languages=("en", "zh")), NOW)
    with asked(project, ROSTRA_SECRET_DOOR="sesame-open-the-door-42") as process:
        list(process.answers())
        yield process


@pytest.fixture
def talk(here: Asked) -> Iterator[Path]:
    path = here.project / "seminars/seminar/sample-talk.yaml"
    good = path.read_text(encoding="utf-8")
    yield path
    path.write_text(good, encoding="utf-8")
    list(here.answers(path))


def add(path: Path, *lines: str) -> None:
    keys = tuple(line.split(":")[0] + ":" for line in lines)
    kept = [one for one in path.read_text("utf-8").splitlines() if not one.startswith(keys)]
    path.write_text("\n".join([*kept, *lines, ""]), encoding="utf-8")


@pytest.mark.parametrize(
    "lines",
    [
        ["status: cancelled"],
        ["topics: [a new topic]", "duration: 30 min"],
        ["links: {slides: https://example.org/slides.pdf}"],
    ],
)
def test_it_is_the_page_that_the_edition_has(here: Asked, talk: Path, lines: list[str]) -> None:
    before = [(here.site / page).read_bytes() for page in PAGES]
    add(talk, *lines)
    steps = here.answers(talk)
    early = next(steps)
    assert (early["shown"], sorted(early["changed"])) == ("page", PAGES)
    shown = [(here.site / page).read_bytes() for page in PAGES]
    assert shown != before
    [whole] = steps
    assert whole["faults"] == []
    assert [(here.site / page).read_bytes() for page in PAGES] == shown
    assert not {*PAGES} & {*whole["changed"]}  # nobody loads them twice


def test_captions_stay(here: Asked, talk: Path) -> None:
    words = talk.with_name("sample-talk.en.vtt")
    words.write_text("WEBVTT\n\n00:00.000 --> 00:02.000\nWelcome to it.\n", encoding="utf-8")
    assert [one["shown"] for one in here.answers(words)] == ["site"]
    add(talk, "status: cancelled")
    steps = here.answers(talk)
    next(steps)
    shown = [(here.site / page).read_bytes() for page in PAGES]
    list(steps)
    assert [(here.site / page).read_bytes() for page in PAGES] == shown
    words.unlink()


def test_a_fault_is_told_before_anything_else_is_read(here: Asked, talk: Path) -> None:
    before = (here.site / PAGES[0]).read_bytes()
    add(talk, "speeker: x")
    [told] = here.answers(talk)
    assert "unknown key 'speeker'" in told["faults"][0]["en"]
    assert told["seconds"] < 2
    assert (here.site / PAGES[0]).read_bytes() == before


def test_a_secret_is_not_shown_even_here(here: Asked, talk: Path) -> None:
    add(talk, "place: sesame-open-the-door-42")
    [told] = here.answers(talk)
    assert "private" in told["faults"][0]["en"]
    assert b"sesame" not in (here.site / PAGES[0]).read_bytes()


def test_what_has_no_page_waits_for_the_edition(here: Asked, talk: Path) -> None:
    add(talk, "status: draft")
    assert [one["shown"] for one in here.answers(talk)] == ["site"]
    assert not (here.site / PAGES[0]).exists()
    series = talk.parents[1] / "series.yaml"
    assert [one["shown"] for one in here.answers(series)] == ["site"]
