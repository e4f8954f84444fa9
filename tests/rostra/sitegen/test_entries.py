import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rostra.sitegen.entries import schema
from rostra.sitegen.programme import load
from rostra.sitegen.reading import Secret
from rostra.sitegen.talk import titled

ROOT = Path(__file__).parents[3]
INHERITED = """\
weekly:
  name: Weekly
  zone: Asia/Taipei
  duration: 90 min
  organisers: [ann]
"""


def test_the_schema_in_the_folder_is_that_of_the_code() -> None:
    kept = ROOT / "seminars" / "schema.json"
    if os.environ.get("ROSTRA_GOLDEN") == "rewrite":
        kept.write_text(schema(), encoding="utf-8")
    assert kept.read_text(encoding="utf-8") == schema(), "make golden"


def test_the_schema_knows_the_keys_of_an_entry_and_no_others() -> None:
    found = json.loads(schema())
    talk = found["$defs"]["Talk"]
    assert found["else"] == {"$ref": "#/$defs/Talk"}
    assert found["then"] == {"$ref": "#/$defs/Meetup"}
    assert sorted(talk["required"]) == ["start", "title"]
    assert talk["additionalProperties"] is False
    assert not {"slug", "series", "id", "ref", "end"} & set(talk["properties"])
    assert talk["properties"]["start"]["type"] == "string"
    assert talk["properties"]["speakers"]["items"]["type"] == "string"
    people = found["$defs"]["PeopleFile"]["additionalProperties"]
    assert people == {"$ref": "#/$defs/Person"}
    assert "email" not in found["$defs"]["Person"]["properties"]


def test_every_entry_names_a_schema_that_is_there() -> None:
    definitions = json.loads(schema())["$defs"]
    entries = [path for path in (ROOT / "seminars").rglob("*.yaml") if path.name != "secrets.yaml"]
    lines = {path: path.read_text(encoding="utf-8").splitlines()[0] for path in entries}
    named = {path: line for path, line in lines.items() if "$schema=" in line}
    assert len(named) >= 6  # the line is a help to editors, and nobody has to write it
    for path, line in named.items():
        file, _, name = line.partition("$schema=")[2].partition("#/$defs/")
        assert (path.parent / file).resolve() == ROOT / "seminars" / "schema.json"
        assert not name or name in definitions


def test_a_talk_inherits_zone_and_duration_from_its_series(seminars) -> None:
    talk = load(seminars({"series.yaml": INHERITED})).talks[0]
    assert talk.zone == ZoneInfo("Asia/Taipei")
    assert talk.start.astimezone(UTC) == datetime(2024, 5, 5, 2, tzinfo=UTC)
    assert talk.end - talk.start == timedelta(minutes=90)
    assert [person.id for person in talk.organisers] == ["ann"]
    assert (talk.slug, talk.series.id, talk.ref) == ("trust", "weekly", "weekly/trust")


def test_a_talk_may_say_otherwise(seminars) -> None:
    text = "title: x\nzone: UTC\nstart: 2024-05-05 10:00\nduration: 30 min\n"
    talk = load(seminars({"series.yaml": INHERITED, "weekly/trust.yaml": text})).talks[0]
    assert talk.start == datetime(2024, 5, 5, 10, tzinfo=UTC)
    assert talk.end - talk.start == timedelta(minutes=30)
    assert talk.speakers == ()


def test_without_a_stated_length_a_talk_takes_an_hour(programme) -> None:
    talk = programme.talks[0]
    assert talk.duration is None
    assert talk.end - talk.start == timedelta(hours=1)


def test_the_end_is_an_instant_later_even_across_a_change_of_clocks(seminars) -> None:
    text = "title: x\nstart: 2024-10-27 01:30\nduration: 2 h\n"
    talk = load(seminars({"weekly/trust.yaml": text})).talks[0]
    assert talk.end.astimezone(UTC) - talk.start.astimezone(UTC) == timedelta(hours=2)
    assert f"{talk.end:%H:%M}" == "02:30"


def test_a_title_says_what_became_of_its_talk(seminars) -> None:
    text = "title: {en: '**On** trust', zh: 论信任}\nstart: 2024-05-05 10:00\n"
    held = load(seminars({"weekly/trust.yaml": text})).talks[0]
    assert [titled(held, "en"), titled(held, "zh")] == ["On trust", "论信任"]
    gone = load(seminars({"weekly/trust.yaml": text + "status: postponed\n"})).talks[0]
    assert [titled(gone, "en"), titled(gone, "zh")] == ["Postponed: On trust", "【延期】论信任"]


def test_people_are_resolved(programme) -> None:
    (speaker,) = programme.talks[0].speakers
    assert speaker.id == "wang"
    assert speaker is next(person for person in programme.people if person.id == "wang")


def test_a_join_link_is_only_a_name(seminars) -> None:
    text = "title: x\nstart: 2024-05-05 10:00\njoin: !secret ROOM\n"
    assert load(seminars({"weekly/trust.yaml": text})).talks[0].join == Secret("ROOM")
