"""One edition: what it writes follows from the entries, and what must not be published is not."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from mkdocs.exceptions import MkDocsException

from rostra.sitegen import archive, edition, programme, shell
from rostra.sitegen.edition import Edition, UnfitError
from rostra.sitegen.frames import Frames
from rostra.sitegen.press import Press
from tests.rostra.sitegen._desk import Desk
from tests.rostra.sitegen._edits import BROKEN, BUNCHES, EDITS, edited

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
    press.remember()
    return press


def test_the_same_entries_make_the_same_files_and_nothing_is_written_twice(small, tmp_path) -> None:
    first = published(small, tmp_path).written
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


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.mark.parametrize("names", BUNCHES, ids=" + ".join)
def test_a_build_after_edits_equals_one_from_nothing(desk: Desk, monkeypatch, names) -> None:
    """What is left alone is what would have been written."""
    monkeypatch.setattr(
        archive, "FEW", 5
    )  # as many as there are: one more, and a year is elsewhere
    desk.begin()
    assert desk.stale(edited(desk.world, names)) == []


def damage(desk: Desk, chance: Random) -> None:
    """Do to a file of the site, or to what a build remembers, what nobody should."""
    files = sorted(path for path in (desk.project / "site").rglob("*") if path.is_file())
    there = [path for path in desk.memories if path.exists()]
    path = chance.choice([*chance.sample(files, 5), *there])
    content = path.read_bytes()
    path.unlink()
    if kept := chance.choice([b"", content[:-100], content[::-1], b"other"]):
        path.write_bytes(kept)


def test_a_walk_of_edits_faults_and_damage_ends_where_a_build_from_nothing_does(
    desk: Desk, monkeypatch
) -> None:
    """Edits come and go, also past builds that fail; every few are compared."""
    monkeypatch.setattr(archive, "FEW", 5)
    monkeypatch.setattr(programme, "MANY", 5)
    chance, made = Random(7), set[str]()
    desk.begin()
    for step in range(1, 26):
        made ^= {chance.choice([*EDITS])}
        broken = chance.choice([*BROKEN]) if step % 5 == 3 else ""
        damage(desk, chance)
        world = edited(desk.world, made, lenient=True)
        if broken:
            with pytest.raises(MkDocsException):
                desk.warm(BROKEN[broken](world))
        elif step % 5 == 0:
            assert desk.stale(world, apart=step == 25) == [], sorted(made)
        else:
            desk.warm(world)
