"""What lies beside the talks is read with them, and its faults are among theirs."""

from datetime import UTC, datetime

import pytest

from rostra.sitegen import folder as folders
from tests.rostra.sitegen._library import LIBRARY
from tests.rostra.sitegen.conftest import Folder

NOW = datetime(2024, 5, 1, tzinfo=UTC)
BIB = "../docs/publications.bib"
LIBRARY_FILES = {
    "docs/notes/older.md",
    "docs/notes/seen.md",
    "docs/publications.bib",
    "docs/zh/notes/seen.md",
    "seminars/news.yaml",
    "seminars/projects.yaml",
}


def test_everything_is_read_in_its_order(seminars: Folder) -> None:
    contents = folders.read(seminars(LIBRARY), NOW)
    assert contents.faults == []
    assert set(contents.documents) >= LIBRARY_FILES
    library = contents.library
    assert [one.id for one in library.publications] == ["lee2024", "lee2020"]
    assert [one.slug for one in library.notes] == ["seen", "older"]
    assert [one.id for one in library.projects] == ["safe"]
    assert [str(one.date) for one in library.news] == ["2024-04-01", "2024-02-01"]


def test_nothing_has_to_be_there(seminars: Folder) -> None:
    contents = folders.read(seminars(), NOW)
    assert contents.faults == []
    assert not LIBRARY_FILES & set(contents.documents)


def test_who_names_a_faulty_talk_is_not_blamed(seminars: Folder) -> None:
    faulty = {"weekly/trust.yaml": "titel: x\nstart: 2024-05-05 10:00\n"}
    faults = folders.read(seminars(LIBRARY | faulty), NOW).faults
    assert {fault.file for fault in faults} == {"seminars/weekly/trust.yaml"}


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("projects.yaml", "[lee2020]", "[lee2021]", ("seminars/projects.yaml", 6)),
        ("news.yaml", "- {date: 2024-02-01", "- {day: 2024-02-01", ("seminars/news.yaml", 2)),
        ("../docs/notes/seen.md", "author: ann", "author: an", ("docs/notes/seen.md", 3)),
        (
            "../docs/publications.bib",
            "theme = {trust},",
            "theme = {x},",
            ("docs/publications.bib", 7),
        ),
    ],
)
def test_faults_have_their_file_and_line(
    seminars: Folder, file: str, old: str, new: str, place: tuple[str, int]
) -> None:
    changed = {file: LIBRARY[file].replace(old, new)}
    (fault,) = folders.read(seminars(LIBRARY | changed), NOW).faults
    assert (fault.file, fault.line) == place
