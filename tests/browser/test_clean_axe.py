"""axe-core finds nothing on any kind of page: both languages, both palettes, wide and narrow.

`.ci/run` fetches it; it is put into the page from that file, and the network is not asked.
"""

import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser._everything import fullest
from tests.browser.conftest import NARROW, ROOT, WIDE

PACKAGE = ROOT / ".cache/axe-core-4.14.1.tgz"
RUN = """() => axe.run().then(({ violations }) => violations.flatMap((one) =>
  one.nodes.map((node) => `${one.id}: ${node.target.join(" ")}: ${node.failureSummary}`)))"""
DARK = {"light": "default", "dark": "slate"}


@pytest.fixture(scope="module")
def axe() -> str:
    if not PACKAGE.is_file():
        pytest.fail("No axe-core: `.ci/run` gets it.", pytrace=False)
    with tarfile.open(PACKAGE) as archive:
        file = archive.extractfile("package/axe.min.js")
        assert file is not None
        return file.read().decode()


@pytest.fixture(scope="module")
def look(browser: Browser, axe: str) -> Iterator[Callable[..., list[str]]]:
    """Open pages in one window each for width and palette, and ask axe about them."""
    windows: dict[tuple[int, str], Page] = {}

    def window(width: int, scheme: str) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",
            bypass_csp=True,  # only so that axe may come in; the pages' own policy has its tests
        )
        context.add_init_script(axe)
        return context.new_page()

    def looked(address: str, width: int, scheme: str) -> list[str]:
        if (width, scheme) not in windows:
            windows[width, scheme] = window(width, scheme)
        page = windows[width, scheme]
        page.goto(address)
        if page.locator("[data-demo]").count():  # it is drawn once its recording has come
            expect(page.locator("[data-demo] canvas[aria-label]").first).to_be_visible()
        assert page.evaluate("document.body.dataset.mdColorScheme") == DARK[scheme]
        return list(page.evaluate(RUN))

    yield looked
    for page in windows.values():
        page.context.close()


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", DARK)
def test_no_kind_of_page_has_a_violation(
    everything: tuple[str, Path], look: Callable[..., list[str]], scheme: str, width: int
) -> None:
    origin, site = everything
    found = {}
    for (kind, language), address in fullest(site).items():
        if violations := look(origin + address, width, scheme):
            found[f"{kind} {language} {address}"] = violations
    assert found == {}


def test_it_would_be_seen(look: Callable[..., list[str]], tmp_path: Path) -> None:
    page = '<body data-md-color-scheme="default"><img src="a.png"><p style="color: #bbb">Pale'
    (tmp_path / "bad.html").write_text(page)
    found = look((tmp_path / "bad.html").as_uri(), WIDE, "light")
    assert {one.split(":")[0] for one in found} >= {"image-alt", "color-contrast", "html-has-lang"}
