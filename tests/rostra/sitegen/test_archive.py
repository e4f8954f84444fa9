"""What the archive of talks shows first, what it offers to choose by, and how much it weighs."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from rostra.sitegen import folder
from rostra.sitegen.archive import FEW, MOST, Archive, facets
from rostra.sitegen.importing import Import, write
from rostra.sitegen.inventory import Inventory
from rostra.sitegen.programme import load
from rostra.sitegen.render import sheets
from tests.conftest import DATA

NOW = datetime(2024, 6, 1, tzinfo=UTC)
BUDGET = 150_000  # bytes of the archive, packed, where a year has a thousand talks


def many(year: int, count: int) -> Iterator[tuple[str, str]]:
    for number in range(count):
        day = date(year, 1, 1) + timedelta(days=number)
        yield f"weekly/t{year}-{number}.yaml", f"title: T {number}\nstart: {day} 10:00\n"


def archive(seminars, *years: tuple[int, int], now: datetime = NOW, **more: str) -> Archive:
    entries = {name: text for one in years for name, text in many(*one)}
    return Archive(load(seminars({"weekly/trust.yaml": None} | entries | more)), now)


@pytest.mark.parametrize(
    ("now", "years", "recent"),
    [
        (NOW, [(2024, 2), (2023, 3), (2019, 4)], [2024, 2023, 2019]),
        (NOW, [(2024, 2), (2023, FEW - 2), (2022, 1)], [2024, 2023]),
        (NOW, [(2025, 1), (2024, FEW), (2023, 1)], [2025, 2024]),
        (NOW - timedelta(days=120), [(2024, FEW), (2023, 3), (2022, 1)], [2024, 2023]),
        (NOW, [(2012, FEW + 1), (2011, 1)], []),
    ],
)
def test_the_first_page_shows_this_year_and_as_many_more_as_are_few(
    seminars, now: datetime, years: list[tuple[int, int]], recent: list[int]
) -> None:
    found = archive(seminars, *years, now=now)
    assert [one.year for one in found.recent] == recent
    assert [one.year for one in (*found.recent, *found.older)] == [year for year, _ in years]
    counted = sum(count for year, count in years if year in recent)
    assert len(found.shown(found.programme.talks)) == counted


def test_choices_are_what_talks_have(seminars) -> None:
    talk = "title: A\nstart: 2024-05-05 10:00\nspeakers: [wang, ann]\nlanguage: de\n"
    topics = "topics: [{en: Fair play, zh: 公平}, C++]\n"
    people = "wang:\n  name: Wei Wang\n  family: Wang\nann:\n  name: Ann Lee\nbob:\n  name: Bob\n"
    series = "weekly:\n  name: Weekly\nempty:\n  name: Nothing yet\n"
    changes = {"weekly/a.yaml": talk + topics, "people.yaml": people, "series.yaml": series}
    found = archive(seminars, **changes)
    assert {name: [one.value for one in them] for name, them in found.choices.items()} == {
        "topic": ["c-plus-plus", "fair-play"],
        "person": ["ann", "wang"],
        "series": ["weekly"],
        "year": ["2024"],
        "language": ["de"],
    }
    assert found.choices["language"][0].name.zh == "德语"
    assert facets(found.programme.talks[0]) == {
        "series": "weekly",
        "topic": "fair-play c-plus-plus",
        "person": "wang ann",
        "language": "de",
    }


def test_a_large_archive_offers_those_who_speak_most_often(seminars) -> None:
    people = "ann:\n  name: Ann\n" + "".join(
        f"p{number}:\n  name: P {number:03}\n" for number in range(MOST + 20)
    )
    talks = {
        f"weekly/t{number}.yaml": f"title: T\nstart: 2024-05-05 10:00\nspeakers: [p{number}]\n"
        for number in range(MOST + 20)
    }
    again = {"weekly/again.yaml": f"title: T\nstart: 2024-05-06 10:00\nspeakers: [p{MOST + 19}]\n"}
    offered = archive(seminars, **talks, **again, **{"people.yaml": people}).choices["person"]
    assert len(offered) == MOST
    assert offered[-1].value == f"p{MOST + 19}"


@pytest.mark.data
def test_an_archive_of_a_thousand_talks_a_year_is_light(tmp_path) -> None:
    seminars = tmp_path / "seminars"
    seminars.mkdir()
    site = "id: lab\nname: Lab\nurl: https://lab.example/\nzone: UTC\nlanguages: [en, zh]\n"
    for name, text in (
        ("site", site),
        ("people", "a:\n  name: A\n"),
        ("series", "a:\n  name: A\n"),
    ):
        (seminars / f"{name}.yaml").write_text(text)
    lines = (DATA / "talks-sample.jsonl").read_text(encoding="utf-8").splitlines()[:240]
    rows = [json.loads(line) | {"series": "archive"} for line in lines]
    for number, row in enumerate(rows):
        row["recorded"] = (date(2024, 5, 30) - timedelta(days=number // 2)).isoformat()
    imported = Import(folder.read(seminars)).add(map(json.dumps, rows))
    write(seminars, imported.files())
    found = load(seminars, NOW)
    assert len(found.talks) == len(rows)
    kinds = {one.path: one.write().text for one in sheets(found, Inventory(), NOW)}
    for path in ("talks/index.html", "zh/talks/index.html", "talks/2024/index.html"):
        packed = len(gzip.compress(kinds[path].encode()))
        shown = kinds[path].count("data-ref=")
        assert shown > 200, path
        assert packed / shown * 1000 <= BUDGET, path
