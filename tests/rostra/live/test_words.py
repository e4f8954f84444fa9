"""Words: each is there in both languages, with the same blanks to fill."""

import re

import pytest

from rostra.live import words
from rostra.sitegen.theme import FOLDER

SCRIPTS = sorted((FOLDER / "assets/javascripts").glob("*.js"))
PAGES = ("filter", "search", "site", "zoom")  # these have their words from the page, or with them
ROOMS = {"STAGE": words.STAGE, "CONTROLS": words.CONTROLS, "MESSAGES": words.MESSAGES}


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_fill_the_same_blanks(room: str) -> None:
    for key, texts in ROOMS[room].items():
        assert len(texts) == len(words.LANGUAGES)
        english, chinese = (sorted(re.findall(r"{(\w+)}", text)) for text in texts)
        assert english == chinese, key
        assert all(texts), key


def test_chinese_is_chinese() -> None:
    same = {key for room in ROOMS.values() for key, (a, b) in room.items() if a == b}
    assert same == {"png", "eps"}


def test_each_thing_has_one_chinese_word() -> None:
    """The words of the research pages: a sign, a score, a decision, a recorded run."""
    chinese = "".join(text for room in ROOMS.values() for _, text in room.values())
    assert not re.findall("标志|得分|决策|录像", chinese)
    assert [words.CONTROLS[key][1] for key in ("signs", "score", "decision")] == [
        "路牌",
        "分数",
        "仅判决",
    ]


def test_the_player_has_a_word_for_everything_it_says() -> None:
    """The script knows keys only; a key that is missing would be an error in the page."""
    scripts = [path.read_text(encoding="utf-8") for path in SCRIPTS if path.stem not in PAGES]
    used = set(re.findall(r"(?<!dataset\.)words\.(\w+)", "".join(scripts)))
    assert {"original", "copy", "yourself", "upload"} <= used
    assert used <= {key for room in ROOMS.values() for key in room}


def test_in_language() -> None:
    assert words.in_language({"a": ("one", "一")}, "zh") == {"a": "一"}
