import math
import os
import sys

import pytest

from rostra.sitegen.reading import LONGEST, Secret, parse, read, where
from rostra.sitegen.scalars import scalar

# The core schema of YAML 1.2 (10.3.2), and what YAML 1.1 would make of the same text.
SCALARS = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "nULL": "nULL",
    "true": True,
    "TRUE": True,
    "False": False,
    "tRUE": "tRUE",
    "yes": "yes",
    "Yes": "Yes",
    "no": "no",
    "NO": "NO",
    "on": "on",
    "off": "off",
    "y": "y",
    "n": "n",
    "12:30": "12:30",
    "1:30:00": "1:30:00",
    "190:20:30.15": "190:20:30.15",
    "2022-03-06": "2022-03-06",
    "2022-03-06 10:00": "2022-03-06 10:00",
    "0": 0,
    "012": 12,
    "-7": -7,
    "+7": 7,
    "0o14": 12,
    "0x1F": 31,
    "0b11": "0b11",
    "1_000": "1_000",
    "1.5": 1.5,
    ".5": 0.5,
    "5.": 5.0,
    "1e3": 1000.0,
    "-.inf": -math.inf,
    "8/255": "8/255",
    "=": "=",
    "<<": "<<",
}


@pytest.mark.parametrize(("text", "value"), SCALARS.items())
def test_plain_scalars_are_read_as_yaml_1_2(text: str, value: object) -> None:
    found = scalar(text)
    assert found == value
    assert type(found) is type(value)


def test_not_a_number_is_a_number() -> None:
    found = scalar(".nan")
    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize("quoted", ['"no"', "'no'", '"12"', "'~'", '"true"'])
def test_quoted_scalars_are_text(quoted: str) -> None:
    assert parse(f"a: {quoted}").data == {"a": quoted[1:-1]}


def test_keys_are_text_as_written() -> None:
    assert parse("2022: a\nno: b\n12:30: c").data == {"2022": "a", "no": "b", "12:30": "c"}


def test_every_value_and_key_has_its_place() -> None:
    text = "a: 1\nb:\n  - x\n  - c: 标题\n    d: z\n"
    document = parse(text)
    places = {at: where(text, place.start)[:2] for at, place in document.places.items()}
    assert places == {
        (): (1, 1),
        ("a",): (1, 4),
        ("b",): (3, 3),
        ("b", 0): (3, 5),
        ("b", 1): (4, 5),
        ("b", 1, "c"): (4, 8),
        ("b", 1, "d"): (5, 8),
    }
    assert where(text, document.places["b", 1, "d"].key)[:2] == (5, 5)


def test_a_secret_is_only_its_name() -> None:
    assert parse("join: !secret ZOOM").data == {"join": Secret("ZOOM")}


# ⟦ stands where the fault must be reported, and is not part of the text.
BROKEN = {
    "duplicate": ("a: 1\nb: 2\n⟦a: 3\n", "duplicate-key", "already on line 1"),
    "nested duplicate": ("x:\n  k: 1\n  ⟦k: 2\n", "duplicate-key", "already on line 2"),
    "alias": ("a: &it [1]\n⟦b: *it\n", "alias", "write the value out"),
    "merge": ("a: &it {x: 1}\nb:\n  ⟦<<: *it\n", "alias", "write the value out"),
    "tag": ("a: ⟦!!python/object:os.system x\n", "tag", "only !secret"),
    "unclosed": ("a: [1, 2\n⟦", "yaml", "not YAML"),
    "colon": ("title: One⟦: two\n", "yaml", "mapping values are not allowed"),
    "tab": ("a:\n⟦\tb: 1\n", "yaml", "not YAML"),
    "two documents": ("a: 1\n⟦---\nb: 2\n", "yaml", "not YAML"),
    "control character": ("a: x⟦\x07y\n", "yaml", "U+0007"),
    "escaped control character": ('a: ⟦"x\\x07y"\n', "character", "U+0007"),
    "escaped half": ('a: ⟦"\\ud800"\n', "character", "U+D800"),
    "turned around": ("a: x⟦\u202ey\n", "bidi", "U+202E turns around"),
    "turned around in a comment": ("a: x # ⟦\u2066y\n", "bidi", "U+2066"),
    "turned around by an escape": ('a: ⟦"x\\u202ey"\n', "bidi", "U+202E"),
    "no width": ("a: x⟦\u200by\n", "character", "U+200B"),
    "marks without end": ("a: xe⟦" + "\u0301" * 5 + "y\n", "character", "too many marks"),
    "a long value": ("b: 1\na: ⟦" + "x" * (LONGEST + 1) + "\n", "size", "longer than 50,000"),
    "escaped key": ('⟦"\\x07": y\n', "yaml", "a key must be one word"),
    "tagged list": ("a: ⟦!!python/tuple [1]\n", "tag", "only !secret"),
    "list as key": ("⟦[1, 2]: x\n", "yaml", "a key must be one word"),
}


