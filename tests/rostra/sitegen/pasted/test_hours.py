import pytest

from rostra.sitegen.pasted.hours import hours


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
