"""The interface for programs: every entry is there, and nothing that is not public."""

import json
from dataclasses import replace
from typing import Any

import pytest

from rostra.sitegen.feeds.api import Api, words
from rostra.sitegen.fields import Bilingual
from rostra.sitegen.programme import Programme
from tests.rostra.sitegen.feeds._programme import history


@pytest.fixture(scope="module")
def files(full: Programme) -> dict[str, Any]:
    made = Api(full, history(full)).files()
    return {path.removeprefix("api/v1/"): json.loads(write()) for path, write, _ in made}


def test_every_entry_is_there(files, full: Programme) -> None:
    assert [one["ref"] for one in files["talks.json"]["talks"]] == [one.ref for one in full.talks]
    assert {path for path in files if path.startswith("talks/")} == {
        f"talks/{talk.ref}.json" for talk in full.talks
    }
    assert [one["id"] for one in files["series.json"]["series"]] == ["weekly", "guests", "nothing"]
    assert len(files["people.json"]["people"]) == 5
    assert [one["ref"] for one in files["meetups.json"]["meetups"]] == ["weekly/lunch"]
    assert [one["id"] for one in files["openings.json"]["openings"]] == ["postdoc"]


def test_a_talk_alone_is_the_talk_of_the_list(files) -> None:
    for talk in files["talks.json"]["talks"]:
        assert files[f"talks/{talk['ref']}.json"]["talk"] == talk


def test_the_list_is_written_as_its_class_would_write_it(full: Programme) -> None:
    api = Api(full, history(full))
    whole = api.file("TalksFile", {"talks": [*map(api.talk, full.talks)]})
    assert len(full.talks) > 1
    assert api.talks().decode() == whole
    empty = Api(replace(full, talks=()), history(full))
    assert empty.talks().decode() == empty.file("TalksFile", {"talks": ()})


def test_keys_lead_to_what_they_name(files) -> None:
    people, topics, series = (
        {one["id"] for one in files[f"{name}.json"][name]}
        for name in ("people", "topics", "series")
    )
    for talk in files["talks.json"]["talks"]:
        assert {*talk["speakers"], *talk["chairs"], *talk["panellists"]} <= people
        assert set(talk["topics"]) <= topics
        assert talk["series"] in series


def test_a_moved_talk_says_from_when(files) -> None:
    moved = files["talks/weekly/moved.json"]["talk"]
    assert moved["moved_from"] == "2024-06-05T10:00:00+02:00"
    assert (moved["status"], moved["mode"]) == ("moved", "hybrid")


def test_what_is_under_embargo_is_to_come(files) -> None:
    secret = files["talks/weekly/secret.json"]["talk"]
    assert secret["to_come"] == ["abstract"]
    assert "abstract" not in secret


def test_a_meetup_says_when_it_comes_again(files) -> None:
    (lunch,) = files["meetups.json"]["meetups"]
    assert lunch["rule"] == "FREQ=WEEKLY;BYDAY=WE"
    assert (lunch["not_on"], len(lunch["also_on"])) == (["2024-05-15"], 1)


def test_nothing_is_called_join(files) -> None:
    def keys(value: Any) -> set[str]:
        inner = value.values() if isinstance(value, dict) else value
        if not isinstance(value, dict | list):
            return set()
        return {*(value if isinstance(value, dict) else ())}.union(*map(keys, inner))

    assert "join" not in keys(files)


def test_a_text_is_said_in_the_languages_it_has() -> None:
    assert words(Bilingual(en="*Trust*", zh="信任")) == {"en": "Trust", "zh": "信任"}
    assert words(Bilingual(zh="信任")) == {"zh": "信任"}
    assert words("Trust", str.upper) == {"en": "TRUST"}
