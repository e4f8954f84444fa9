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


@pytest.mark.parametrize("channel", ["mail", "wechat"])
@pytest.mark.parametrize(
    ("language", "who"), [("en", "Wei Wang, Lab (Harbin)"), ("zh", "王伟，实验室（哈尔滨）")]
)
def test_brackets_of_an_affiliation_stand_in_no_others(
    seminars, channel: str, language: str, who: str
) -> None:
    wang = "wang:\n  name: {en: Wei Wang, zh: 王伟}\n"
    wang += "  affiliation: {en: Lab (Harbin), zh: 实验室（哈尔滨）}\nann:\n  name: Ann\n"
    lab = load(seminars({"people.yaml": wang}))
    lines = announce(lab.find("trust"), lab, channel, language).splitlines()
    assert [line for line in lines if line.endswith(who)]
