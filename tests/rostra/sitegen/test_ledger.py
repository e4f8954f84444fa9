import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rostra.sitegen import ledger
from rostra.sitegen.faults import EntryError
from rostra.sitegen.ledger import Record

TEXT = """\
{
  "ref": "weekly/trust",
  "site": "https://lab.example/",
  "uid": "71830dc9-0c4c-5b5a-85a0-a75f09fd87bf",
  "sequence": 3,
  "created": "2024-01-01T00:00:00Z",
  "last_modified": "2024-02-01T00:00:00Z",
  "zone": "Europe/Berlin",
  "start": "2024-10-27T02:30:00+01:00",
  "end": "2024-10-27T04:00:00+01:00",
  "status": "confirmed",
  "recurrence": [],
  "calendars": [
    "talks/all",
    "talks/weekly"
  ],
  "schedule": "ZEROS",
  "words": "ONES"
}
""".replace("ZEROS", "0" * 64).replace("ONES", "1" * 64)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A ledger with one record, which a test damages."""
    path = tmp_path / "seminars" / ".ledger" / "weekly" / "trust.json"
    path.parent.mkdir(parents=True)
    path.write_text(TEXT, encoding="utf-8")
    return path


def read(path: Path) -> dict[str, Record]:
    return ledger.read(path.parents[2])


def test_what_is_written_is_what_was_read(written: Path) -> None:
    record = read(written)["weekly/trust"]
    assert ledger.text_of(record) == TEXT
    # The second 02:30 of that night.
    assert record.start == datetime(2024, 10, 27, 1, 30, tzinfo=UTC)
    assert record.local(record.start).isoformat() == "2024-10-27T02:30:00+01:00"
    written.unlink()
    assert ledger.write(written.parents[2], record) == written
    assert written.read_bytes() == TEXT.encode()
    assert [path.name for path in written.parent.iterdir()] == ["trust.json"]


def test_no_ledger_is_an_empty_one(tmp_path: Path) -> None:
    assert ledger.read(tmp_path) == {}


def test_a_record_that_is_taken_away_leaves_no_folder(written: Path) -> None:
    ledger.remove(written.parents[2], "weekly/trust")
    assert not written.parent.exists()
    ledger.remove(written.parents[2], "weekly/trust")


@pytest.mark.parametrize("up", [0, 1, 2])
def test_a_link_on_the_way_is_not_followed(written: Path, tmp_path: Path, up: int) -> None:
    place = [written, *written.parents][up]
    place.rename(tmp_path / "outside")
    place.symlink_to(tmp_path / "outside")
    with pytest.raises(EntryError, match=r"trust\.json:1:1: links are not followed"):
        ledger.read(tmp_path / "seminars")


def test_a_pipe_is_refused_and_not_read(written: Path) -> None:
    written.unlink()
    os.mkfifo(written)
    with pytest.raises(EntryError, match=r"trust\.json:1:1: this is no file"):
        read(written)


DAMAGED = {
    "cut": (TEXT[:60], "trust.json:3:34"),
    "conflict": ("<<<<<<< HEAD\n" + TEXT, "trust.json:3:8"),
    "no list": ("7\n", "trust.json:1:1"),
    "empty": ("", "trust.json:1:1"),
    "sequence": (TEXT.replace(": 3", ": -3"), "trust.json:5:15"),
    "a word": (TEXT.replace(": 3", ': "three"'), "trust.json:5:15"),
    "zone": (TEXT.replace("Europe/Berlin", "Europe/Bärlin"), "trust.json:8:11"),
    "zone path": (TEXT.replace("Europe/Berlin", "../Berlin"), "trust.json:8:11"),
    "no offset": (TEXT.replace("30:00+01:00", "30:00"), "trust.json:9:12"),
    "a number for a time": (TEXT.replace('"2024-01-01T00:00:00Z"', "1"), "trust.json:6:14"),
    "unknown": (TEXT.replace('"status"', '"state"'), "trust.json:11:3: unknown key 'state'"),
    "digest": (TEXT.replace("0" * 64, "0" * 63), "trust.json:17:15"),
    "uid": (TEXT.replace("71830dc9", "zzz"), "trust.json:4:10"),
    "another's": (TEXT.replace("weekly/trust", "weekly/other"), "the record of weekly/other"),
}


@pytest.mark.parametrize(("text", "told"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_refused_where_it_is_damaged(written: Path, text: str, told: str) -> None:
    written.write_text(text, encoding="utf-8")
    with pytest.raises(EntryError) as caught:
        read(written)
    assert "seminars/.ledger/weekly/trust.json" in str(caught.value)
    assert told in str(caught.value)


def test_two_records_never_share_an_identifier(written: Path) -> None:
    other = TEXT.replace("weekly/trust", "weekly/other")
    written.with_name("other.json").write_text(other, encoding="utf-8")
    with pytest.raises(EntryError, match="weekly/trust has the identifier of weekly/other"):
        read(written)
