"""Two people who are two; the gate has those who are one."""

from datetime import UTC, datetime

import pytest

from rostra.sitegen.checks import check
from rostra.sitegen.person import same_name

NOW = datetime(2024, 6, 1, tzinfo=UTC)
ONE, TWO = "0000-0002-1825-0097", "0000-0002-1694-233X"


def rules(seminars, people: str) -> list[str]:
    entries = {"people.yaml": people, "series.yaml": "weekly: {name: W}\n"}
    folder = seminars(entries | {"weekly/trust.yaml": None})
    return [fault.rule for fault in check(folder, NOW)]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (f"orcid: {TWO}", []),
        (f"orcid: {ONE}", ["same-person"]),
        ("namesake_of: [a]", []),
        ("affiliation: elsewhere", ["same-person"]),
    ],
)
def test_one_name_may_be_two_people(seminars, second: str, expected: list[str]) -> None:
    people = f"a:\n  name: Wei Wang\n  orcid: {ONE}\nb:\n  name: Wei Wang\n  {second}\n"
    assert rules(seminars, people) == expected


def test_who_is_said_to_be_another_by_either_is(seminars) -> None:
    people = "a:\n  name: Wei Wang\n  namesake_of: [b]\nb:\n  name: Wei Wang\n"
    assert rules(seminars, people) == []


def test_three_of_one_name_are_two_too_many(seminars) -> None:
    people = "".join(f"{key}:\n  name: Wei Wang\n" for key in "abc")
    assert rules(seminars, people) == ["same-person", "same-person"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wei Wang", "Wei Wangs"),
        ("Yi Wu", "Yi Liu"),
        ("王伟", "王玮"),
        ("J. Kang", "K. Kang"),
        ("José", "Josef"),
    ],
)
def test_names_that_only_look_alike_differ(one: str, other: str) -> None:
    assert same_name(one) != same_name(other)
