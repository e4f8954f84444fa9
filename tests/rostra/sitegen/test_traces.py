"""What a secret is known by; test_leaks has how it may be written in a site."""

import pytest

from rostra.sitegen.traces import View, trace, weight

LONG = "We show that every certified defence of the last decade can be broken by anybody who waits."


@pytest.mark.parametrize(
    ("secret", "text", "told"),
    [
        ("R4711-b", "in R4711-b at ten", True),
        ("R4711-b", "in xR4711-b at ten", False),
        ("https://a.example/in?k=Zx9Tulip", "see https://a.example/\n in?k=Zx9Tulip.", True),
        (LONG, "a decade can be BROKEN by, anybody who waits: so", True),
        (LONG, "certified defence of the last decade can", False),  # seven words of it
    ],
)
def test_a_secret_is_told_whole_or_a_long_text_in_part(secret: str, text: str, told: bool) -> None:
    assert trace("it", secret).told(View(text.encode())) is told


@pytest.mark.parametrize(("text", "worth"), [("4711", 4), ("信任", 4), ("a b-c", 3), ("房间7", 5)])
def test_a_chinese_character_is_worth_two_letters(text: str, worth: int) -> None:
    assert weight(text) == worth
