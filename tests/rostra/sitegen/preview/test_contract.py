"""A preview as a whole: nothing is fetched, nothing is told, nothing of a text means anything."""

import re
from html.parser import HTMLParser

import pytest

from rostra.sitegen.gate import read
from rostra.sitegen.preview import LeakError, Preview, block, code
from rostra.sitegen.programme import load
from rostra.sitegen.release import release
from tests.rostra.sitegen.conftest import NOW, SERIES, SITE, TALK

ROOM = "https://zoom.us/j/98765432109?pwd=tellnobody42"
HIDDEN = "Seven circles of private numbers that nobody has read before today's announcement"


@pytest.fixture
def preview(seminars):
    def made(talk=TALK, language="en", ref="weekly/trust", **more):
        changes = {"weekly/trust.yaml": talk, **more}
        folder = seminars({name: text for name, text in changes.items() if "/" in name or text})
        programme = load(folder, NOW)
        return Preview(programme.entry(ref), programme, folder.parent, NOW, language)

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


MEETUP = "title: {en: Tea, zh: 茶会}\nabout: {en: We talk., zh: 聊天。}\nstart: 2024-05-08 10:00\n"
RULE = "repeat: FREQ=WEEKLY;BYDAY=WE\n"
OPENING = "title: {en: Two posts, zh: 两个职位}\nabout: {en: Do., zh: 做。}\nposted: 2024-04-01\n"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("form", ["html", "markdown"])
def test_a_meet_up_has_a_page_and_a_calendar_entry_and_no_letters(preview, form, language) -> None:
    more = {"weekly/tea.yaml": MEETUP + RULE}
    made = preview(TALK, language, "weekly/tea", **more)
    assert (made.effect.kinds, made.effect.sequence) == (("new",), (None, 0))
    assert [one.title for one in made.shown] == [{"en": "Tea", "zh": "茶会"}[language]] * 3
    told = made.text(form)
    assert {"en": "Wednesday 8 May 2024, 10:00", "zh": "2024 年 5 月 8 日"}[language] in told
    assert "Subject:" not in told
    if form == "html":
        assert {"changes", "calendars", "page", "next"} <= read(told).ids
        assert "texts" not in read(told).ids
        assert {"en": "Wednesday 15 May 2024", "zh": "5 月 15 日"}[language] in told


def test_what_subscribers_of_a_meet_up_see_change(preview) -> None:
    first = preview(TALK, ref="tea", **{"weekly/tea.yaml": MEETUP + RULE})
    release(first.comparison)
    later = preview(TALK, ref="tea", **{"weekly/tea.yaml": f"{MEETUP}{RULE}not_on: [2024-05-15]\n"})
    assert (later.effect.kinds, later.effect.sequence) == (("repeated",), (0, 1))
    assert "EXDATE;TZID=Europe/Berlin:20240515T100000" in later.text("html")
    off = preview(TALK, ref="tea", **{"weekly/tea.yaml": f"{MEETUP}{RULE}status: cancelled\n"})
    assert (off.effect.kinds, off.heading) == (("cancelled",), "Cancelled: Tea")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("form", ["html", "markdown"])
def test_an_opening_is_a_page_alone(preview, form, language) -> None:
    other = OPENING.replace("Two posts", "A third post")
    more = {"openings/two.yaml": OPENING, "openings/third.yaml": other}
    made = preview(TALK, language, "openings/two", **more)
    assert (made.effect.kinds, made.shown, [*made.letters]) == (("nothing",), (), [])
    told = made.text(form)
    assert {"en": "Two posts", "zh": "两个职位"}[language] in told
    assert "third" not in told
    if form == "html":
        assert {"en": "Monday 1 April 2024", "zh": "2024 年 4 月 1 日"}[language] in told
        assert {"calendars", "texts"}.isdisjoint(read(told).ids)


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
