"""A talk that was not read again is the talk, whatever is asked of it."""

import copy
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from rostra.sitegen import fields, programme, unread
from rostra.sitegen.faults import EntryError
from rostra.sitegen.fields import Bilingual
from rostra.sitegen.programme import Programme
from rostra.sitegen.recall import Recall
from rostra.sitegen.talk import Talk
from rostra.sitegen.unread import Unread
from tests.rostra.sitegen.conftest import NOW

TALKS: dict[str, str | None] = {
    "weekly/trust.yaml": "title: {en: On trust, zh: 论信任}\nstart: 2024-05-05 10:00\n"
    "speakers: [wang]\nchairs: [ann]\ntopics: [Trust, {en: Names, zh: 名}, {zh: 信}]\n"
    "duration: 45 min\nlanguage: zh\nformerly: [weekly/faith]\n",
    "weekly/twice.yaml": "title: tba\nstart: 2024-10-27 02:30 +01:00\nspeakers: [ann, wang]\n"
    "status: tentative\nzone: Europe/Paris\nlinks: {slides: 'https://lab.example/a.pdf'}\n",
    "weekly/long.yaml": "title: Long $x^2$\nstart: 2023-01-01 10:00\nduration: 1 h 30 min\n"
    "place: Room 1\nformat: in-person\nabstract: |\n  Why?\ndo_not_record: true\n",
}
SECRET = "title: Kept\nstart: 2024-05-09 10:00\njoin: !secret room\n"
MOVED = "title: M\nstart: 2024-05-09 10:00\nstatus: moved\nmoved_from: 2024-05-08 10:00\n"
EMBARGO = "title: M\nstart: 2024-05-09 10:00\nembargo: 2024-04-08 10:00\n"


@pytest.fixture
def reread(seminars) -> Callable[..., Programme]:
    """Read a folder twice with one memory; what it is when it is read again."""

    def read(changes: dict[str, str | None], between: dict[str, str | None] | None = None):
        folder = seminars(changes)
        memory = folder.parent / "memory.json"
        load(folder, memory)
        seminars({**changes, **(between or {})})
        return load(folder, memory)

    return read


def load(folder: Path, memory: Path) -> Programme:
    recall = Recall(memory)
    found = programme.load(folder, NOW, recall=recall)
    recall.keep()
    return found


def names() -> list[str]:
    own = [name for name in dir(Talk) if not name.startswith(("_", "model_"))]
    old = {"dict", "json", "copy", "parse_obj", "parse_raw", "parse_file", "from_orm", "schema"}
    old |= {"construct", "schema_json", "validate", "update_forward_refs", "caption"}
    return sorted({*own, *Talk.model_fields} - old)


@pytest.mark.parametrize("name", names())
def test_it_answers_as_the_talk_does(reread, seminars, name) -> None:
    again = reread(TALKS)
    assert all(isinstance(one, Unread) for one in again.talks)
    for one, talk in zip(again.talks, programme.load(seminars(TALKS), NOW).talks, strict=True):
        assert getattr(one, name) == getattr(talk, name)


def test_what_lists_are_made_of_is_at_hand(reread) -> None:
    again = reread({"weekly/trust.yaml": TALKS["weekly/trust.yaml"]})
    (talk,) = again.talks
    told = (
        talk.ref,
        talk.start,
        talk.end,
        talk.roles,
        talk.topics,
        talk.status,
        talk.held,
        talk.demo,
    )
    assert all(told[:5])
    assert talk.links.recording is None
    assert talk.withheld == frozenset()
    assert isinstance(talk, Unread), "none of it has opened the entry"
    assert talk.abstract is None
    assert type(talk) is Talk


def dumped(talk: Talk) -> object:
    return talk.model_dump(include={"title", "links", "start"})


def told(talk: Talk) -> object:
    return [(name, value) for name, value in talk if name in Talk.model_fields]


@pytest.mark.parametrize("use", [repr, str, hash, copy.copy, copy.deepcopy, dumped, told])
def test_what_looks_at_all_of_it_sees_all_of_it(reread, seminars, use) -> None:
    again = reread(TALKS)
    read = programme.load(seminars(TALKS), NOW)
    for one, talk in zip(again.talks, read.talks, strict=True):
        assert use(one) == use(talk)
        assert type(one) is Talk


