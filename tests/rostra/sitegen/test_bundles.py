"""Bundles: all files about one thing stay as they are, or none does."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from rostra.sitegen.bundles import Bundles, bundle_of
from rostra.sitegen.press import Press

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
