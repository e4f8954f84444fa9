"""WebVTT: what is said, when, and by whom."""

from time import process_time

import pytest

from rostra.sitegen.captions import Cue, read
from rostra.sitegen.programme import load
from rostra.sitegen.reading import Document

TEXT = """\
WEBVTT - a talk

STYLE
::cue { color: red }

NOTE
not said

1
00:00.500 --> 00:02.000 align:start
<v Ann Lee>Good <i>morning</i>,
all of you.

01:00:02.000 --> 01:00:03.250
AT&amp;T &lt;3
"""


def test_cues_are_read_without_markup() -> None:
    cues = read(Document("x.vtt", TEXT))
    assert cues == (
        Cue(0.5, 2.0, "Good morning, all of you.", "Ann Lee"),
        Cue(3602.0, 3603.25, "AT&T <3"),
    )


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_may_end_as_they_like(end: str) -> None:
    assert read(Document("x.vtt", TEXT.replace("\n", end))) == read(Document("x.vtt", TEXT))


def test_a_fault_is_where_the_line_is() -> None:
    document = Document("x.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\na\n\n2\nten --> eleven\nb\n")
    assert len(read(document)) == 1
    assert [(fault.line, fault.column, fault.rule) for fault in document.faults] == [
        (7, 1, "captions")
    ]


def test_a_file_beside_the_talk_is_its_captions(seminars) -> None:
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\n你好\n"
    talk = load(seminars({"weekly/trust.zh.vtt": vtt, "weekly/trust.en.vtt": TEXT})).talks[0]
    found = [(one.language, one.file, len(one.cues)) for one in talk.captions]
    assert found == [("en", "trust.en.vtt", 2), ("zh", "trust.zh.vtt", 1)]


def test_what_is_said_is_checked_for_private_words(seminars) -> None:
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\nwrite to ann@uni.example\n"
    with pytest.raises(ValueError, match=r"trust\.en\.vtt:4:10: a mail address"):
        load(seminars({"weekly/trust.en.vtt": vtt}))


BOMBS = ("<", "<v ", "<v" + " " * 50, "&", "00:01.000 --> ", "\n\n", "-->\n", "<v.a")


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_text_takes_long(bomb: str) -> None:
    begun = process_time()
    read(Document("x.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n" + bomb * (400_000 // len(bomb))))
    assert process_time() - begun < 8


def test_an_hour_without_end_is_a_fault() -> None:
    document = Document("x.vtt", f"WEBVTT\n\n{'9' * 5000}:00:01.000 --> 00:02.000\nx\n")
    assert read(document) == ()
    assert [fault.rule for fault in document.faults] == ["captions"]
