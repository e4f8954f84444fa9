import pytest

from rostra.sitegen.pasted.labels import parts
from rostra.sitegen.pasted.rooms import where


@pytest.mark.parametrize(
    ("text", "place", "online"),
    [
        ("地点：理科楼 A-301 / 腾讯会议 123-456-789（密码：2468）", "理科楼 A-301", True),
        ("Place: Room 5 / Zoom Meeting ID: 123 456 789, Passcode: 2468", "Room 5", True),
        ("Venue: Zoom 123 456 7890", "", True),
        ("Place: Room 204", "Room 204", False),
        ("Where: Room 5 (also on Zoom)", "Room 5", True),
        ("地点：五号楼 201 及线上", "五号楼 201", True),
        ("Hello", "", False),
    ],
)
def test_the_room_and_whether_there_is_a_way_in(text, place, online) -> None:
    assert where(parts(text), "") == (place, online)


def test_a_room_may_stand_in_a_sentence() -> None:
    assert where(parts("x"), "The talk is in Lecture Hall 3.") == ("Lecture Hall 3", False)
