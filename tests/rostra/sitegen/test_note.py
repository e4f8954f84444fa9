"""Notes: their heads, their languages, and where a fault is."""

from pathlib import Path

import pytest

from rostra.sitegen.note import Note, read
from rostra.sitegen.person import Person
from rostra.sitegen.reading import Document
from rostra.sitegen.series import Known, Setting

ANN = Person.model_validate({"name": "Ann Lee"}, context=Setting(key="ann"))
SETTING = Setting(people={"ann": ANN}, known=Known(talks=frozenset({"weekly/trust"})))
HEAD = "---\ndescription: What I saw.\nauthor: ann\ndate: 2024-05-05\n{more}---\n"
NOTE = HEAD + "\nIntro.\n\n# On *trust* { #trust }\n\nText.\n"
CHINESE = "---\ndescription: 所见。\n---\n# 论信任\n"


def written(docs: Path, files: dict[str, str]) -> tuple[list[Note], list[Document]]:
    for name, text in files.items():
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text(text, encoding="utf-8")
    found = list(read(docs, SETTING))
    return [note for _, note in found if note], [document for document, _ in found]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return tmp_path / "docs"


def test_a_note_is_read_from_its_head_and_its_first_heading(docs: Path) -> None:
    more = "tags: [{en: Trust, zh: 信任}, x]\ncategories: [Lab]\ntalk: weekly/trust\n"
    (note,), documents = written(docs, {"notes/on-trust.md": NOTE.replace("{more}", more)})
    assert [one.faults for one in documents] == [[]]
    assert (note.slug, note.title.en, note.about.en) == ("on-trust", "On *trust*", "What I saw.")
    assert (note.head.author, str(note.head.date)) == (ANN, "2024-05-05")
    assert (len(note.head.tags), note.head.talk) == (2, "weekly/trust")


def test_a_translation_has_words_of_its_own(docs: Path) -> None:
    files = {"notes/a.md": NOTE.replace("{more}", ""), "zh/notes/a.md": CHINESE}
    (note,), documents = written(docs, files)
    assert len(documents) == 2
    assert (note.title.zh, note.about.zh) == ("论信任", "所见。")
    assert (note.page("en"), note.page("zh")) == ("notes/a/", "zh/notes/a/")


def test_a_note_in_one_language_is_read_there(docs: Path) -> None:
    chinese = HEAD.replace("{more}", "").replace("What I saw.", "所见。") + "# 论信任\n"
    files = {"zh/notes/b.md": chinese, "notes/a.md": NOTE.replace("{more}", "")}
    notes, _ = written(docs, files)
    assert {note.page("en") for note in notes} == {"notes/a/", "zh/notes/b/"}
    assert {note.page("zh") for note in notes} == {"notes/a/", "zh/notes/b/"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (NOTE.replace("{more}", "talk: weekly/trost\n"), ("unknown-talk", 5, 7)),
        (NOTE.replace("{more}", "").replace("ann", "bob"), ("unknown-person", 3, 9)),
        (NOTE.replace("{more}", "tagz: []\n"), ("unknown-key", 5, 1)),
        (NOTE.replace("{more}", "").replace("# On *trust* { #trust }", ""), ("missing-key", 2, 1)),
        ("# On trust\n", ("front-matter", 1, 1)),
        (NOTE.replace("{more}", "").replace("On *trust*", "On $\\los$"), ("formula", 9, 7)),
    ],
)
def test_a_fault_is_where_it_stands(docs: Path, text: str, place: tuple[str, int, int]) -> None:
    notes, (document,) = written(docs, {"notes/a.md": text})
    assert notes == []
    assert [(one.rule, one.line, one.column) for one in document.faults] == [place]
    assert document.file == "docs/notes/a.md"


def test_a_faulty_translation_leaves_no_half_of_a_note(docs: Path) -> None:
    files = {"notes/a.md": NOTE.replace("{more}", ""), "zh/notes/a.md": "# 论信任\n"}
    notes, documents = written(docs, files)
    assert notes == []
    assert [[fault.rule for fault in one.faults] for one in documents] == [[], ["front-matter"]]


def test_there_may_be_none(docs: Path) -> None:
    assert written(docs, {}) == ([], [])
