"""What is said beside the fields: nobody records it, it is off; and what nobody understood."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from rostra.sitegen.pasted.announcement import read
from tests.rostra.sitegen.pasted._reading import errors, written

MAIL = "Title: On doubt\nSpeaker: Cy Fox (MIT)\nTime: 3 December 2026, 15:00\n"


def told(text):
    return read(text, ZoneInfo("Europe/Berlin"), date(2026, 11, 20))


@pytest.mark.parametrize(
    "line",
    ["The talk will not be recorded.", "It won't be recorded.", "Note: no recording, please.",
     "Recording is not permitted.", "Please do not record.", "本次讲座不录制。", "不录像",
     "谢绝录音",
     "Abstract: We ask.\n\nThe talk will not be recorded.", "备注：现场不提供录播"],
)  # fmt: skip
def test_who_must_not_record_is_told(line) -> None:
    assert told(MAIL + line + "\n").unrecorded


@pytest.mark.parametrize(
    "line",
    ["The talk will be recorded.", "Abstract: User data is not recorded. We lost no recording.",
     "摘要：用户数据不会录制下来。", "There is no record of it."],
)  # fmt: skip
def test_other_recordings_are_not_meant(line) -> None:
    assert not told(MAIL + line + "\n").unrecorded


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("Subject: CANCELLED: On doubt", "cancelled"),
        ("The talk has been cancelled.", "cancelled"),
        ("Status: cancelled", "cancelled"),
        ("讲座已取消", "cancelled"),
        ("Last week's talk was cancelled.", ""),
        ("Tomorrow's meeting is cancelled. Next talk: On doubt", ""),
        ("The seminar is postponed.", ""),
        ("讲座延期", ""),
    ],
)
def test_what_became_of_it_is_told_even_where_it_is_not_plain(line, status) -> None:
    found = told(f"{line}\n\n{MAIL}")
    assert found.status == status
    assert [note for note in found.notes if note.startswith("status: ") and line in note]


def test_what_is_not_understood_is_told() -> None:
    found = told(MAIL + "Sponsor: ACME\nSpeaker: Ann Lee\n\nDinner: at 7\nX-Mailer: pine\n")
    assert found.notes == (
        "not understood: Dinner: at 7",
        "not understood: Sponsor: ACME",
        "speaker: it also says: Ann Lee",
    )
    assert told(MAIL + "\nDear all,\nsee you there: it will be fun\n").notes == ()


def test_people_who_may_be_lost_are_told() -> None:
    found = told("Title: x\nSpeakers: Ann Lee (MIT) and bell hooks (Berea College)\n")
    assert found.notes == (
        "speaker: look whether these are all: Ann Lee (MIT) and bell hooks (Berea College)",
    )


@pytest.mark.parametrize(
    ("label", "key"),
    [("Panelists", "panellists"), ("Panellists", "panellists"), ("圆桌嘉宾", "panellists"),
     ("Discussants", "discussants"), ("与谈人", "discussants")],
)  # fmt: skip
def test_roles_are_those_of_the_entry(seminars, label, key) -> None:
    folder = seminars()
    made = written(folder, f"{MAIL}{label}: Ann Fay (MIT), Bob van der Berg (TU Delft)\n")
    assert f"\n{key}: [ann-fay, bob-van-der-berg]  # check\n" in made.files[made.path]
    assert errors(folder) == []


def test_each_of_them_is_a_guess_in_the_entry(seminars) -> None:
    folder = seminars()
    made = written(folder, f"{MAIL}\nThe talk has been cancelled.\nNo recording.\nDinner: at 7\n")
    text = made.files[made.path]
    assert "\nstatus: cancelled  # check\n" in text
    assert "\ndo_not_record: true  # check\n" in text
    assert "not understood: Dinner: at 7" in made.notes
    assert errors(folder) == []
    made = written(seminars(), MAIL.replace("doubt", "trust again"))
    assert "\nstatus: tentative  # check\n" in made.files[made.path]
