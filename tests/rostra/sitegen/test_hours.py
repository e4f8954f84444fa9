import pytest

from rostra.sitegen.hours import hour_at, hours, number


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("15:00", "15:00"),
        ("3pm", "15:00"),
        ("3 p.m. - 4:30 p.m.", "15:00-16:30"),
        ("11-12 am", "11:00"),
        ("11-1 pm", "11:00-13:00"),
        ("9:00am", "09:00"),
        ("12:00 PM", "12:00"),
        ("12:15 am", "00:15"),
        ("12 noon", "12:00"),
        ("14.15 Uhr", "14:15"),
        ("13.30 - 14.30", "13:30-14:30"),
        ("16h15", "16:15"),
        ("15:00 to 16:00", "15:00-16:00"),
        ("下午3点", "15:00"),
        ("晚上7点半", "19:30"),
        ("上午9:30至11:00", "09:30-11:00"),
        ("15点30分", "15:30"),
        ("14：00—15：30", "14:00-15:30"),
        ("03:00", "03:00"),
        ("下午四点", "16:00"),
        ("下午四时三十分", "16:30"),
        ("晚上七点半至九点", "19:30-21:00"),
        ("下午两点一刻", "14:15"),
        ("上午10时", "10:00"),
        ("上午十一点", "11:00"),
        ("中午11点半", "11:30"),
        ("中午1点", "13:00"),
        ("下午3点三刻", "15:45"),
    ],
)
def test_an_hour_has_many_forms(text, span) -> None:
    found = [
        f"{one.begins:%H:%M}" + (f"-{one.ends:%H:%M}" if one.ends else "") for one in hours(text)
    ]
    assert found == [span]
    assert not any(one.doubt for one in hours(text))


@pytest.mark.parametrize("text", ["3:30", "1:00-2:00", "3点"])
def test_early_hours_may_be_late_ones(text) -> None:
    assert [bool(one.doubt) for one in hours(text)] == [True]


@pytest.mark.parametrize("text", ["room 204", "3.12", "10.1145", "25:00", "5 people", "2026"])
def test_numbers_are_no_hours(text) -> None:
    assert list(hours(text)) == []


@pytest.mark.parametrize(
    "text", ["有一点不同", "四点建议", "下午三场报告", "晚上十二点", "下午十十点"]
)
def test_characters_are_no_hours_where_they_count_or_contradict(text) -> None:
    assert list(hours(text)) == []


@pytest.mark.parametrize(
    ("text", "begins"),
    [("3 pm", "15:00"), ("10.30", "10:30"), ("3 to 4:30 pm", "15:00"), ("11:30-1 pm", "11:30")],
)
def test_right_behind_a_day_a_point_is_sign_enough(text, begins) -> None:
    assert f"{hour_at(text, 0).begins:%H:%M}" == begins


@pytest.mark.parametrize("text", ["3", "3 hrs", "2h30", "2.10.3", "3/4 of it", "10.1145/1", "pm"])
def test_what_is_no_hour_is_none_there_either(text) -> None:
    assert hour_at(text, 0) is None


def test_characters_are_numbers() -> None:
    assert [number(one) for one in ("7", "七", "十", "十七", "七十", "一九九七")] == [
        *(7, 7, 10, 17, 70, 1997)
    ]
