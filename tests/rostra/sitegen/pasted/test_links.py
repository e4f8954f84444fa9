import pytest

from rostra.sitegen.pasted.labels import parts
from rostra.sitegen.pasted.links import bare, ways


def found(text):
    return ways(text, parts(text))


def test_public_addresses_have_their_kinds() -> None:
    text = (
        "Register: https://r.example/1\nSlides: https://s.example\nsee https://arxiv.org/abs/1.2."
    )
    assert found(text).links == {
        "registration": "https://r.example/1",
        "slides": "https://s.example",
        "paper": "https://arxiv.org/abs/1.2",
    }


def test_the_way_in_is_kept_apart_with_its_password() -> None:
    told = found("Zoom: https://zoom.us/j/123?pwd=abc\nPasscode: 42")
    assert told.links == {}
    assert told.join == "https://zoom.us/j/123?pwd=abc; 42"


def test_what_is_said_to_be_a_way_in_is_one() -> None:
    assert (
        found("Meeting link: https://bbb.uni.example/room").join == "https://bbb.uni.example/room"
    )
    assert found("腾讯会议：123-456-789").join == "123-456-789"
    assert found("Register: https://zoom.us/j/123?pwd=abc").links == {}


LINK = "https://uni.zoom.us/j/9123456?pwd=Zm9v"


@pytest.mark.parametrize(
    "written",
    [f"({LINK}).", f"{LINK}.", f"{LINK}, and", f"<{LINK}>;", f"[Join]({LINK})", f"“{LINK}”",
     f"[{LINK}]({LINK}).", f"**{LINK}**", f"（{LINK}）。",
     f"{LINK}，密码见群", f"{LINK}；", f"{LINK}！",
     f"({LINK});", f"{LINK}（周五）", f"「{LINK}」、"],
)  # fmt: skip
def test_the_marks_around_a_way_in_are_none_of_it(written) -> None:
    assert found(f"We meet at {written}\nBye").join == LINK


def test_what_ends_an_address_rightly_stays() -> None:
    assert bare("https://x.example/a_(b)") == "https://x.example/a_(b)"
    assert bare("https://zoom.us/j/1?pwd=Zm9v.1") == "https://zoom.us/j/1?pwd=Zm9v.1"


@pytest.mark.parametrize(
    ("text", "join"),
    [
        (
            "地点：理科楼 A-301 / 腾讯会议 123-456-789（密码：2468）",
            "腾讯会议 123-456-789; 密码：2468",
        ),
        ("Meeting ID: 123 456 789, Passcode: 2468", "123 456 789, Passcode: 2468"),
        ("Join us via Zoom (Meeting ID: 123 456 789, Passcode: 2468).", "123 456 789; 2468"),
        (f"Zoom: {LINK} (Passcode: 42)", f"{LINK}; 42"),
        (f"Zoom: {LINK} (no password needed)", LINK),
        (f"Place: Room 5 / Zoom 123 456 789\nLink: {LINK}", f"{LINK}; Zoom 123 456 789"),
        ("Title: On zooming in 2026", ""),
    ],
)
def test_a_number_is_a_way_in_as_an_address_is(text, join) -> None:
    assert found(text).join == join
