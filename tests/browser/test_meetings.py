"""Meet-ups, openings and embargoes are right by the visitor's clock long after the build, and
without scripts as of it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page

from tests._project import with_no_talks
from tests.browser.conftest import ROOT, served
from tests.browser.test_when import environment, opened

BUILT = datetime(2026, 3, 8, 6, 45, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST = datetime(2026, 3, 8, 11, tzinfo=UTC)  # the next one as of the build
ENTRIES = {
    "ai-prisec/lunch.yaml": "title: Lunch\nzone: UTC\nstart: 2018-03-08 11:00\nrepeat: FREQ=DAILY\n"
    "not_on: [2026-03-10]\n",
    "ai-prisec/last.yaml": "title: Last\nzone: UTC\nstart: 2026-03-08 11:00\n"
    "repeat: FREQ=DAILY;COUNT=3\n",
    "ai-prisec/sealed.yaml": "title: Sealed\nzone: UTC\nstart: 2026-03-20 11:00\n"
    "speakers: [yi-liu]\nembargo: 2026-03-10 12:00\nabstract: !secret later\n",
    "openings/post.yaml": "title: A post\nabout: Join us.\nzone: UTC\nposted: 2026-03-01\n"
    "deadline: 2026-03-09\nlink: https://jobs.example/\n",
    "secrets.yaml": "later: What nobody reads before the tenth of March.\n",
}


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site with these entries, as any host would serve it."""
    project = with_no_talks(tmp_path_factory.mktemp("dated"))
    for name, text in ENTRIES.items():
        path = project / "seminars" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    site = tmp_path_factory.mktemp("site") / "site"
    command = [sys.executable, "-c", "from rostra.cli import app; app()", "build"]
    command += ["--project", str(project), "--site", str(site)]
    now = {"ROSTRA_NOW": BUILT.isoformat(), "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(command, check=True, env=environment() | now, cwd=ROOT, capture_output=True)
    with served(site, None) as origin:
        yield origin


def shown(page: Page, state: str) -> list[str]:
    """The days of the meetings that a list shows."""
    times = page.locator(f'[data-list="{state}"] li:visible time').all()
    return [(one.get_attribute("datetime") or "")[:10] for one in times]


def expected(now: datetime, most: int = 6) -> list[str]:
    """The days of the next meetings that have not begun."""
    days = (FIRST + number * DAY for number in range(60))
    return [f"{one:%Y-%m-%d}" for one in days if one > now and one.day != 10][:most]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Hong_Kong", "America/New_York"])
def test_the_next_meetings_are_those_of_the_visit(dated: str, visit: Callable, zone: str) -> None:
    visitor = visit(dated, zone=zone)
    for now in (BUILT, FIRST, FIRST + HOUR, FIRST + 3 * DAY - HOUR, FIRST + 20 * DAY + HOUR):
        page = opened(visitor.page, dated, "/talks/ai-prisec/lunch/", now)
        assert shown(page, "upcoming") == expected(now)
        live = [f"{FIRST:%Y-%m-%d}"] if now == FIRST else []
        assert shown(page, "live") == live
        assert page.get_by_text("Live now").is_visible() is bool(live)
        here = page.locator("[data-local-time]:visible").count()
        assert here == (0 if zone == "UTC" else len(live) + 6)
        page = opened(visitor.page, dated, "/talks/", now)
        (told,) = page.locator('a[href$="/lunch/"] ~ [data-talk] > :visible').all_inner_texts()
        day = datetime.fromisoformat([*live, *expected(now)][0])
        assert f"{day.day} {day:%B %Y}" in told
    assert visitor.faults == []


def test_where_no_meeting_is_left_the_page_says_so(dated: str, visit: Callable) -> None:
    page = visit(dated).page
    for slug, last, words in (
        ("last", FIRST + 2 * DAY + HOUR, "No further meeting"),
        ("lunch", FIRST + 45 * DAY, "It goes on."),
    ):
        for now, over in ((BUILT, False), (last - HOUR / 2, slug == "lunch"), (last, True)):
            opened(page, dated, f"/talks/ai-prisec/{slug}/", now)
            assert page.get_by_text(words).is_visible() is over, (slug, now)
            assert (shown(page, "upcoming") + shown(page, "live") == []) is over


def test_an_opening_closes_and_an_embargo_passes_without_a_build(
    dated: str, visit: Callable
) -> None:
    page = visit(dated).page
    closes, lifted = datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 3, 10, 12, tzinfo=UTC)
    for now, over in ((closes - HOUR, False), (closes, True)):
        opened(page, dated, "/openings/", now)
        assert page.get_by_text("closed", exact=True).is_visible() is over
        assert page.locator('a[href="https://jobs.example/"]').is_visible() is not over
    for now, over in ((lifted - HOUR, False), (lifted, True)):
        opened(page, dated, "/talks/ai-prisec/sealed/", now)
        assert page.get_by_text("More will be announced").is_visible() is not over
        assert page.get_by_text("To be announced").is_visible() is over
    opened(page, dated, "/talks/ai-prisec/sealed/", lifted + 30 * DAY)
    assert not page.get_by_text("To be announced").is_visible()


def test_without_scripts_all_is_as_of_the_build(dated: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{dated}/talks/ai-prisec/lunch/")
        assert (shown(page, "live"), shown(page, "upcoming")) == ([], expected(BUILT))
        page.locator(".menu summary").click()
        assert page.locator('.menu a[href^="webcal:"]').is_visible()
        page.goto(f"{dated}/openings/")
        assert not page.get_by_text("closed", exact=True).is_visible()
        page.goto(f"{dated}/talks/ai-prisec/sealed/")
        assert page.get_by_text("More will be announced").is_visible()
    finally:
        context.close()
