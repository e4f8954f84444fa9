"""Pages are right by the visitor's clock, in every zone, over every change of a clock, and without
scripts as of the build. The truth is worked out here from the entries, with Python's zones."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page

from tests._project import with_no_talks
from tests.browser.conftest import ROOT, served

BUILT = datetime(2026, 3, 8, 6, 45, tzinfo=UTC)  # a quarter of an hour before New York's change
HOUR = timedelta(hours=1)
# Zones and, where their clocks are changed in 2026, the instants.
ZONES = {
    "America/New_York": ("2026-03-08T07:00", "2026-11-01T06:00"),
    "America/Los_Angeles": ("2026-03-08T10:00", "2026-11-01T09:00"),
    "America/Sao_Paulo": (),
    "Europe/Berlin": ("2026-03-29T01:00", "2026-10-25T01:00"),
    "Africa/Cairo": ("2026-04-23T22:00", "2026-10-29T21:00"),
    "Asia/Hong_Kong": (),
    "Asia/Kolkata": (),
    "Asia/Kathmandu": (),
    "Australia/Lord_Howe": ("2026-04-04T15:00", "2026-10-03T15:30"),
    "Australia/Sydney": ("2026-04-04T16:00", "2026-10-03T16:00"),
    "Pacific/Auckland": ("2026-04-04T14:00", "2026-09-26T14:00"),
    "UTC": (),
}


@dataclass(frozen=True)
class Known:
    """A talk as the truth has it."""

    slug: str
    zone: str
    start: datetime
    status: str = "confirmed"

    @property
    def end(self) -> datetime:
        return self.start + HOUR

    @property
    def held(self) -> bool:
        return self.status in ("confirmed", "tentative")

    def state(self, now: datetime) -> str:
        if now >= self.end:
            return "past"
        return "live" if now >= self.start and self.held else "upcoming"

    def entry(self) -> str:
        wall = self.start.astimezone(ZoneInfo(self.zone))
        offset = f"{wall:%z}"
        return (
            f"title: {self.slug}\nzone: {self.zone}\nspeakers: [yi-liu]\nstatus: {self.status}\n"
            f"start: {wall:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:]}\n"
        )


def known() -> list[Known]:
    """One talk over each change of a clock, and others of any kind around the build."""
    found = []
    for zone, changes in ZONES.items():
        name = zone.split("/")[-1].lower().replace("_", "-")
        for number, change in enumerate(changes):
            moment = datetime.fromisoformat(change).replace(tzinfo=UTC)
            found.append(Known(f"{name}-{number}", zone, moment - HOUR / 2))
        if not changes:
            found.append(Known(name, zone, BUILT + timedelta(days=len(found), minutes=30)))
    found.append(Known("cancelled", "UTC", BUILT + HOUR, "cancelled"))
    found.append(Known("tentative", "UTC", BUILT + 3 * HOUR, "tentative"))
    found.append(Known("eve", "UTC", BUILT - timedelta(days=3)))
    found.append(Known("older", "UTC", datetime(2025, 6, 1, 10, tzinfo=UTC)))
    found.append(Known("new-year", "Asia/Hong_Kong", datetime(2026, 12, 31, 16, 30, tzinfo=UTC)))
    return found


TALKS = known()
BY_SLUG = {talk.slug: talk for talk in TALKS}


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site with these talks, as any host would serve it."""
    project = with_no_talks(tmp_path_factory.mktemp("dated"))
    for talk in TALKS:
        (project / "seminars/ai-prisec" / f"{talk.slug}.yaml").write_text(talk.entry())
    site = tmp_path_factory.mktemp("site") / "site"
    command = [sys.executable, "-c", "from rostra.cli import app; app()", "build"]
    command += ["--project", str(project), "--site", str(site)]
    now = {"ROSTRA_NOW": BUILT.isoformat(), "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(command, check=True, env=now | environment(), cwd=ROOT, capture_output=True)
    with served(site, None) as origin:
        yield origin


def environment() -> dict[str, str]:
    import os

    return {key: value for key, value in os.environ.items() if key != "ROSTRA_SITE_URL"}


SHOWN = """() => [...document.querySelectorAll("[data-list]")]
  .filter((list) => list.offsetParent)
  .map((list) => [list.dataset.list, [...list.children].filter((row) => row.offsetParent)
    .map((row) => row.dataset.ref.split("/")[1])])"""


def expected(now: datetime, *, by_year: bool = True) -> list[list[object]]:
    """What the page of all talks shows at an instant: each list with its talks in order."""
    lists: list[list[object]] = []
    for state in ("live", "upcoming"):
        these = sorted((t for t in TALKS if t.state(now) == state), key=lambda t: t.start)
        lists += [[state, [talk.slug for talk in these]]] if these else []
    past = sorted((t for t in TALKS if t.state(now) == "past"), key=lambda t: t.start, reverse=True)
    years = sorted({local_year(talk) for talk in past}, reverse=True)
    return lists + [["past", [t.slug for t in past if local_year(t) == year]] for year in years]


def local_year(talk: Known) -> int:
    return talk.start.astimezone(ZoneInfo(talk.zone)).year


INSTANTS = sorted(
    {BUILT, BUILT - timedelta(days=400), BUILT + timedelta(days=400)}
    | {
        moment
        for slug in ("new-york-0", "cancelled", "tentative", "berlin-1", "lord-howe-0", "new-year")
        for talk in [BY_SLUG[slug]]
        for moment in (talk.start - timedelta(seconds=1), talk.start, talk.end)
    }
)
CLS = """window.what = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    window.what.push(...one.sources.map(({ node, previousRect, currentRect }) =>
      [node?.nodeName, node?.textContent?.slice(0, 40), previousRect.y, currentRect.y]));
  }
}).observe({ type: "layout-shift", buffered: true });"""


def jumped(page: Page) -> list[list[object]]:
    """What has moved since the page was first drawn, once all is loaded.

    A blank counts for nothing: where a page is drawn before the word after the blank has come, the
    browser says that the blank has moved.
    """
    page.evaluate("document.fonts.ready")
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    found: list[list[object]] = page.evaluate("window.what")
    return [one for one in found if one[0] != "#text" or str(one[1]).strip()]


def opened(page: Page, origin: str, path: str, now: datetime) -> Page:
    page.clock.set_fixed_time(now)
    page.goto(origin + path)
    return page


@pytest.mark.parametrize("zone", ZONES)
def test_every_list_is_right_at_every_instant_in_every_zone(
    dated: str, visit: Callable, zone: str
) -> None:
    visitor = visit(dated, zone=zone)
    visitor.page.add_init_script(CLS)
    for now in INSTANTS:
        page = opened(visitor.page, dated, "/talks/", now)
        assert page.evaluate(SHOWN) == expected(now), now
        assert jumped(page) == [], now


@pytest.mark.parametrize("zone", ZONES)
def test_the_first_page_announces_what_is_next(dated: str, visit: Callable, zone: str) -> None:
    visitor = visit(dated, zone=zone)
    visitor.page.add_init_script(CLS)
    for now in (BUILT, BUILT + HOUR, BUILT + 5 * HOUR, BUILT + timedelta(days=2), *BEHIND):
        page = opened(visitor.page, dated, "/zh/", now)
        coming = sorted(
            (t for t in TALKS if t.held and t.state(now) != "past"), key=lambda t: t.start
        )
        hero = page.locator("[data-heroes] > :visible")
        assert hero.get_attribute("data-ref") == f"ai-prisec/{coming[0].slug}", now
        assert hero.locator(".eyebrow").inner_text() == counted(coming[0], now)
        listed = [slug for _, slugs in page.evaluate(SHOWN) for slug in slugs]
        assert coming[0].slug not in listed
        assert jumped(page) == [], now


BEHIND = (BY_SLUG["eve"].start - HOUR, BY_SLUG["eve"].start)  # clocks that are behind the build


def counted(talk: Known, now: datetime) -> str:
    """The countdown in Chinese, with days as the clock of the talk counts them."""
    if talk.state(now) == "live":
        return "正在进行"
    wait = (talk.start - now) / timedelta(minutes=1)
    if wait <= 90:
        return f"下一场，{-int(-wait // 1)} 分钟后"
    if wait <= 720:
        return f"下一场，{round(wait / 60)} 小时后"
    zone = ZoneInfo(talk.zone)
    days = (talk.start.astimezone(zone).date() - now.astimezone(zone).date()).days
    return ["下一场，就在今天", "下一场，明天"][days] if days < 2 else f"下一场，{days} 天后"


@pytest.mark.parametrize("zone", ZONES)
def test_the_visitors_own_time_stands_beside_only_where_it_differs(
    dated: str, visit: Callable, zone: str
) -> None:
    visitor = visit(dated, zone=zone)
    visitor.page.add_init_script(CLS)
    for talk in TALKS[::2]:
        now = talk.start - timedelta(days=1)
        page = opened(visitor.page, dated, f"/talks/ai-prisec/{talk.slug}/", now)
        here, there = (talk.start.astimezone(ZoneInfo(one)) for one in (zone, talk.zone))
        place = page.locator("[data-local-time]")
        differs = here.replace(tzinfo=None) != there.replace(tzinfo=None)
        assert place.is_visible() is differs, talk
        if differs:
            told = f"{here:%A} {here.day} {here:%B}, {here:%H:%M} where you are"
            assert place.inner_text() == told
        assert jumped(page) == [], talk


@pytest.mark.parametrize("slug", ["berlin-1", "cancelled", "tentative"])
def test_a_talks_page_calls_only_to_what_is_still_to_come(
    dated: str, visit: Callable, slug: str
) -> None:
    visitor, talk = visit(dated), BY_SLUG[slug]
    for moment in (talk.start - HOUR, talk.start, talk.end - HOUR / 60, talk.end):
        page = opened(visitor.page, dated, f"/talks/ai-prisec/{slug}/", moment)
        calls = talk.held and talk.state(moment) != "past"
        assert page.locator(".menu:visible").count() == calls
        assert page.get_by_text("A biography will follow").is_visible() is (
            talk.state(moment) != "past"
        )


def test_a_page_that_stays_open_goes_on_with_the_clock(dated: str, visit: Callable) -> None:
    talk = BY_SLUG["berlin-0"]
    page = visit(dated).page
    page.clock.install(time=talk.start - 2 * HOUR)
    page.goto(f"{dated}/talks/")
    for moment in (talk.start - 2 * HOUR, talk.start, talk.end):
        page.clock.run_for(1000)
        now = moment + timedelta(seconds=1)
        assert page.evaluate(SHOWN) == expected(now), moment
        page.clock.fast_forward(59 * 60 * 1000 + 59_000)
        if moment < talk.start:
            page.clock.fast_forward(60 * 60 * 1000)


@pytest.mark.parametrize("prefix", ["", "/zh"])
def test_without_scripts_the_page_is_right_as_of_the_build(
    dated: str, browser: Browser, prefix: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{dated}{prefix}/talks/")
        lists = page.locator("[data-list]:visible")
        found = []
        for number in range(lists.count()):
            rows = lists.nth(number).locator("> li:visible")
            refs = [row.get_attribute("data-ref") or "" for row in rows.all()]
            found.append(
                [lists.nth(number).get_attribute("data-list"), [r.split("/")[1] for r in refs]]
            )
        assert found == expected(BUILT)
        page.goto(f"{dated}{prefix}/talks/ai-prisec/berlin-0/")
        page.locator(".menu summary").click()
        assert page.locator(".menu a").first.is_visible()
        assert page.locator(".site-tools button:visible").count() == 0
    finally:
        context.close()
