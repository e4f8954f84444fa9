import re
from pathlib import Path

import pytest

from rostra.sitegen.channels import announce
from rostra.sitegen.programme import load

GOLDEN = Path(__file__).parents[1] / "golden" / "seminars"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("ref", ["weekly/trust", "guests/far-away"])
def test_a_message_is_plain_and_its_addresses_stand_alone(ref: str, language: str) -> None:
    lab = load(GOLDEN)
    text = announce(lab.find(ref), lab, "wechat", language)
    lines = text.splitlines()
    assert len(lines) <= 12
    assert not re.search(r"[*_`<>]|\n\n\n", text)
    assert [line for line in lines if "http" in line] == [
        line for line in lines if re.fullmatch(r"https://\S+", line)
    ]


def test_the_title_says_what_became_of_the_talk() -> None:
    lab = load(GOLDEN)
    assert announce(lab.find("cancelled"), lab, "wechat", "zh").startswith("【取消】Not this time")
    assert announce(lab.find("far-away"), lab, "wechat", "en").startswith("Tentative: ")
    assert "讲者：待定" in announce(lab.find("far-away"), lab, "wechat", "zh")
