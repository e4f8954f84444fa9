"""The press: what changed is written, whole; what did not is not touched; what is old goes."""

import os
from pathlib import Path

import pytest

from rostra.sitegen.press import Press

FILES = {"a.txt": b"1", "b/c.txt": b"2", "b/d/e.txt": b"3"}


def printed(tmp_path: Path, files: dict[str, bytes]) -> Press:
    press = Press(tmp_path / "site", tmp_path / "memory.json")
    for path, content in files.items():
        press.put(path, content)
    press.finish()
    press.remember()
    return press


def there(tmp_path: Path) -> dict[str, bytes]:
    site = tmp_path / "site"
    found = (path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in found}


def test_what_is_put_is_there_and_nothing_else(tmp_path) -> None:
    assert printed(tmp_path, FILES).changed == list(FILES)
    assert there(tmp_path) == FILES


def test_only_what_changed_is_written_again(tmp_path) -> None:
    printed(tmp_path, FILES)
    before = (tmp_path / "site/b/c.txt").stat()
    assert printed(tmp_path, FILES | {"a.txt": b"new"}).changed == ["a.txt"]
    assert there(tmp_path) == FILES | {"a.txt": b"new"}
    after = (tmp_path / "site/b/c.txt").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_what_no_build_writes_any_more_is_taken_away_with_its_folder(tmp_path) -> None:
    printed(tmp_path, FILES)
    (tmp_path / "site/stranger.txt").write_text("of nobody")
    printed(tmp_path, {"a.txt": b"1"})
    assert there(tmp_path) == {"a.txt": b"1"}
    assert not (tmp_path / "site/b").exists()


def test_what_is_hidden_belongs_to_the_host(tmp_path) -> None:
    kept = tmp_path / "site/.git/HEAD"
    kept.parent.mkdir(parents=True)
    kept.write_text("ref")
    printed(tmp_path, FILES)
    assert kept.read_text() == "ref"


@pytest.mark.parametrize("change", ["other", "1", None], ids=["changed", "touched", "removed"])
def test_what_somebody_else_did_to_a_file_is_undone(tmp_path, change: str | None) -> None:
    printed(tmp_path, FILES)
    path = tmp_path / "site/a.txt"
    path.unlink() if change is None else path.write_text(change)
    printed(tmp_path, FILES)
    assert there(tmp_path) == FILES


@pytest.mark.parametrize(
    "memory",
    ["", "[]", "{", '{"a.txt": 1}', '{"a.txt": ["x", "y", "z"]}', '{"a.txt": [1]}', "\x00"],
)
def test_a_damaged_memory_is_ignored(tmp_path, memory: str) -> None:
    printed(tmp_path, FILES)
    (tmp_path / "memory.json").write_text(memory)
    (tmp_path / "site/a.txt").write_text("0")
    assert printed(tmp_path, FILES).changed == list(FILES)
    assert there(tmp_path) == FILES


def test_no_two_files_have_one_path(tmp_path) -> None:
    press = Press(tmp_path / "site", tmp_path / "memory.json")
    press.put("a.txt", b"1")
    with pytest.raises(ValueError, match=r"a\.txt is written twice"):
        press.put("a.txt", b"1")


def test_what_is_made_of_the_same_is_kept_unread(tmp_path) -> None:
    first = Press(tmp_path / "site", tmp_path / "memory.json")
    first.put("a.txt", b"1", "of this")
    first.put("b.txt", b"1")
    first.finish()
    first.remember()
    again = Press(tmp_path / "site", tmp_path / "memory.json")
    assert not again.keep("a.txt", "of that")
    assert not again.keep("b.txt", ""), "nobody knows what it was made of"
    assert again.keep("a.txt", "of this")
    again.finish()
    assert there(tmp_path) == {"a.txt": b"1"}


def test_a_kept_file_that_somebody_changed_is_not_kept(tmp_path) -> None:
    first = Press(tmp_path / "site", tmp_path / "memory.json")
    first.put("a.txt", b"1", "of this")
    first.remember()
    (tmp_path / "site/a.txt").write_bytes(b"2")
    assert not Press(tmp_path / "site", tmp_path / "memory.json").keep("a.txt", "of this")


def test_a_build_that_was_broken_off_remembers_nothing(tmp_path) -> None:
    printed(tmp_path, FILES)
    broken = Press(tmp_path / "site", tmp_path / "memory.json")
    broken.put("a.txt", b"secret")
    assert printed(tmp_path, FILES | {"a.txt": b"secret"}).changed == ["a.txt"]


def test_what_of_a_memory_is_lost_is_not_taken_for_what_was_written(tmp_path) -> None:
    first = Press(tmp_path / "site", tmp_path / "memory.json")
    for path in FILES:
        first.put(path, FILES[path], "of this", "talks/weekly/trust")
    first.remember()
    memory = tmp_path / "memory.json"
    memory.write_text(memory.read_text().replace('"a.txt"', '"z.txt"'))
    assert not Press(tmp_path / "site", memory).stands("talks/weekly/trust", "of this")


def test_links_to_folders_and_what_nobody_may_look_into_are_the_host_s(tmp_path) -> None:
    printed(tmp_path, FILES)
    other = tmp_path / "other"
    other.mkdir()
    (other / "kept.txt").write_text("of somebody else")
    (tmp_path / "site/latest").symlink_to(other)
    printed(tmp_path, FILES)
    assert (tmp_path / "site/latest/kept.txt").read_text() == "of somebody else"


def test_what_a_killed_build_had_begun_to_remember_goes_with_the_next_one(tmp_path) -> None:
    """At once what is of this site, what others may be writing once it is old."""
    here = tmp_path / ".cache"
    here.mkdir()
    own = here / "0a.json.7.part", here / "0a.words.json.7.part"
    others = here / "0ab.json.8.part", here / "entries.json.8.part"
    old = here / "entries.json.9.part"
    for part in (*own, *others, old):
        part.write_bytes(b"half")
    os.utime(old, (0, 0))
    Press(tmp_path / "site", here / "0a.json").turn.over()
    assert {*here.glob("*.part")} == {*others}
