"""Projects: what is worked on, from when until when."""

from datetime import date

import pytest

from rostra.sitegen.programme import load

TEXT = "safe:\n  title: {en: Safe models, zh: 安全模型}\n  summary: We look.\n  people: [ann]\n"


@pytest.mark.parametrize(
    ("more", "goes_on"),
    [
        ("", True),
        ("  until: 2024-05-05\n", True),
        ("  until: 2024-05-04\n", False),
        ("  since: 2024-01-01\n  until: 2030-01-01\n", True),
    ],
)
def test_whether_it_goes_on(seminars, more: str, goes_on: bool) -> None:
    (project,) = load(seminars({"projects.yaml": TEXT + more})).library.projects
    assert project.id == "safe"
    assert [one.id for one in project.people] == ["ann"]
    assert project.goes_on(date(2024, 5, 5)) is goes_on
