"""What pages hold so that they stay right by the visitor's clock, and say as of the build."""

import re
from datetime import UTC, datetime

import pytest

from rostra.sitegen.inventory import Inventory
from rostra.sitegen.programme import Programme, load
from rostra.sitegen.render import render
from tests.rostra.sitegen._visible import visible

NOW = datetime(2024, 6, 1, tzinfo=UTC)
PREFIX = {"en": "", "zh": "zh/"}
LUNCH = "title: Lunch\nstart: 2024-05-01 12:00\nrepeat: {}\n"
DAY = r'<time datetime="(\S{10})'


def page(path: str, programme: Programme, now: datetime = NOW) -> str:
    found = render(programme, Inventory(), now)
    (text,) = [one.text for one in found if one.path == f"{path}index.html"]
    return text


@pytest.mark.parametrize("language", PREFIX)
def test_a_meetup_holds_more_meetings_than_it_shows(seminars, language) -> None:
    found = load(seminars({"weekly/lunch.yaml": LUNCH.format("FREQ=WEEKLY;BYDAY=WE")}))
    text = page(f"{PREFIX[language]}talks/weekly/lunch/", found)
    assert len(set(re.findall(DAY, text))) == 40
    assert len(re.findall(DAY, visible(text))) == 6
    assert text.count("data-local-time") == 40
    assert 'data-start="2024-06-05T12:00:00+02:00" data-end="2024-06-05T13:00:00+02:00"' in text


@pytest.mark.parametrize("language", PREFIX)
def test_a_meeting_that_goes_on_is_marked(seminars, language) -> None:
    found = load(seminars({"weekly/lunch.yaml": LUNCH.format("FREQ=WEEKLY") + "duration: 6 h\n"}))
    now = datetime(2024, 6, 12, 12, tzinfo=UTC)
    text = visible(page(f"{PREFIX[language]}talks/weekly/lunch/", found, now))
    live, upcoming = re.findall(r"<h2 id=\"(?:live|next)\">.*?</ul>", text, re.S)
    assert {"en": "Live now", "zh": "正在进行"}[language] in live
    assert re.findall(DAY, live) == ["2024-06-12"]
    assert re.findall(DAY, upcoming)[0] == "2024-06-19"


@pytest.mark.parametrize("language", PREFIX)
def test_a_meetup_goes_into_calendars_as_a_talk_does(seminars, language) -> None:
    found = load(seminars({"weekly/lunch.yaml": LUNCH.format("FREQ=WEEKLY")}))
    text = visible(page(f"{PREFIX[language]}talks/weekly/lunch/", found))
    assert f'href="/{PREFIX[language]}talks/weekly/lunch.ics"' in text
    assert f'href="webcal://lab.example/{PREFIX[language]}talks/weekly/lunch.ics"' in text
    assert "RRULE%3AFREQ%3DWEEKLY" in text
    assert {"en": "Outlook takes nothing", "zh": "Outlook 的链接不支持"}[language] in text


@pytest.mark.parametrize("language", PREFIX)
def test_a_page_of_a_meetup_has_structured_data(seminars, language) -> None:
    files = {"weekly/lunch.yaml": LUNCH.format("FREQ=WEEKLY") + "place: Room 1\n"}
    found = render(load(seminars(files)), Inventory(), NOW)
    path = f"{PREFIX[language]}talks/weekly/lunch/index.html"
    (head,) = [one.page.head for one in found if one.path == path and one.page]
    assert '"@type":"EventSeries"' in head
    assert head.count('"@type":"Event"') == 6


@pytest.mark.parametrize("language", PREFIX)
def test_after_its_last_meeting_a_meetup_says_so(seminars, language) -> None:
    no_more = {"en": "No further meeting", "zh": "暂无后续聚会"}[language]
    goes_on = {"en": "It goes on", "zh": "聚会仍会继续"}[language]
    path = f"{PREFIX[language]}talks/weekly/lunch/"
    for rule, said in (("FREQ=DAILY", goes_on), ("FREQ=DAILY;UNTIL=20240605", no_more)):
        text = page(path, load(seminars({"weekly/lunch.yaml": LUNCH.format(rule)})))
        assert f'<p class="soft" data-show="past" hidden>{said}' in text
        assert said not in visible(text)
    text = page(path, load(seminars()), datetime(2024, 6, 6, tzinfo=UTC))
    assert no_more in visible(text)


@pytest.mark.parametrize("language", PREFIX)
def test_lists_hold_the_meetings_after_the_next_one_too(seminars, language) -> None:
    found = load(seminars({"weekly/lunch.yaml": LUNCH.format("FREQ=WEEKLY")}))
    for path in ("talks/", "talks/weekly/"):
        text = page(PREFIX[language] + path, found)
        told = re.findall(r'data-talk data-start="(\S+?)" data-end="(\S+?)"><span data-show', text)
        assert len(told) == 40
        # Each is the next one from the end of the one before.
        assert [end for _, end in told[:-1]] == [start for start, _ in told[1:]]
        assert len(re.findall(r'<span data-show="(upcoming )?live"', visible(text))) == 1


@pytest.mark.parametrize("language", PREFIX)
def test_what_ends_with_an_embargo_or_a_deadline_knows_its_instant(seminars, language) -> None:
    sealed = "title: A\nstart: 2024-06-20 10:00\nembargo: 2024-06-10 12:00\n"
    opening = "title: A post\nabout: Join us.\nposted: 2024-05-01\nlink: https://a.example\n"
    files = {
        "weekly/a.yaml": sealed + "abstract: !secret later\n",
        "secrets.yaml": "later: What nobody knows yet\n",
        "openings/post.yaml": opening + "deadline: 2024-06-30\n",
    }
    found = load(seminars(files), NOW)
    text = page(f"{PREFIX[language]}talks/weekly/a/", found)
    assert 'data-end="2024-06-10T12:00:00+02:00"' in text
    more, to_come = re.findall(r'<p class="soft" data-show="(upcoming|past)"( hidden)?>', text)
    assert (more, to_come) == (("upcoming", ""), ("past", " hidden"))
    text = page(f"{PREFIX[language]}openings/", found)
    assert 'data-end="2024-07-01T00:00:00+02:00"' in text
    closed = {"en": "closed", "zh": "已截止"}[language]
    assert f'data-show="past" hidden>{closed}<' in text
    assert closed not in visible(text)
    assert 'data-show="upcoming"><a class="button" href="https://a.example">' in text
