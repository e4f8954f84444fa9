import time

import pytest

from rostra.sitegen.pasted.labels import LABELS, parts


@pytest.mark.parametrize(
    "line",
    ["Title: On trust", "**Title:** On trust", "- Title : On trust", "【题目】On trust",
     "题 目：On trust",
     "題目/Title: On trust", "Title (题目)：On trust", "Title\tOn trust", "> Title: On trust",
     "1. 报告题目：On trust", "# Title\nOn trust"],
)  # fmt: skip
def test_a_label_has_many_forms(line) -> None:
    assert parts(line).labelled == {"title": ["On trust"]}


def test_a_text_goes_on_and_a_line_does_not() -> None:
    found = parts("Speaker: Ann Lee\n\nSome words.\nAbstract: One.\n\nTwo.\n\nBest regards,\nCarl")
    assert found.labelled == {"speaker": ["Ann Lee"], "abstract": ["One.\n\nTwo."]}
    assert found.rest == ["Some words.", "Best regards,\nCarl"]


def test_headers_of_the_mail_are_not_of_the_talk() -> None:
    found = parts("From: a\nSubject: On trust\nDate: Mon, 4 Jan 2027 09:12:33 +0100\n\nHello")
    assert (found.subject, found.labelled) == ("On trust", {})


def test_several_labels_in_a_line_are_taken_apart() -> None:
    assert parts("Time: 3 pm | Room: 204").labelled == {"time": ["3 pm"], "place": ["204"]}


def test_a_colon_in_a_sentence_is_no_label() -> None:
    assert parts("We ask one question: what is trust?").labelled == {}


def test_megabytes_are_read_in_a_moment() -> None:
    began = time.process_time()
    for text in ("[" * 200_000, "Title " * 40_000, "a\t" * 100_000, "> " * 100_000, "* _" * 60_000):
        parts(text)
    assert time.process_time() - began < 20
    assert len(LABELS) > 15
