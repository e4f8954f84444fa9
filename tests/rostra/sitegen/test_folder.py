"""Every rule of the checker, each with the exact place of its fault."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.sitegen import folder as folders
from rostra.sitegen.contents import Contents
from rostra.sitegen.reading import parse, where
from rostra.sitegen.series import Series, Setting
from tests.rostra.sitegen._faults import FAULTS, SERIES, SITE, TALK, TALK_FILE

NOW = datetime(2024, 5, 1, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(("file", "text", "rule", "words"), FAULTS.values(), ids=FAULTS)
def test_each_fault_is_reported_once_at_its_place(seminars, file, text, rule, words) -> None:
    line, column, _ = where(text, text.index("⟦"))
    changes = {TALK_FILE: TALK, "series.yaml": SERIES} | {file: text.replace("⟦", "")}
    faults = folders.read(seminars(changes)).faults
    found = [(f.file, f.rule, f.line, f.column) for f in faults]
    assert found == [(f"seminars/{file}", rule, line, column)]
    assert words in str(faults[0])


def test_all_faults_of_all_files_come_at_once_in_order(seminars) -> None:
    changes = {
        "site.yaml": SITE + "colour: x\n",
        "people.yaml": "wang:\n  nam: W\n",
        "weekly/trust.yaml": "title: 7\nstart: never\nspeakers: [wang, bob]\nx: 1\n",
        "weekly/other.yaml": TALK + "status: sold out\n",
    }
    found = [(f.file, f.line, f.rule) for f in folders.read(seminars(changes)).faults]
    assert found == [
        ("seminars/people.yaml", 2, "unknown-key"),
        ("seminars/series.yaml", 3, "unknown-person"),
        ("seminars/site.yaml", 6, "unknown-key"),
        ("seminars/weekly/other.yaml", 4, "choice"),
        ("seminars/weekly/trust.yaml", 1, "type"),
        ("seminars/weekly/trust.yaml", 2, "time-format"),
        ("seminars/weekly/trust.yaml", 3, "unknown-person"),
        ("seminars/weekly/trust.yaml", 4, "unknown-key"),
    ]


def test_who_refers_to_a_faulty_entry_is_not_blamed(seminars) -> None:
    faults = folders.read(seminars({"people.yaml": "wang:\n  nam: W\nann:\n  name: A\n"})).faults
    assert {fault.file for fault in faults} == {"seminars/people.yaml"}


def test_absent_files_are_named(seminars) -> None:
    faults = folders.read(seminars({"site.yaml": None, "people.yaml": None})).faults
    missing = [fault.file for fault in faults if fault.rule == "file"]
    assert missing == ["seminars/people.yaml", "seminars/site.yaml"]


def test_the_contact_is_public_by_intent(seminars) -> None:
    site = SITE + "contact: office@lab.example\n"
    talk = TALK + "abstract: Write to office@lab.example.\n"
    contents = folders.read(seminars({"site.yaml": site, TALK_FILE: talk, "series.yaml": SERIES}))
    assert contents.faults == []
    assert contents.site is not None
    assert contents.site.contact == "office@lab.example"


def test_a_demo_must_exist_where_demos_are_at_hand(seminars) -> None:
    folder = seminars({TALK_FILE: TALK + "demo:\n  name: playgrund\n"})
    assert folders.read(folder).faults == []
    (folder.parent / "demos").mkdir()
    (folder.parent / "demos" / "playground.py").touch()
    (fault,) = folders.read(folder).faults
    assert (fault.line, fault.column, fault.rule) == (5, 9, "unknown-demo")
    assert fault.suggestion == "did you mean 'playground'?"


def test_a_private_value_hidden_by_escapes_is_found(seminars) -> None:
    talk = TALK + 'abstract: "Ask w\\x40uni.example"\n'
    (fault,) = folders.read(seminars({TALK_FILE: talk})).faults
    assert (fault.rule, fault.line, fault.column) == ("private", 4, 11)


def test_links_out_of_the_tree_are_not_followed(seminars, tmp_path) -> None:
    folder = seminars()
    (tmp_path / "outside.yaml").write_text(TALK)
    (folder / "weekly" / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    contents = folders.read(folder)
    assert [fault.message for fault in contents.faults] == ["links are not followed"]
    assert [talk.slug for talk in contents.talks] == ["trust"]


def test_the_secrets_file_is_no_entry(seminars) -> None:
    assert (
        folders.read(seminars({"secrets.yaml": "ROOM: https://zoom.us/j/1?pwd=2\n"})).faults == []
    )


FRAGMENTS = [
    *("title:", "start:", "- ", "[", "]", "{", "}", "&a", "*a", "!secret", "!!int", "|", ">", "#"),
    *("\n", "  ", "\t", '"', "'", ":", "? ", "---", "%", "@", "`", "$x$", "$\\foo$", "012", "~"),
    *("no", "2024-03-31 02:30", "Ω", "标题", "\u202e", "\ufeff", "\x00", "\x85", "\u2028"),
]


@given(st.data())
@settings(max_examples=300)
def test_no_text_makes_the_reader_fall_over(data) -> None:
    """Whatever stands in a file is a talk or a list of faults inside that file, never a crash."""
    text = (
        TALK
        + "abstract:\n  en: |\n    Some text.\n  zh: 文字\nlinks: {slides: https://a.example}\n"
    )
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 8))
        text = text[:at] + data.draw(st.sampled_from(FRAGMENTS)) + text[at + cut :]
    document = parse(text, "seminars/weekly/x.yaml")
    series = Series.model_construct(name="W", zone=BERLIN)
    contents = Contents(Path(), NOW)
    setting = Setting(key="x", zone=BERLIN, series=series, people={})
    talk = folders.read_event(contents, document, setting)
    assert (talk is None) <= bool(document.faults)
    lines = text.split("\n")
    for fault in document.faults:
        assert 1 <= fault.line <= len(lines)
        assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1
        assert str(fault).encode()
