"""ical.js, which Thunderbird reads calendars with, sees the instants that the entries mean.

The package lies in `.cache`, where .ci/run puts it: tests fetch nothing.
"""

import json
import tarfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.rostra.sitegen.readers._calendar import UNTIL, text, truth

PACKAGE = Path(__file__).parents[2] / ".cache" / "ical.js-2.2.1.tgz"
FETCH = "npm pack --silent --pack-destination .cache ical.js@2.2.1"
READ = """
([text, until]) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone"))
    ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  const found = {};
  for (const component of calendar.getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(component);
    const spans = found[event.summary] = [];
    const length = event.endDate.toUnixTime() - event.startDate.toUnixTime();
    const starts = event.isRecurring() ? event.iterator() : [event.startDate].values();
    const next = () => event.isRecurring() ? starts.next() : starts.next().value;
    for (let one = next(); one && one.toUnixTime() < until; one = next())
      spans.push([one.toUnixTime(), one.toUnixTime() + length]);
  }
  return found;
}
"""


@pytest.fixture(scope="module")
def library() -> str:
    assert PACKAGE.exists(), f"ical.js is not here: {FETCH}"
    with tarfile.open(PACKAGE) as package:
        script = package.extractfile("package/dist/ical.es5.min.cjs")
        assert script is not None
        return script.read().decode("utf-8")


def test_ical_js_reads_every_instant_as_it_was_meant(browser: Browser, library: str) -> None:
    page = browser.new_page()
    page.evaluate(
        "source => { const module = {exports: {}};"
        " new Function('module', 'exports', source)(module, module.exports);"
        " window.ICAL = module.exports.default || module.exports; }",
        library,
    )
    found = page.evaluate(READ, [text(), int(UNTIL.timestamp())])
    assert found == json.loads(json.dumps(truth()))
    page.close()
