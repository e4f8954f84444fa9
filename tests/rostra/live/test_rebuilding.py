"""An edit shows in what is served; a broken one is told, and takes nothing away."""

import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from rostra.live import rebuilding
from rostra.live.rebuilding import Builder, Built, GoneError, Watch
from tests.rostra.live._served import Served, served, small_site, talk, until


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_site(tmp_path_factory.mktemp("small") / "site")


@pytest.fixture(scope="module")
def server(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(project, tmp_path_factory.mktemp("said") / "said") as here:
        until(lambda: here.has_said("Edits show from now on"))
        yield here


def retitled(path: Path, title: str) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^title:.*$", f'title: "{title}"', text), encoding="utf-8")


def address(path: Path) -> str:
    return f"talks/{path.parent.name}/{path.stem}/"


def test_an_edit_shows_on_its_page_and_in_lists_and_feeds(project: Path, server: Served) -> None:
    path = talk(project)
    retitled(path, "A title nobody knew")
    for page in (address(path), f"zh/{address(path)}", "talks/", "feed.json"):
        until(lambda page=page: "A title nobody knew" in server.page(page))


def test_two_edits_in_quick_succession_end_with_the_second(project: Path, server: Served) -> None:
    path = talk(project)
    retitled(path, "First of two")
    until(lambda: "First of two" in server.page(address(path)))
    retitled(path, "Second of two")  # the site with the first is still being built
    for page in (address(path), "talks/"):
        until(lambda page=page: "Second of two" in server.page(page))
    assert "First of two" not in server.page("talks/") + server.page(address(path))


def test_a_hand_written_page_and_a_new_talk_show(project: Path, server: Served) -> None:
    written = next(iter(sorted((project / "docs").rglob("*.md"))))
    text = written.read_text(encoding="utf-8")
    written.write_text(text + "\n\nA line that was added.\n", encoding="utf-8")
    path = talk(project)
    new = path.with_name("another-talk.yaml")
    new.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    retitled(new, "Another talk")
    until(lambda: "Another talk" in server.page("talks/"))
    site = project / ".cache" / "site"
    until(lambda: any("A line that was added." in one.read_text() for one in site.rglob("*.html")))
    new.unlink()
    until(lambda: "Another talk" not in server.page("talks/"))
    until(lambda: httpx.get(server.url + address(new)).status_code == 404)


def test_a_broken_entry_is_told_and_the_last_good_site_stays(project: Path, server: Served) -> None:
    path = talk(project)
    good = path.read_text(encoding="utf-8")
    before = {page: server.page(page) for page in ("talks/", address(path), "")}
    path.write_text(good + "speeker: x\n", encoding="utf-8")
    until(lambda: server.has_said("unknown key 'speeker'"))
    until(lambda: server.has_said("The site stays as it was"))
    for page, text in before.items():
        assert server.page(page).partition("data-number")[0] == text.partition("data-number")[0]
    with httpx.stream("GET", f"{server.url}__site/changes") as stream:
        line = next(one for one in stream.iter_lines() if one.startswith("data:"))
    fault = json.loads(line.removeprefix("data:"))["faults"][0]
    assert "unknown key 'speeker'" in fault["en"]
    assert "不认识键" in fault["zh"]
    path.write_text(good, encoding="utf-8")
    retitled(path, "Mended")
    until(lambda: "Mended" in server.page("talks/"))


def test_an_open_page_hears_of_an_edit(project: Path, server: Served) -> None:
    path = talk(project)
    until(lambda: "data-number" in server.page(address(path)))
    number = re.findall(r'data-number="(\d+)"', server.page(address(path)))[0]
    with httpx.stream("GET", f"{server.url}__site/changes?since={number}", timeout=30) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        next(one for one in lines if one.startswith("data:"))
        retitled(path, "Heard of")
        told = (json.loads(one[5:]) for one in lines if one.startswith("data:"))
        # The rest of the site may still follow an earlier edit.
        assert any(f"{address(path)}index.html" in one["changed"] for one in told)
    assert "Heard of" in server.page(address(path))


def test_a_builder_that_crashed_is_started_again(project: Path, server: Served) -> None:
    [builder] = server.children()
    os.kill(builder, signal.SIGKILL)
    path = talk(project)
    retitled(path, "After the crash")
    until(lambda: "After the crash" in server.page("talks/"))
    assert server.has_said("starting another")
    assert server.children() != [builder]


def test_it_stops_at_once_with_a_page_open_and_leaves_no_process(tmp_path: Path) -> None:
    project = small_site(tmp_path / "site")
    with served(project, tmp_path / "said") as here:
        [builder] = here.children()
        with httpx.stream("GET", f"{here.url}__site/changes") as stream:
            next(stream.iter_lines())
            here.process.send_signal(signal.SIGINT)
            assert here.process.wait(10) == 0
        assert not Path(f"/proc/{builder}").exists()
    assert "Traceback" not in (tmp_path / "said").read_text(encoding="utf-8")


def test_without_watching_nothing_is_started_and_pages_load_nothing_more(
    project: Path, tmp_path: Path
) -> None:
    with served(project, tmp_path / "said", "--no-watch") as here:
        assert here.children() == []
        assert "__site" not in here.page("talks/")
        assert httpx.get(f"{here.url}__site/changes").status_code == 404


def test_a_builder_that_cannot_start_is_told_and_given_up_until_the_next_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".cache").mkdir()
    monkeypatch.setattr(rebuilding.sys, "executable", "/bin/false")
    builder, heard = Builder(tmp_path, "http://127.0.0.1:8000/"), list[Built]()
    with pytest.raises(GoneError, match="ended with 1"):
        next(builder.build())
    watch = Watch(builder, heard.append)
    watch.start()
    until(lambda: bool(heard))
    watch.stop()
    assert [one.faults for one in heard] == [(rebuilding.UNBUILT,)]
