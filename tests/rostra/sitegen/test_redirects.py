"""Every earlier address is replayed on the built site: it answers, and leads to the page."""

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from rostra.sitegen import folder as folders
from rostra.sitegen import gate
from rostra.sitegen.programme import load
from rostra.sitegen.redirects import Redirects, earlier_series
from tests.rostra.sitegen._library import LIBRARY, small_site

TALK = "title: {{en: {0}, zh: 论{0}}}\nstart: 2024-05-0{1} 10:00\nspeakers: [wang]\n"
ENTRIES = {
    "site.yaml": LIBRARY["site.yaml"],
    "series.yaml": "weekly:\n  name: Weekly\nguests:\n  name: Guests\n",
    "weekly/trust.yaml": TALK.format("trust", 5) + "formerly: [weekly/on-trust, old/trust]\n",
    "guests/doubt.yaml": TALK.format("doubt", 6) + "formerly: [old/doubt]\n",
    "guests/stays.yaml": TALK.format("stays", 7),
}
EARLIER = {
    "weekly/on-trust": "weekly/trust",
    "old/trust": "weekly/trust",
    "old/doubt": "guests/doubt",
}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_site(tmp_path_factory.mktemp("project"), ENTRIES, "2024-05-10T00:00:00Z")


@pytest.fixture(scope="module")
def origin(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def followed(address: str) -> httpx.Response:
    """What a visitor sees in the end."""
    for _ in range(3):
        answer = httpx.get(address, follow_redirects=True, timeout=10)
        answer.raise_for_status()
        sent = re.search(r'<meta http-equiv="refresh" content="0; url=([^"]+)">', answer.text)
        if sent is None:
            return answer
        address = urljoin(str(answer.url), sent[1])
    raise AssertionError(f"{address} goes round in a circle")


@pytest.mark.parametrize("prefix", ["", "zh/"])
@pytest.mark.parametrize("old", EARLIER)
def test_an_earlier_page_leads_to_the_page(origin: str, prefix: str, old: str) -> None:
    answer = followed(f"{origin}/{prefix}talks/{old}/")
    assert str(answer.url) == f"{origin}/{prefix}talks/{EARLIER[old]}/"
    assert "<h1>" in answer.text


@pytest.mark.parametrize("prefix", ["", "zh/"])
@pytest.mark.parametrize("old", EARLIER)
def test_it_says_so_without_a_refresh_too(site: Path, prefix: str, old: str) -> None:
    text = (site / f"{prefix}talks/{old}/index.html").read_text("utf-8")
    assert (
        f'<link rel="canonical" href="https://lab.example/{prefix}talks/{EARLIER[old]}/">' in text
    )
    assert f'<html lang="{"zh" if prefix else "en"}">' in text
    seen = gate.read(text)
    assert seen.faults == []
    assert len(seen.links) == 1


@pytest.mark.parametrize("old", EARLIER)
def test_earlier_calendars_and_data_go_on(origin: str, old: str) -> None:
    for before, after in (("talks/{}.ics", "SUMMARY:"), ("api/v1/talks/{}.json", EARLIER[old])):
        answer = httpx.get(f"{origin}/{before.format(old)}", timeout=10)
        assert answer.status_code == 200
        assert after in answer.text


@pytest.mark.parametrize("prefix", ["", "zh/"])
def test_the_lists_of_a_series_that_is_gone_go_on(origin: str, prefix: str) -> None:
    """The newest talk that was in it is with the guests now, and so are those to come."""
    for file in ("feed.xml", "feed.json", "rss.xml"):
        old, new = (httpx.get(f"{origin}/{prefix}talks/{one}/{file}", timeout=10) for one in SERIES)
        assert old.text == new.text
        assert "stays" in old.text
    assert httpx.get(f"{origin}/talks/old.ics", timeout=10).status_code == 200
    assert str(followed(f"{origin}/{prefix}embed/old/").url).endswith(f"{prefix}embed/guests/")


SERIES = ("old", "guests")


def test_a_host_that_reads_rules_finds_them(site: Path) -> None:
    rules = [line.split() for line in (site / "_redirects").read_text("utf-8").splitlines()]
    assert len(rules) == 2 * (3 + 1)
    assert ["/talks/old/doubt/*", "/talks/guests/doubt/:splat", "301"] in rules
    assert ["/zh/embed/old/*", "/zh/embed/guests/:splat", "301"] in rules


def test_who_has_moved_nothing_writes_nothing(seminars) -> None:
    programme = load(seminars())
    assert Redirects(programme).redirects == Redirects(programme).redirect_files == ()
    assert earlier_series(programme) == {}


def test_rules_begin_where_the_site_does(seminars) -> None:
    text = ENTRIES["weekly/trust.yaml"]
    site = "id: lab\nname: Lab\nurl: https://a.example/group/\nzone: UTC\n"
    programme = load(seminars({"weekly/trust.yaml": text, "site.yaml": site}))
    (file,) = Redirects(programme).redirect_files
    assert file.text.startswith("/group/talks/weekly/on-trust/* /group/talks/weekly/trust/:splat ")


@pytest.mark.parametrize(
    ("formerly", "words"),
    [
        ("[weekly/trust]", "weekly/trust is there"),
        ("[weekly/other]", "weekly/other is there"),
        ("[weekly/old]", "weekly/old leads to weekly/older already"),
    ],
)
def test_a_redirect_neither_collides_nor_goes_in_a_circle(seminars, formerly, words) -> None:
    entries = {
        "weekly/trust.yaml": TALK.format("trust", 5) + f"formerly: {formerly}\n",
        "weekly/other.yaml": TALK.format("other", 6),
        "weekly/older.yaml": TALK.format("older", 7) + "formerly: [weekly/old]\n",
    }
    (fault,) = folders.read(seminars(entries)).faults
    assert (fault.rule, fault.file) == ("redirect", "seminars/weekly/trust.yaml")
    assert (fault.line, fault.column) == (4, 12)
    assert words in fault.message


def test_a_meet_up_leads_on_as_a_talk_does(seminars) -> None:
    lunch = "title: Lunch\nstart: 2024-05-08 12:00\nrepeat: FREQ=WEEKLY\nformerly: [{0}]\n"
    programme = load(seminars({"weekly/lunch.yaml": lunch.format("past/lunch")}))
    (found,) = (one for one in Redirects(programme).redirects if "talks/" in one.old)
    assert (found.old, found.new) == ("talks/past/lunch/", "talks/weekly/lunch/")
    assert earlier_series(programme) == {"past": programme.series[0]}
    (fault,) = folders.read(seminars({"weekly/lunch.yaml": lunch.format("weekly/trust")})).faults
    assert (fault.rule, fault.line, fault.column) == ("redirect", 4, 12)


def test_two_that_lead_to_each_other_are_both_refused(seminars) -> None:
    entries = {
        "weekly/trust.yaml": TALK.format("trust", 5) + "formerly: [weekly/other]\n",
        "weekly/other.yaml": TALK.format("other", 6) + "formerly: [weekly/trust]\n",
    }
    assert len(folders.read(seminars(entries)).faults) == 2
