"""One edition: what it writes follows from the entries, and what must not be published is not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rostra.sitegen import edition, shell
from rostra.sitegen.edition import Edition, UnfitError
from rostra.sitegen.frames import Frames
from rostra.sitegen.press import Press
from rostra.sitegen.render import Output, PageHead

NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def small(seminars) -> Edition:
    return edition.read(seminars().parent, "seminars", NOW, live=False)


def published(one: Edition, folder: Path) -> Press:
    press = Press(folder / "site", folder / "memory.json")
    frames = Frames(lambda output, paired: f"<main>{output.text}</main>", asked=())
    one.write(press, frames, one.site([]))
    one.write_search(press, one.site([]))
    press.finish()
    return press


def test_the_same_entries_make_the_same_files_and_nothing_is_written_twice(small, tmp_path) -> None:
    first = published(small, tmp_path).written.keys()
    assert {
        "index.html",
        "zh/index.html",
        "talks/all.ics",
        "feed.xml",
        "search/index.json",
    } <= first
    again = edition.read(small.programme.folder.parent, "seminars", NOW, live=False)
    assert published(again, tmp_path).changed == []


def test_its_pages_are_those_that_the_site_knows(small, tmp_path) -> None:
    site = small.site(["about/"])
    assert {"", "zh/", "talks/", "about/"} <= set(site.urls)
    assert shell.is_paired("talks/", site)
    assert not shell.is_paired("about/", site)


def test_a_file_that_tells_a_secret_is_taken_away(small, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("ROSTRA_SECRET_ROOM", "correct horse battery staple")
    site = tmp_path / "site"
    site.mkdir()
    (site / "a.html").write_text("<p>Correct horse battery staple</p>")
    (site / "b.html").write_text("<p>harmless</p>")
    with pytest.raises(UnfitError, match=r"a\.html:1"):
        small.keep_secrets(site)
    assert [path.name for path in site.iterdir()] == ["b.html"]


def test_what_programs_would_misread_ends_the_build(small, tmp_path) -> None:
    (tmp_path / "a.ics").write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    with pytest.raises(UnfitError, match=r"a\.ics"):
        list(small.faults(tmp_path))


@pytest.mark.parametrize(
    ("path", "kind", "source"),
    [
        ("zh/talks/weekly/trust/index.html", "talk", "seminars/weekly/trust.yaml"),
        ("people/ann/index.html", "person", "seminars/people.yaml"),
        ("news/index.html", "news", "seminars/news.yaml"),
        ("notes/tags/x/index.html", "tag", "docs/notes"),
        ("publications/index.html", "publications", "docs/publications.bib"),
        ("index.html", "home", "seminars/site.yaml"),
    ],
)
def test_a_page_says_what_one_edits_to_change_it(path: str, kind: str, source: str) -> None:
    output = Output(path, "", PageHead("t", "d", kind, "en"))
    assert edition.source_of(output, "seminars") == source