@pytest.mark.parametrize(("text", "rule", "words"), BROKEN.values(), ids=BROKEN)
def test_broken_notation_is_reported_where_it_is(text: str, rule: str, words: str) -> None:
    line, column, _ = where(text, text.index("⟦"))
    (fault,) = parse(text.replace("⟦", ""), "f.yaml").faults
    assert (fault.rule, fault.line, fault.column) == (rule, line, column)
    assert words in fault.message


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("title: One: two\n", "stands in quotes"),
        ("a:\n\tb: 1\n", "with blanks"),
        ("a: 1\nb: {en: x,\n  zh: y\nc: 3\n", "the { of line 2 is not closed"),
        ("a: [1,\n2\nc: 3\n", "the [ of line 1 is not closed"),
        ("a: b\nnothing\n", "ends with ': '"),
    ],
)
def test_the_commonest_slips_come_with_advice(text: str, advice: str) -> None:
    (fault,) = parse(text).faults
    assert advice in fault.suggestion


def test_an_alias_bomb_is_refused_at_once() -> None:
    levels = "".join(f"l{i}: &l{i} [*l{i - 1}, *l{i - 1}]\n" for i in range(1, 60))
    assert {fault.rule for fault in parse("l0: &l0 x\n" + levels).faults} == {"alias"}


@pytest.mark.parametrize("limit", [1000, 3000])
def test_deep_nesting_is_a_fault_and_no_crash(limit: int) -> None:
    """Whatever recursion limit another library has set."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    try:
        faults = parse("[" * 400 + "]" * 400).faults
    finally:
        sys.setrecursionlimit(before)
    assert [(fault.rule, fault.message) for fault in faults] == [("yaml", "nested too deeply")]


def test_a_file_that_is_too_long_is_not_read() -> None:
    assert [fault.rule for fault in parse("a: " + "x" * 1_000_001).faults] == ["size"]


def test_files_are_utf_8_with_or_without_mark(tmp_path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfa: \xe6\xa0\x87\r\nb: 1\r\n")
    assert read(tmp_path / "a.yaml").data == {"a": "标", "b": 1}
    (tmp_path / "b.yaml").write_bytes(b"a: 1\nb: x\xff\n")
    (fault,) = read(tmp_path / "b.yaml").faults
    assert (fault.rule, fault.line, fault.column) == ("encoding", 2, 5)


def test_marks_that_a_language_needs_are_read() -> None:
    text = "Vie\u0323\u0302t, \u05d0\u200f, \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert parse(f"a: {text}\n").data == {"a": text}


def test_what_is_no_file_is_not_opened(tmp_path) -> None:
    """A pipe that nobody writes to would be waited for without end."""
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "device.yaml").symlink_to("/dev/zero")
    (tmp_path / "big.yaml").write_bytes(b"a" * 4_000_001)
    for name, rule in {"pipe": "file", "folder": "file", "device": "file", "big": "size"}.items():
        assert [one.rule for one in read(tmp_path / f"{name}.yaml").faults] == [rule]


def test_an_absent_file_is_a_fault(tmp_path) -> None:
    (fault,) = read(tmp_path / "none.yaml", "seminars/none.yaml").faults
    assert (fault.file, fault.line, fault.rule) == ("seminars/none.yaml", 1, "file")


# what: (YAML, what it reads as)
FOLDED = {
    "block": (
        "a: >-\n  可解释人工智能，\n  在会议上\n  发表论文\n",
        "可解释人工智能，在会议上发表论文",
    ),
    "commented block": ("a: >-  # 说明\n  甲\n  乙\n", "甲乙"),
    "paragraphs": ("a: >-\n  甲\n  乙\n\n  丙\n", "甲乙\n丙"),
    "plain": ("a: 甲\n  乙\n", "甲乙"),
    "quoted": ("a: '甲，\n  乙'\n", "甲，乙"),
    "beside a wide mark": (
        "a: >-\n  两者都不需要，\n  BadBatch\n  （如此）\n",
        "两者都不需要，BadBatch（如此）",
    ),
    "typed inside a line": ("a: >-\n  甲 乙\n  丙\n", "甲 乙丙"),
    "beside Latin": ("a: >-\n  实习生\n  Zijing Ou\n  发表\n", "实习生 Zijing Ou 发表"),
    "Latin": ("a: >-\n  on\n  trust.\n  Why\n", "on trust. Why"),
    "kept lines": ("a: |-\n  甲\n  乙\n", "甲\n乙"),
    "escaped": ('a: "甲\\n乙\n  丙"\n', "甲\n乙 丙"),
}


@pytest.mark.parametrize(("text", "value"), FOLDED.values(), ids=FOLDED)
def test_a_folded_line_leaves_no_blank_in_chinese(text: str, value: str) -> None:
    document = parse(text)
    assert document.faults == []
    assert document.data == {"a": value}
