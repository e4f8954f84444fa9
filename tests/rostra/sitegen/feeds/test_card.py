"""Cards: what they say fits on them, in any writing."""

from xml.etree import ElementTree

import pytest

from rostra.sitegen.feeds.card import LINES, _ems, card, card_path, wrapped
from rostra.sitegen.programme import Programme

SVG = "{http://www.w3.org/2000/svg}"


def said(full: Programme, ref: str, language: str = "en") -> list[str]:
    root = ElementTree.fromstring(card(full.find(ref), full.site, language).encode())
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def test_it_says_what_who_when_and_where(full: Programme) -> None:
    assert said(full, "weekly/trust") == [
        "On trust",
        "Ann Lee, Wei Wang",
        "Sunday 5 May 2024 · Weekly",
    ]
    assert said(full, "weekly/cancelled")[0] == "Cancelled: Not this time"
    assert card_path(full.find("weekly/trust"), "zh") == "zh/talks/weekly/trust/card.svg"


@pytest.mark.parametrize("ref", ["guests/hostile", "guests/long", "guests/chinese"])
def test_no_text_leaves_it(full: Programme, ref: str) -> None:
    lines = said(full, ref)
    assert len(lines) <= LINES + 2
    assert all(_ems(line) <= 18 for line in lines[:-2])


def test_lines_break_at_blanks_and_between_characters() -> None:
    assert wrapped("", 5) == [""]
    assert wrapped("unbreakable", 3) == ["unbre", "akabl", "e"]
    assert wrapped("隐私 and 安全", 4) == ["隐私", "and 安", "全"]
