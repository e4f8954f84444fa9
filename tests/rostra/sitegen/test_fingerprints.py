"""A fingerprint changes with all that a file may read, and with nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rostra.sitegen import edition
from rostra.sitegen.edition import Edition
from rostra.sitegen.release import release
from rostra.sitegen.render import for_programs

NOW = datetime(2024, 5, 6, tzinfo=UTC)
TRUST = "title: On trust\nstart: 2024-05-05 10:00\nspeakers: [wang]\ntopics: [trust]\n"
DOUBT = "title: On doubt\nstart: 2024-05-12 10:00\nspeakers: [ann]\ntopics: [doubt]\n"
ENTRIES = {"weekly/trust.yaml": TRUST, "weekly/doubt.yaml": DOUBT}


def read(folder: Path, now: datetime = NOW, **more: Any) -> Edition:
    return edition.read(folder.parent, folder.name, now, live=False, **more)


def prints(found: Edition) -> dict[str, str]:
    """The fingerprint of every file that has one."""
    sheets = (*found.sheets, *for_programs(found.programme, found.now, found.comparison))
    return {sheet.path: made_of for sheet in sheets if (made_of := found.prints.of(sheet.about))}


@pytest.fixture
def folder(seminars: Callable[[dict[str, str]], Path]) -> Path:
    return seminars(ENTRIES)


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {path for path in before if before[path] != after.get(path)}


def test_the_same_entries_have_the_same_fingerprints(folder: Path) -> None:
    before = prints(read(folder))
    assert {"talks/weekly/trust/index.html", "people/wang/feed.xml", "talks/weekly/trust.ics"} <= {
        *before
    }
    assert prints(read(folder)) == before


def test_an_edited_talk_changes_what_is_about_it_and_leaves_the_rest(folder: Path) -> None:
    before = prints(read(folder))
    (folder / "weekly/trust.yaml").write_text(TRUST.replace("On trust", "On faith"))
    told = changed(before, prints(read(folder)))
    assert {
        "talks/weekly/trust/index.html",
        "zh/talks/weekly/trust/index.html",
        "talks/weekly/trust.ics",
        "people/wang/index.html",
        "people/wang.ics",
        "topics/trust/feed.xml",
        "api/v1/talks/weekly/trust.json",
        "talks/all.ics",
    } <= told
    assert not [path for path in told if "doubt" in path or "people/ann" in path]


def test_a_person_changes_the_talks_of_that_person(folder: Path) -> None:
    before = prints(read(folder))
    people = folder / "people.yaml"
    people.write_text(people.read_text().replace("Ann Lee", "Anne Lee"))
    told = changed(before, prints(read(folder)))
    assert {"people/ann/index.html", "talks/weekly/doubt/index.html"} <= told
    assert (
        "talks/weekly/trust/index.html" not in told or "ann" in (folder / "series.yaml").read_text()
    )


def test_the_clock_changes_what_it_sees_otherwise(folder: Path) -> None:
    before = prints(read(folder))
    told = changed(before, prints(read(folder, datetime(2024, 5, 20, tzinfo=UTC))))
    assert "talks/weekly/doubt/index.html" in told
    assert "talks/weekly/trust/index.html" not in told


def test_a_release_changes_what_says_when_the_talk_was_revised(folder: Path) -> None:
    before = prints(read(folder))
    release(read(folder).comparison)
    told = changed(before, prints(read(folder)))
    assert {
        "feed.xml",
        "people/wang/feed.json",
        "topics/trust/rss.xml",
        "talks/weekly/trust.ics",
        "api/v1/talks/weekly/trust.json",
    } <= told
    assert changed(prints(read(folder)), prints(read(folder, NOW + timedelta(days=1)))) == set()


@pytest.mark.parametrize("path", ["site.yaml", "../docs/page.md", "../mkdocs.yml", "news.yaml"])
def test_what_every_file_may_read_changes_all(folder: Path, path: str) -> None:
    target = folder / path
    target.parent.mkdir(exist_ok=True)
    if not target.exists():
        target.write_text("")
    before = prints(read(folder))
    target.write_text(target.read_text() + "\n# other\n")
    assert changed(before, prints(read(folder))) == before.keys()


def test_what_a_link_leads_to_changes_all(folder: Path, tmp_path: Path) -> None:
    """Secrets are often kept elsewhere, and linked to."""
    kept = tmp_path / "kept.yaml"
    kept.write_text("sealed: not yet\n")
    (folder / "secrets.yaml").symlink_to(kept)
    before = prints(read(folder))
    kept.write_text("sealed: not ever\n")
    assert changed(before, prints(read(folder))) == before.keys()


def test_what_pages_are_drawn_with_changes_all(folder: Path) -> None:
    hooks = folder.parent / "hooks.py"
    given: dict[str, Any] = {"settings": {"repo_url": "a"}, "files": ["hooks.py"]}
    hooks.write_text("one = 1\n")
    before = prints(read(folder, **given))
    assert prints(read(folder, **given | {"settings": {"repo_url": "a", "strict": 1}})) == before
    assert changed(before, prints(read(folder, **given | {"settings": {}}))) == before.keys()
    hooks.write_text("two = 2\n")
    assert changed(before, prints(read(folder, **given))) == before.keys()


def test_what_is_not_known_to_be_the_same_has_no_fingerprint(folder: Path) -> None:
    assert {"index.html", "talks/index.html", "people/index.html"}.isdisjoint(prints(read(folder)))
