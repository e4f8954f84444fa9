"""One edition: what it writes follows from the entries, and what must not be published is not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rostra.sitegen import edition, shell
from rostra.sitegen.edition import Edition, UnfitError
from rostra.sitegen.frames import Frames
from rostra.sitegen.press import Press
from tests.rostra.sitegen._library import LIBRARY, small_site

NOW = datetime(2024, 6, 1, tzinfo=UTC)
TALK = "title: On {0}\nstart: 2024-05-0{1} 10:00\nspeakers: [{2}]\ntopics: [{0}]\n"
KNOWN = {
    **{name: LIBRARY[name] for name in ("site.yaml",)},
    "weekly/trust.yaml": TALK.format("trust", 5, "wang"),
    "weekly/doubt.yaml": TALK.format("doubt", 6, "ann"),
}


@pytest.fixture
def small(seminars) -> Edition:
    return edition.read(seminars().parent, "seminars", NOW, live=False)


def published(one: Edition, folder: Path) -> Press:
    press = Press(folder / "site", folder / "memory.json")
    frames = Frames(lambda output, paired: f"<main>{output.text}</main>", asked=())
    one.write(press, frames, one.site([]))
    one.write_search(press, one.site([]))
    press.finish()
    press.remember()
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


def seen(one: Edition, folder: Path, **files: str) -> Press:
    press = Press(folder / "site", folder / "memory.json")
    for name, text in files.items():
        press.put(f"{name}.html", text.encode())
    press.finish()
    one.remember(press)
    one.keep_secrets(press, all_files=False)
    press.remember()
    return press


def test_a_file_that_tells_a_secret_is_taken_away(small, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("ROSTRA_SECRET_ROOM", "correct horse battery staple")
    with pytest.raises(UnfitError, match=r"a\.html:1"):
        seen(small, tmp_path, a="<p>Correct horse battery staple</p>", b="<p>harmless</p>")
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["b.html"]
    assert not (tmp_path / "memory.json").exists(), "nothing of that build counts as looked at"


def test_a_new_secret_is_looked_for_in_files_that_did_not_change(
    small, tmp_path, monkeypatch
) -> None:
    pages = {"a": "<p>Correct horse battery staple</p>"}
    seen(small, tmp_path, **pages)
    assert seen(small, tmp_path, **pages).changed == []
    monkeypatch.setenv("ROSTRA_SECRET_ROOM", "correct horse battery staple")
    with pytest.raises(UnfitError, match=r"a\.html:1"):
        seen(small, tmp_path, **pages)


def test_what_programs_would_misread_ends_the_build(small, tmp_path) -> None:
    (tmp_path / "a.ics").write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    with pytest.raises(UnfitError, match=r"a\.ics"):
        small.lint(tmp_path)


def tree(site: Path) -> dict[Path, bytes]:
    files = (path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site): path.read_bytes() for path in files}


@pytest.mark.parametrize("damaged", [False, True], ids=["as it was", "damaged"])
def test_a_build_after_an_edit_equals_one_from_nothing(tmp_path, damaged: bool) -> None:
    """What is left alone is what would have been written."""
    first = small_site(tmp_path / "here", KNOWN, "2024-05-10T00:00:00Z")
    edited = KNOWN | {"weekly/trust.yaml": KNOWN["weekly/trust.yaml"].replace("trust", "faith", 1)}
    before = {path: path.stat().st_mtime_ns for path in first.rglob("*.ics")}
    if damaged:
        for memory in (tmp_path / "here/.cache/rostra").glob("*.json"):
            memory.write_text(memory.read_text()[:-100])
    again = small_site(tmp_path / "here", edited, "2024-05-10T00:00:00Z")
    anew = small_site(tmp_path / "there", edited, "2024-05-10T00:00:00Z")
    assert tree(again) == tree(anew)
    untouched = [path for path, time in before.items() if path.stat().st_mtime_ns == time]
    assert bool(untouched) is not damaged
