from rostra.sitegen.pasted.labels import parts
from rostra.sitegen.pasted.links import ways


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
