import time

import pytest

from rostra.sitegen.pasted.meetings import apart, numbers

ROOM = "理科楼 A-301"


@pytest.mark.parametrize(
    ("place", "room", "way_in"),
    [
        ("理科楼 A-301 / 腾讯会议 123-456-789（密码：2468）", ROOM,
         "腾讯会议 123-456-789; 密码：2468"),
        ("理科楼 A-301/腾讯会议：123-456-789", ROOM, "腾讯会议：123-456-789"),
        ("理科楼 A-301；腾讯会议 123456789，密码 2468", ROOM, "腾讯会议 123456789; 密码 2468"),
        ("理科楼 A-301 和 飞书会议 123 456 789", ROOM, "飞书会议 123 456 789"),
        ("理科楼 A-301（线上会议号：123-456-789）", ROOM, "线上会议号：123-456-789"),
        ("Room 5 / Zoom 912 3456 7890 (passcode: aB3)", "Room 5",
         "Zoom 912 3456 7890; passcode: aB3"),
        ("Room 5, Building 3 and Zoom (Meeting ID: 123 456 789, Passcode: 2468)",
         "Room 5, Building 3", "Zoom; Meeting ID: 123 456 789; Passcode: 2468"),
        ("Room 5 + MS Teams 312 456 789 012", "Room 5", "MS Teams 312 456 789 012"),
        ("VooV Meeting ID 123-456-789, Room 5", "Room 5", "VooV Meeting ID 123-456-789"),
        ("Feishu 123 456 789", "", "Feishu 123 456 789"),
        ("123-456-789", "", "123-456-789"),
        ("Room 204, Building 5, Cambridge", "Room 204, Building 5, Cambridge", ""),
        ("Room 5 (door code: 2468)", "Room 5 (door code: 2468)", ""),
        ("Zoom Room 5 and online", "Zoom Room 5 and online", ""),
    ],
)  # fmt: skip
def test_a_room_is_public_and_a_number_is_not(place, room, way_in) -> None:
    assert apart(place) == (room, way_in)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Meeting ID: 123 456 789, Passcode: 2468", ["123 456 789; 2468"]),
        ("Join us on Zoom (123 4567 8901, password 42).", ["123 4567 8901; 42"]),
        ("请加入腾讯会议：123-456-789，密码：2468。", ["123-456-789; 2468"]),
        ("Zoom 123 456 789, no password needed", ["123 456 789"]),
        ("a zoom of 2026-12-03 and 12345678 pictures", []),
        ("ISBN 978 3161 48410", []),
    ],
)
def test_numbers_of_meetings_are_found_with_their_passwords(text, found) -> None:
    assert list(numbers(text)) == found


def test_megabytes_are_read_in_a_moment() -> None:
    began = time.process_time()
    for text in (" " * 200_000, "zoom " * 40_000, "123 " * 50_000, "password" * 25_000):
        apart(text)
        list(numbers(text))
    assert time.process_time() - began < 20
