"""A preview as a whole: nothing is fetched, nothing is told, nothing of a text means anything."""

import re
from html.parser import HTMLParser

import pytest

from rostra.sitegen.gate import read
from rostra.sitegen.preview import LeakError, Preview, block, code
from rostra.sitegen.programme import load
from tests.rostra.sitegen.conftest import NOW, SERIES, SITE, TALK

ROOM = "https://zoom.us/j/98765432109?pwd=tellnobody42"
HIDDEN = "Seven circles of private numbers that nobody has read before today's announcement"


@pytest.fixture
def preview(seminars):
    def made(talk=TALK, language="en", **more):
        changes = {"weekly/trust.yaml": talk, **more}
        folder = seminars({name: text for name, text in changes.items() if "/" in name or text})
        programme = load(folder, NOW)
        return Preview(programme.find("weekly/trust"), programme, folder.parent, NOW, language)

    return made


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("status", ["draft", "tentative", "confirmed", "cancelled", "postponed"])
def test_a_page_needs_no_other_file_and_runs_nothing(preview, language, status) -> None:
    html = preview(f"{TALK}status: {status}\n", language).text("html")
    seen = read(html)
    assert seen.language == {"en": "en", "zh": "zh-Hans"}[language]
    assert [one for one in seen.loads if not one.startswith("data:")] == []
    assert [one for one in seen.links if not one.startswith(("https://", "webcal://"))] == []
    assert seen.faults == ["inline <style>"]
    assert {"changes", "page", "texts"} <= seen.ids
    assert ("calendars" in seen.ids) == (status != "draft")
    assert "<script" not in html


def test_the_site_keeps_its_colours(preview) -> None:
    site = SITE + 'colours: {accent: "#7a1f5c", accent_dark: "#f0a0d0"}\n'
    style, _, dark = (
        preview(TALK, **{"site.yaml": site}).text("html").partition("@media (prefers-color")
    )
    assert "--accent: #7a1f5c" in style
    assert ":root { --accent: #f0a0d0; }" in dark


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_both_languages_say_all(preview, form) -> None:
    english, chinese = (preview(TALK, one).text(form) for one in ("en", "zh"))
    assert "What subscribers will see change" in english
    assert "订阅者将看到的变化" in chinese
    for name in ("Google Calendar", "Outlook", "Apple Calendar"):
        assert name in english
        assert name in chinese
    for text in (english, chinese):
        assert "Subject: [Weekly] On trust (2024-05-05)" in text
        assert "【讲座】论信任" in text
    assert "not by these programs" in english
    assert "并非这些程序" in chinese


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_the_way_in_is_named_and_never_told(preview, monkeypatch, form) -> None:
    monkeypatch.setenv("ROSTRA_SECRET_WEEKLY_ROOM", ROOM)
    told = preview(TALK, **{"series.yaml": SERIES + "  join: !secret weekly-room\n"}).text(form)
    assert "Join: !secret weekly-room" in told
    assert "98765432109" not in told
    assert "tellnobody42" not in told


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_what_is_under_embargo_stays_there(preview, form) -> None:
    talk = TALK + "abstract: !secret trust\nembargo: 2024-05-04 10:00\n"
    told = preview(talk, **{"secrets.yaml": f"trust: {HIDDEN}\n"}).text(form)
    assert "Seven circles" not in told


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_a_secret_that_somebody_has_written_into_the_entry_is_caught(preview, form) -> None:
    talk = TALK + f"abstract: {HIDDEN}\n"
    asked = preview(talk, **{"secrets.yaml": f"trust: {HIDDEN}\n"})
    with pytest.raises(LeakError, match="the secret 'trust'") as caught:
        asked.text(form)
    assert "Seven circles" not in str(caught.value)


class Texts(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)


def test_a_hostile_title_means_nothing_in_markdown(preview) -> None:
    hostile = "a | b `c` @ann [x](https://evil.example) <b> #1 ![p](https://evil.example/p)"
    talk = TALK.replace("{en: On trust, zh: 论信任}", f"'{hostile}'")
    told = preview(talk).text("markdown")
    outside = "\n".join(line for line in told.splitlines() if not line.startswith("    "))
    assert "@ann" not in outside
    assert "](" not in outside
    assert "`" not in outside.replace("`rostra", "").replace("--since COMMIT`", "")
    assert "b" not in Texts(outside).tags
    rows = [line for line in outside.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"\|", row)) for row in rows} == {4, 5}


def test_no_text_ends_its_block() -> None:
    assert block("a\n```\n</details>\r# b") == "    a\n    ```\n    </details>\n    # b"
    assert code("x\ny") == "<code>x<br>y</code>"