def test_it_equals_the_talk(reread, seminars) -> None:
    for number in (0, 1):
        pair = [reread(TALKS).talks[0], programme.load(seminars(TALKS), NOW).talks[0]]
        assert pair[number] == pair[not number]


def test_two_that_were_not_read_are_equal_where_their_talks_are(reread) -> None:
    one, same = reread(TALKS).talks[0], reread(TALKS).talks[0]
    assert isinstance(one, Unread)
    assert isinstance(same, Unread)
    assert one == same
    other = reread(TALKS).talks[1]
    assert reread(TALKS).talks[0] != other


def test_a_copy_has_what_is_changed_in_it(reread) -> None:
    (talk,) = reread({}).talks
    assert talk.model_copy(update={"title": "Another"}).title == "Another"


@pytest.mark.parametrize("text", [SECRET, MOVED, EMBARGO])
def test_what_the_clock_or_a_secret_changes_is_read_each_time(reread, text) -> None:
    again = reread({"weekly/other.yaml": text})
    assert [type(one) for one in again.talks] == [Talk, Unread]


@pytest.mark.parametrize(
    "between",
    [
        {"people.yaml": "ann:\n  name: Ann Lee\nwang:\n  name: W. Wang\n"},
        {"series.yaml": "weekly:\n  name: W\n  duration: 30 min\n"},
        {"site.yaml": "id: lab\nname: L\nurl: https://lab.example/\nzone: Asia/Tokyo\n"},
    ],
)
def test_it_is_read_again_where_what_it_inherits_from_has_changed(reread, between) -> None:
    again = reread({}, between)
    assert [type(one) for one in again.talks] == [Talk]
    assert again.talks[0].series is again.series[0]
    assert again.talks[0].speakers[0] in again.people


def test_a_demo_that_is_gone_is_missed(reread, seminars) -> None:
    demos = seminars().parent / "demos"
    demos.mkdir()
    (demos / "play.py").touch()
    (demos / "other.py").touch()
    text = {"weekly/trust.yaml": "title: T\nstart: 2024-05-05 10:00\ndemo: {name: play}\n"}
    assert isinstance(reread(text).talks[0], Unread)
    (demos / "play.py").unlink()
    with pytest.raises(ValueError, match="play"):
        reread(text)


def test_an_hour_that_a_zone_has_abolished_is_asked_about_again(reread, monkeypatch) -> None:
    offsets = unread._offsets
    monkeypatch.setattr(unread, "_offsets", lambda moment: [one + 60 for one in offsets(moment)])
    folder = reread({}).folder  # written with other rules
    monkeypatch.undo()
    assert type(load(folder, folder.parent / "memory.json").talks[0]) is Talk
    assert type(load(folder, folder.parent / "memory.json").talks[0]) is Unread


def test_a_zone_that_is_gone_is_a_fault_of_the_entry(reread, monkeypatch) -> None:
    folder = reread({"weekly/trust.yaml": TALKS["weekly/trust.yaml"] + "zone: US/Pacific\n"}).folder
    monkeypatch.setattr(fields, "zones", lambda: frozenset(("Europe/Berlin",)))
    monkeypatch.setattr(unread, "ZoneInfo", gone)
    with pytest.raises(EntryError, match="'US/Pacific' is no time zone"):
        load(folder, folder.parent / "memory.json")


def gone(key: str) -> ZoneInfo:
    raise ZoneInfoNotFoundError(key)


@pytest.mark.parametrize("name", ["zone", "start", "plain", "people", "unsaid"])
@pytest.mark.parametrize("wrong", [None, 3, ["x"]])
def test_columns_that_are_none_are_made_again(reread, name, wrong) -> None:
    folder = reread({}).folder
    recall = Recall(folder.parent / "memory.json")
    (file,) = (one for one, row in recall.before.items() if row.columns)
    row = recall.before[file]
    recall.before[file] = row._replace(columns={**row.columns, name: wrong})
    (talk,) = programme.load(folder, NOW, recall=recall).talks
    assert talk == reread({}).talks[0]


def test_texts_of_one_language_stay_so() -> None:
    assert unread._both(None, "信") == Bilingual(zh="信")
    assert unread._both("Trust", None) == Bilingual(en="Trust")
