"""An opening closes by itself, at the end of its last day where it is."""

from datetime import UTC, datetime

import pytest

from rostra.sitegen.programme import load

TEXT = "title: A post\nabout: Join us.\nposted: 2024-05-01\n"


@pytest.mark.parametrize(
    ("more", "now", "is_open"),
    [
        ("", "2034-01-01 00:00", True),
        ("deadline: 2024-05-31\n", "2024-05-31 21:59", True),  # Berlin is two hours ahead
        ("deadline: 2024-05-31\n", "2024-05-31 22:00", False),
        ("deadline: 2024-05-31\nzone: America/New_York\n", "2024-06-01 03:59", True),
        ("status: filled\n", "2024-05-02 00:00", False),
    ],
)
def test_whether_one_can_still_apply(seminars, more: str, now: str, is_open: bool) -> None:
    (opening,) = load(seminars({"openings/post.yaml": TEXT + more})).openings
    assert opening.id == "post"
    assert opening.is_open(datetime.fromisoformat(now).replace(tzinfo=UTC)) is is_open


def test_the_newest_comes_first(seminars) -> None:
    older = TEXT.replace("2024-05-01", "2024-04-01")
    found = load(seminars({"openings/b.yaml": older, "openings/a.yaml": TEXT})).openings
    assert [one.id for one in found] == ["a", "b"]
