"""The archive of talks: chosen from by topic, speaker, series, year, language and text; the years
that its first page leaves out come when the form asks for them."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from rostra.sitegen.archive import FEW
from tests._project import with_no_talks
from tests.browser.conftest import ROOT, served
from tests.browser.test_when import environment

NOW = "2026-11-21T08:00:00+00:00"
RECENT = {
    "leaks": "title: {en: What models leak, zh: 模型泄露了什么}\nstart: 2026-12-01 10:00\n"
    "speakers: [yi-liu]\ntopics: [Privacy]\nlanguage: en\n",
    "traps": "title: Traps for thieves\nstart: 2026-10-01 10:00\nspeakers: [zijing-ou]\n"
    "topics: [Copyright, Privacy]\nlanguage: zh\n",
}
OLD = "title: Trap no{number}\nstart: {year}-02-03 {hour:02}:{minute:02}\nduration: 1 min\n"
VISIBLE = """() => [...document.querySelectorAll("[data-timeline] [data-ref]")]
  .filter((row) => row.offsetParent).map((row) => row.dataset.ref.split("/")[1])"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose first page of talks leaves two years out."""
    project = with_no_talks(tmp_path_factory.mktemp("archive"))
    talks = dict(RECENT)
    for year, count in ((2019, FEW), (2018, 2)):
        for number in range(count):
            text = OLD.format(year=year, number=number, hour=number // 60, minute=number % 60)
            talks[f"old-{year}-{number}"] = text
    for slug, text in talks.items():
        (project / "seminars/ai-prisec" / f"{slug}.yaml").write_text(text)
    site = tmp_path_factory.mktemp("site") / "site"
    command = [sys.executable, "-c", "from rostra.cli import app; app()", "build"]
    command += ["--project", str(project), "--site", str(site)]
    more = {"ROSTRA_NOW": NOW, "ROSTRA_REFERENCE": "false"}
    subprocess.run(command, check=True, env=environment() | more, cwd=ROOT, capture_output=True)
    with served(site, None) as origin:
        yield origin


def opened(visitor, path: str) -> Page:
    visitor.page.clock.set_fixed_time(NOW)
    return visitor.go(path)


def counted(page: Page, said: str) -> None:
    page.locator(".filter output", has_text=said).wait_for()


def test_the_first_page_has_what_is_recent_and_fetches_nothing(archive, visit) -> None:
    visitor = visit(archive)
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    page = opened(visitor, "/talks/")
    counted(page, "Talks shown: 2")
    assert page.evaluate(VISIBLE) == ["leaks", "traps"]
    assert not [url for url in asked if "/2019/" in url]


@pytest.mark.parametrize(
    ("prefix", "query", "found", "said"),
    [
        ("", "?topic=privacy", ["leaks", "traps"], "Talks shown: 2"),
        ("/zh", "?topic=copyright", ["traps"], "显示 1 场讲座"),
        ("", "?person=yi-liu", ["leaks"], "Talks shown: 1"),
        ("", "?language=zh", ["traps"], "Talks shown: 1"),
        ("/zh", "?q=泄露", ["leaks"], "显示 1 场讲座"),
        ("", "?year=2018", ["old-2018-1", "old-2018-0"], "Talks shown: 2"),
        ("", "?q=trap+no1&year=2018", ["old-2018-1"], "Talks shown: 1"),
        ("/zh", "?q=nothing", [], "显示 0 场讲座"),
    ],
)
def test_an_address_shows_what_it_asks_for(
    archive: str, visit: Callable, prefix: str, query: str, found: list[str], said: str
) -> None:
    page = opened(visit(archive), f"{prefix}/talks/{query}")
    counted(page, said)
    assert page.evaluate(VISIBLE) == found


def test_the_form_writes_the_address_and_brings_the_other_years(archive, visit) -> None:
    page = opened(visit(archive, width=390), "/talks/")
    page.get_by_label("Look for").press_sequentially("trap no1")
    counted(page, "Talks shown: 12")  # 1 and 10 to 19 of 2019, 1 of 2018
    page.wait_for_url("**/talks/?q=trap+no1")
    page.locator("[name=year]").select_option("2018")
    counted(page, "Talks shown: 1")
    page.wait_for_url("**/talks/?q=trap+no1&year=2018")
    row = page.locator("[data-timeline] [data-ref]:visible")
    assert row.locator("a").first.get_attribute("href").endswith("/talks/ai-prisec/old-2018-1/")
    row.locator("a").first.click()
    page.get_by_role("heading", name="Trap no1").wait_for()
    page.go_back()
    counted(page, "Talks shown: 1")
    page.get_by_role("button", name="Show all").click()
    page.wait_for_url("**/talks/")


def test_the_count_is_announced_and_the_form_used_by_keyboard(archive, visit) -> None:
    page = opened(visit(archive), "/talks/")
    assert page.locator(".filter output").get_attribute("aria-live") == "polite"
    page.get_by_label("Look for").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("Copy")
    counted(page, "Talks shown: 1")
    assert page.evaluate(VISIBLE) == ["traps"]


def test_years_that_cannot_be_fetched_are_said_and_asked_for_again(archive, visit) -> None:
    visitor = visit(archive)
    page = opened(visitor, "/talks/")
    page.route("**/talks/2019/", lambda route: route.abort())
    page.locator("[name=year]").select_option("2019")
    page.locator("[data-failed]:visible").wait_for()
    assert [fault for fault in visitor.faults if "ERR_FAILED" not in fault] == []
    visitor.faults.clear()  # the console's own words about what we have cut off
    page.unroute("**/talks/2019/")
    page.get_by_label("Look for").fill("no9")
    counted(page, "Talks shown: 11")
    assert page.locator("[data-failed]:visible").count() == 0


@pytest.mark.parametrize("prefix", ["", "/zh"])
@pytest.mark.parametrize("width", [1280, 390])
def test_without_scripts_each_year_has_its_page(
    archive: str, browser: Browser, prefix: str, width: int
) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 900}
    )
    try:
        page = context.new_page()
        page.goto(f"{archive}{prefix}/talks/")
        assert page.locator(".filter:visible").count() == 0
        assert page.locator("[data-timeline] [data-ref]:visible").count() == 2
        page.get_by_role("link", name="2018", exact=True).click()
        page.wait_for_url("**/talks/2018/")
        titles = page.locator("[data-timeline] .title a:visible").all_inner_texts()
        assert titles == ["Trap no1", "Trap no0"]
        page.goto(f"{archive}{prefix}/talks/ai-prisec/")
        assert page.locator("[data-timeline] [data-ref]:visible").count() == 2
        page.locator("a[href$='?series=ai-prisec']").click()
        page.wait_for_url("**/talks/?series=ai-prisec")
    finally:
        context.close()


@pytest.mark.parametrize("path", ["/talks/", "/zh/talks/", "/talks/2019/", "/zh/talks/ai-prisec/"])
def test_pages_of_the_archive_fit_a_phone(archive, visit, path: str) -> None:
    visitor = visit(archive, width=390)
    opened(visitor, path)
    assert not visitor.overflows()


def test_on_paper_there_is_no_form(archive, visit) -> None:
    page = opened(visit(archive), "/talks/")
    page.emulate_media(media="print")
    assert page.locator(".filter:visible, .years:visible").count() == 0
    assert page.locator("[data-timeline] [data-ref]:visible").count() == 2
