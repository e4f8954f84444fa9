import calendar
import re
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from rostra.sitegen.channels import announce
from rostra.sitegen.checks import check
from rostra.sitegen.faults import EntryError
from rostra.sitegen.fields import Bilingual, in_language
from rostra.sitegen.programme import load
from rostra.sitegen.spoken import spoken_date

ROOT = Path(__file__).parents[3]


def talk(start: str, more: str = "") -> str:
    return f"title: x\nstart: {start}\nspeakers: [ann]\n{more}"


THREE = {
    "weekly/trust.yaml": talk("2024-05-05 10:00"),
    "weekly/later.yaml": talk("2024-06-02 10:00"),
    "weekly/early.yaml": talk("2023-12-03 10:00"),
}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_talks_are_sorted_and_split_by_the_clock_that_is_given(seminars) -> None:
    found = load(seminars(THREE))
    assert [one.slug for one in found.talks] == ["later", "trust", "early"]
    now = moment("2024-05-01")
    assert [one.slug for one in found.upcoming(now)] == ["trust", "later"]
    assert [one.slug for one in found.past(now)] == ["early"]


def test_a_talk_is_upcoming_until_it_has_ended(seminars) -> None:
    found = load(seminars(THREE))
    end = found.find("trust").end
    assert found.find("trust") in found.upcoming(end - timedelta(seconds=1))
    assert found.find("trust") in found.past(end)
    for now in (end - timedelta(seconds=1), end):
        assert len(found.upcoming(now)) + len(found.past(now)) == 3


@pytest.mark.parametrize(
    ("now", "slug"),
    [
        ("2023-01-01", "early"),
        ("2024-05-05 08:30", "trust"),
        ("2024-05-06", "later"),
        ("2025-01-01", "later"),
    ],
)
def test_the_home_page_is_about_the_next_talk_or_else_the_latest(seminars, now, slug) -> None:
    assert load(seminars(THREE)).announced(moment(now)).slug == slug


def test_a_cancelled_talk_is_not_the_next(seminars) -> None:
    changed = THREE | {"weekly/trust.yaml": talk("2024-05-05 10:00", "status: cancelled\n")}
    found = load(seminars(changed))
    assert found.announced(moment("2024-05-01")).slug == "later"
    assert "trust" in [one.slug for one in found.upcoming(moment("2024-05-01"))]


def test_a_programme_without_talks_has_no_next(seminars) -> None:
    found = load(seminars({"weekly/trust.yaml": None}))
    assert found.talks == ()
    assert found.announced(moment("2024-05-01")) is None


def test_questions_about_people_series_years_and_demos(seminars) -> None:
    changes = {
        "weekly/trust.yaml": talk("2024-05-05 10:00", "demo:\n  name: playground\n"),
        "weekly/early.yaml": "title: y\nstart: 2023-12-03 10:00\nspeakers: [wang, ann]\n",
        "series.yaml": "weekly:\n  name: W\n  organisers: [ann]\nother:\n  name: O\n",
    }
    found = load(seminars(changes))
    people = {person.id: person for person in found.people}
    series = {one.id: one for one in found.series}
    assert [one.slug for one, _ in found.with_person(people["ann"])] == ["trust", "early"]
    assert [one.slug for one, _ in found.with_person(people["wang"])] == ["early"]
    assert [one.id for one in found.organised_by(people["ann"])] == ["weekly"]
    assert found.organised_by(people["wang"]) == []
    assert len(found.of_series(series["weekly"])) == 2
    assert found.of_series(series["other"]) == []
    assert [(one.year, len(one.talks)) for one in found.years] == [(2024, 1), (2023, 1)]
    assert [one.slug for one in found.of_demo("playground")] == ["trust"]


def test_a_year_is_that_of_the_talks_own_clock(seminars) -> None:
    found = load(seminars({"weekly/trust.yaml": talk("2024-01-01 00:30")}))
    assert [one.year for one in found.years] == [2024]


def test_talks_are_found_by_name_and_names_are_suggested(seminars) -> None:
    series = "weekly:\n  name: W\nother:\n  name: O\n"
    found = load(seminars({"series.yaml": series, "other/trust.yaml": talk("2024-01-01 10:00")}))
    assert found.find("other/trust").series.id == "other"
    with pytest.raises(LookupError, match="one of weekly/trust, other/trust"):
        found.find("trust")
    with pytest.raises(LookupError, match="did you mean 'weekly/trust'"):
        found.find("weekly/trst")


def test_a_faulty_folder_is_not_loaded(seminars) -> None:
    folder = seminars({"weekly/trust.yaml": "title: x\n"})
    with pytest.raises(EntryError) as caught:
        load(folder)
    assert list(caught.value.faults) == check(folder)
    assert len(check(folder)) == 1


def test_our_own_entries_are_in_order() -> None:
    assert check(ROOT / "seminars") == []


# What the group's own page says; the instants are worked out by hand from the zones' offset of +8.
TRUTH = {
    "ai-prisec/badbatch": ("2022-03-06 02:00", "Yi Liu", "Sunday"),
    "ai-prisec/shapley-values": ("2022-02-27 02:00", "Zijing Ou", "Sunday"),
    "elsewhere/adversarial-robustness": ("2020-01-13 05:30", "Pin-Yu Chen", "Monday"),
}


def test_our_own_talks_say_what_is_true() -> None:
    found = load(ROOT / "seminars")
    assert set(TRUTH) <= {one.ref for one in found.talks}  # others may join
    for ref, (start, speaker, weekday) in TRUTH.items():
        one = found.find(ref)
        assert one.start.astimezone(UTC) == moment(start)
        assert [in_language(person.name, "en") for person in one.speakers] == [speaker]
        assert spoken_date(one.start, "en").startswith(weekday)
        assert isinstance(one.abstract, Bilingual)
        assert 90 <= len((one.abstract.en or "").split()) <= 150
        assert len(one.abstract.zh or "") >= 150
    assert [p.id for p in found.find("badbatch").organisers] == [
        "yi-wu",
        "jiawen-kang",
        "yi-liu",
        "zijing-ou",
    ]


ENGLISH = re.compile(r"(\w+day) (\d+) (\w+) (\d{4})")
CHINESE = re.compile(r"(\d{4}) 年 (\d+) 月 (\d+) 日 (星期.)")


@pytest.mark.parametrize(
    ("ref", "channel", "language"), list(product(TRUTH, ("mail", "wechat"), ("en", "zh")))
)
def test_every_weekday_in_an_announcement_is_that_of_its_date(ref, channel, language) -> None:
    found = load(ROOT / "seminars")
    text = announce(found.find(ref), found, channel, language)
    english = [
        (int(y), list(calendar.month_name).index(m), int(d), w)
        for w, d, m, y in ENGLISH.findall(text)
    ]
    chinese = [
        (int(y), int(m), int(d), list(calendar.day_name)["一二三四五六日".index(w[-1])])
        for y, m, d, w in CHINESE.findall(text)
    ]
    assert english or chinese
    for year, month, day, weekday in english + chinese:
        assert calendar.day_name[calendar.weekday(year, month, day)] == weekday
