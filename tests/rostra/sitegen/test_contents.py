"""What is read keeps its name, and what looks private in it is said once."""

from datetime import UTC, datetime
from pathlib import Path

from rostra.sitegen.contents import Contents
from rostra.sitegen.news import News
from rostra.sitegen.person import Person
from rostra.sitegen.reading import parse
from rostra.sitegen.series import Setting

NOW = datetime(2024, 5, 1, tzinfo=UTC)


def test_files_are_called_by_their_path_from_the_project(tmp_path: Path) -> None:
    contents = Contents(tmp_path / "seminars", NOW)
    assert contents.name(tmp_path / "docs" / "notes" / "a.md") == "docs/notes/a.md"
    document = contents.document(tmp_path / "seminars" / "people.yaml")
    assert contents.of("people") is document
    assert [fault.rule for fault in document.faults] == ["file"]


def test_the_contact_alone_is_public(tmp_path: Path) -> None:
    contents = Contents(tmp_path, NOW, contact="office@lab.example")
    document = parse("a: office@lab.example\nb: ann@lab.example # bob@lab.example\n")
    contents.check_privacy(document)
    assert [(fault.rule, fault.line) for fault in document.faults] == [("private", 2)] * 2


def test_a_faulty_entry_is_known_by_its_key(tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text("ann:\n  nam: A\nbob:\n  name: Bob\n")
    contents = Contents(tmp_path, NOW)
    found = contents.named("people.yaml", Person, Setting())
    assert {key: one.name for key, one in found.items()} == {"ann": "ann", "bob": "Bob"}
    assert [fault.line for one in contents.documents.values() for fault in one.faults] == [2]


def test_a_list_where_keys_are_wanted_is_one_fault(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("- a\n")
    contents = Contents(tmp_path, NOW)
    assert contents.named("x.yaml", News, Setting()) == {}
    (document,) = contents.documents.values()
    assert [fault.rule for fault in document.faults] == ["type"]
