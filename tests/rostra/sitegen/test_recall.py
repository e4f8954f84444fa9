"""What was parsed once is recalled by its text, with the same data and the same places."""

import os
from pathlib import Path

import pytest

from rostra.sitegen import reading, recall
from rostra.sitegen.recall import Recall

TEXT = (
    'title: {en: "On trust", zh: 论信任}\ntimes: [1, 2.5, no, ~, 1e3, .inf]\nabstract: |\n  Why?\n'
)
NOTHING = (b"", b"[", b'["x", 1]', b"{}", b"[1, 2, 3]", b'["", []]', b"\xff")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "talk.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def again(path: Path) -> Recall:
    first = Recall(path.with_name("memory.json"))
    first.read(path)
    first.keep()
    return Recall(path.with_name("memory.json"))


def test_a_file_is_parsed_once(path, monkeypatch) -> None:
    parsed = reading.read(path)
    second = again(path)
    monkeypatch.setattr(recall.reading, "parse", None)
    assert second.read(path).data == parsed.data


def test_a_fault_stands_where_it_would_stand(path) -> None:
    parsed, recalled = reading.read(path), again(path).read(path)
    for document in (parsed, recalled):
        document.report(("title", "zh"), "type", "wrong")
        document.report(("times", 2), "type", "wrong", on="key")
    assert recalled.faults == parsed.faults
    assert recalled.places == parsed.places


@pytest.mark.parametrize(
    "text",
    ["a: [", "a: 1\na: 2\n", "join: !secret zoom\n", "join: !%73ecret zoom\n", "a: \u202e\n"],
)
def test_faults_and_secrets_are_read_each_time(path, text) -> None:
    path.write_text(text, encoding="utf-8")
    second = again(path)
    assert not second.before
    assert second.read(path) == reading.read(path)


def test_another_text_is_parsed(path) -> None:
    second = again(path)
    path.write_text("title: Another\n", encoding="utf-8")
    assert second.read(path).data == {"title": "Another"}
    second.keep()
    assert len(Recall(second.memory).before) == 1, "what is gone is forgotten"


@pytest.mark.parametrize("damage", NOTHING)
def test_a_damaged_memory_is_ignored(path, damage) -> None:
    second = again(path)
    second.memory.write_bytes(damage)
    assert Recall(second.memory).read(path).data == reading.read(path).data


def test_a_memory_of_which_a_letter_is_another_is_ignored(path) -> None:
    second = again(path)
    whole = second.memory.read_bytes()
    second.memory.write_bytes(whole.replace(b"On trust", b"On truss"))
    assert second.memory.read_bytes() != whole
    assert not Recall(second.memory).before


@pytest.mark.parametrize("told", ["{", 3])
def test_data_that_is_none_is_read_from_the_file(path, told) -> None:
    second = again(path)
    second.before = {name: row._replace(told=told) for name, row in second.before.items()}
    assert second.read(path).data == reading.read(path).data


@pytest.mark.parametrize("changed", recall.READERS)
def test_other_code_parses_anew(path, monkeypatch, changed) -> None:
    second = again(path)
    assert second.before
    versions = recall.version
    monkeypatch.setattr(recall, "version", lambda name: versions(name) + "!" * (name == changed))
    assert not Recall(second.memory).before


def test_another_python_parses_anew(path, monkeypatch) -> None:
    second = again(path)
    monkeypatch.setattr(recall.sys, "version", "2.7")
    assert not Recall(second.memory).before


def test_what_must_be_looked_at_each_time_is_forgotten(path) -> None:
    first = again(path)
    first.forget(first.read(path))
    first.keep()
    assert not Recall(first.memory).before


def test_a_file_that_looks_as_it_did_is_not_opened(path, monkeypatch) -> None:
    parsed = reading.read(path)
    monkeypatch.setattr(recall, "SETTLED", -recall.SETTLED)
    second = again(path)
    monkeypatch.setattr(recall.reading, "read_text", None)
    document = second.read(path)
    assert document.data == parsed.data
    assert second.texts == {path.as_posix(): second.before[path.as_posix()].digest}


def test_a_file_that_has_just_changed_is_opened(path) -> None:
    second = again(path)
    assert second.before[path.as_posix()].seen == []
    seen = path.stat()
    path.write_text(TEXT.replace("Why?", "How?"), encoding="utf-8")
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert "How?" in str(second.read(path).data)


def test_a_change_that_keeps_size_and_time_is_seen(path, monkeypatch) -> None:
    monkeypatch.setattr(recall, "SETTLED", -recall.SETTLED)
    second, seen = again(path), path.stat()
    other = path.with_name("other")
    other.write_text(TEXT.replace("Why?", "How?"), encoding="utf-8")
    os.utime(other, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    other.replace(path)
    assert "How?" in str(second.read(path).data)


def test_a_link_in_the_place_of_a_file_is_refused(path, monkeypatch) -> None:
    monkeypatch.setattr(recall, "SETTLED", -recall.SETTLED)
    second = again(path)
    moved = path.rename(path.with_name("moved.yaml"))
    path.symlink_to(moved)
    assert [fault.message for fault in second.read(path).faults] == ["links are not followed"]
