"""Bundles: all files about one thing stay as they are, or none does."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from rostra.sitegen import calendars
from rostra.sitegen.bundles import Bundles, bundle_of
from rostra.sitegen.calendars import Calendars
from rostra.sitegen.feeds import Feeds
from rostra.sitegen.feeds.api import Api
from rostra.sitegen.press import Press
from rostra.sitegen.programme import load
from rostra.sitegen.release import compare
from rostra.sitegen.talk import Talk

NOW = datetime(2024, 6, 1, tzinfo=UTC)

TRUST = SimpleNamespace(bundle="talks/weekly/trust")
FILES = {"talks/weekly/trust/index.html": b"page", "talks/weekly/trust.ics": b"calendar"}


def press(folder: Path) -> Press:
    return Press(folder / "site", folder / "memory.json")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    first = press(tmp_path)
    for path, content in FILES.items():
        first.put(path, content, "of this", TRUST.bundle)
    first.put("talks/all.ics", b"all")
    first.finish()
    first.remember()
    return tmp_path


def again(folder: Path, made_of: str = "of this", known: bool = True) -> Bundles:
    bundles = Bundles(press(folder), lambda _: known)
    bundles.made_of[TRUST.bundle] = made_of
    return bundles


def test_what_is_made_of_the_same_stays(built: Path) -> None:
    bundles = again(built)
    assert bundles.standing == {TRUST.bundle}
    assert bundles.pages == {"talks/weekly/trust/index.html"}
    assert bundles.read("talks/weekly/trust.ics", ("ics", "en", TRUST)) == b"calendar"
    assert bundles.left("talks/all.ics") == b"all"


@pytest.mark.parametrize("lost", FILES)
def test_where_one_file_is_not_as_it_was_all_are_written_again(built: Path, lost: str) -> None:
    (built / "site" / lost).write_bytes(b"of somebody else")
    bundles = again(built)
    assert not bundles.standing
    assert not bundles.pages
    assert bundles.read("talks/weekly/trust.ics", TRUST) is None
    assert bundles.left("talks/all.ics") is None, "no part of it stays"


@pytest.mark.parametrize("made_of", ["of that", ""])
def test_what_is_made_of_something_else_or_of_nobody_knows_what_is_written(built, made_of) -> None:
    assert not again(built, made_of).standing


def test_a_page_whose_words_nobody_knows_is_written(built: Path) -> None:
    assert not again(built, known=False).standing


def test_what_stays_is_of_the_build_and_is_remembered(built: Path) -> None:
    for _ in range(2):
        bundles = again(built)
        assert bundles.press is not None
        bundles.leave()
        bundles.press.finish()
        bundles.press.remember()
        assert set(bundles.press.written) == {*FILES}
        assert not bundles.press.changed
    assert not (built / "site/talks/all.ics").exists(), "no build writes it any more"


def test_a_file_of_a_bundle_is_written_only_where_it_changed(built: Path) -> None:
    second = press(built)
    for path in FILES:
        second.put(path, b"page", "of that", TRUST.bundle)
    assert second.changed == ["talks/weekly/trust.ics"]


def test_nobody_writes_where_a_bundle_that_stays_has_a_file(built: Path) -> None:
    bundles = again(built)
    assert bundles.press is not None
    bundles.press.put("talks/weekly/trust.ics", b"calendar")
    with pytest.raises(ValueError, match=r"trust\.ics is written twice"):
        bundles.leave()


def test_what_is_about_many_things_is_in_no_bundle() -> None:
    assert bundle_of(("feed.xml", "en", TRUST)) == TRUST.bundle
    assert bundle_of(("talks.html", "en", None)) == ""
    assert bundle_of(None) == ""


class Left(Bundles):
    """All files stay as a build has left them."""

    def __init__(self, files: dict[str, str], talks: Iterable[Talk]) -> None:
        super().__init__()
        self._files = files
        self.standing = frozenset(one.bundle for one in talks)

    def read(self, path: str, about: object) -> bytes | None:
        return self._files[path].encode() if bundle_of(about) in self.standing else None

    def left(self, path: str) -> bytes | None:
        return self._files[path].encode()


def test_what_stays_is_told_from_the_lists_as_they_were(seminars, monkeypatch) -> None:
    """Also where a title ends as an event begins, and of more talks than are looked up singly."""
    days = [f"2024-{1 + number // 28:02}-{1 + number % 28:02}" for number in range(80)]
    entries = {
        f"weekly/t{number}.yaml": f"title: What is BEGIN:VEVENT\nstart: {day} 10:00\n"
        for number, day in enumerate(days)
    }
    programme = load(seminars(entries))
    comparison = compare(programme, NOW)
    files = {one.path: one.text for one in Calendars(programme, NOW, comparison).calendars}
    data = {one.path: one.text for one in Feeds(programme, comparison).data}
    left = Left(files | data, programme.talks)
    monkeypatch.setattr(calendars, "event_texts", None)
    monkeypatch.setattr(Api, "talk", None)
    again = Calendars(programme, NOW, comparison, left)
    assert {one.path: one.text for one in again.calendars} == files
    lists = {one.path: one.text for one in Feeds(programme, comparison, left).data}
    assert lists.items() <= data.items()
    assert "api/v1/talks.json" in lists
