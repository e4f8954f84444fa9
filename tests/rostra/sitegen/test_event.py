"""When and where: what a talk and a meet-up have alike."""

from datetime import timedelta

import pytest

from rostra.sitegen.programme import load


@pytest.mark.parametrize(
    ("series", "talk", "minutes"), [("", "", 60), ("90 min", "", 90), ("90 min", "2 h", 120)]
)
def test_its_own_length_its_series_or_the_usual_one(seminars, series, talk, minutes) -> None:
    known = f"  duration: {series}\n" if series else ""
    own = f"duration: {talk}\n" if talk else ""
    text = f"title: x\nstart: 2024-05-05 10:00\n{own}"
    folder = seminars({"series.yaml": f"weekly:\n  name: W\n{known}", "weekly/trust.yaml": text})
    found = load(folder).talks[0]
    assert found.end - found.start == timedelta(minutes=minutes)


def test_it_ends_after_its_length_when_the_clock_is_changed_meanwhile(seminars) -> None:
    text = "title: x\nstart: 2024-03-31 01:30\nduration: 60 min\n"
    found = load(seminars({"weekly/trust.yaml": text})).talks[0]
    assert f"{found.end:%H:%M %z}" == "03:30 +0200"


def test_a_language_is_any_that_has_a_name(seminars) -> None:
    text = "title: x\nstart: 2024-05-05 10:00\nlanguage: pt-BR\n"
    assert load(seminars({"weekly/trust.yaml": text})).talks[0].language == "pt-BR"
