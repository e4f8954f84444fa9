"""What all feeds say of a talk, whatever they are written in."""

from pathlib import Path

import pytest

from rostra.sitegen.feeds._base import (
    NEVER,
    Credit,
    absolute,
    distinct,
    feed,
    item,
    media,
    subjects,
    transcripts,
)
from rostra.sitegen.feeds.api import Api
from rostra.sitegen.programme import Programme, load
from rostra.sitegen.release import compare, release
from tests.rostra.sitegen.feeds._programme import NOW, history, write


def of(full: Programme, ref: str, language: str = "en"):
    return item(full.find(ref), full.site, language, history(full))


def test_subjects_have_names_that_no_talk_can_have(full: Programme) -> None:
    names = [subject.names for subject in subjects(full)]
    assert len(set(names)) == len(names)
    assert all(len(one) in (0, 3) for one in names)


def test_titles_say_what_became_of_a_talk(full: Programme) -> None:
    assert of(full, "weekly/cancelled").title == "Cancelled: Not this time"
    assert of(full, "weekly/postponed", "zh").title == "【延期】Later"
    assert of(full, "weekly/open").title == "Tentative: Title to be announced"
    assert "Moved from Wednesday 5 June 2024, 10:00 Berlin time" in of(full, "weekly/moved").html


def test_who_chairs_is_credited_but_not_among_the_speakers(full: Programme) -> None:
    found = of(full, "weekly/trust")
    assert [(one.name, one.role) for one in found.credits] == [
        ("Ann Lee", "speakers"),
        ("Wei Wang", "speakers"),
        ("Bob <Tables>", "panellists"),
        ("Wei Wang", "discussants"),
        ("Eve", "chairs"),
    ]
    assert "Eve" not in found.html
    assert found.html.count("Wei Wang") == 1


def test_formulas_are_left_as_they_are_typed(full: Programme) -> None:
    html = of(full, "weekly/trust").html
    assert "<code>\\|\\delta\\|_\\infty \\le \\varepsilon</code>" in html
    assert "<math" not in html


def test_a_text_in_the_other_language_says_so(full: Programme) -> None:
    assert '<div lang="zh-Hans">' in of(full, "guests/chinese").html
    assert "<div" not in of(full, "guests/chinese", "zh").html
    assert of(full, "guests/chinese").language == "zh-Hans"


@pytest.mark.parametrize(
    ("href", "leads_to"),
    [
        ("/talks/", "https://lab.example/seminar/talks/"),
        ("#cite", "https://lab.example/seminar/talks/a/b/#cite"),
        ("../c/", "https://lab.example/seminar/talks/a/c/"),
        ("https://a.example/?x=1&amp;y=2", "https://a.example/?x=1&amp;y=2"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("//a.example/", "https://a.example/"),
    ],
)
def test_addresses_in_a_text_become_absolute(full: Programme, href: str, leads_to: str) -> None:
    page = "https://lab.example/seminar/talks/a/b/"
    assert absolute(f'<a href="{href}">', page, full.site) == f'<a href="{leads_to}">'


def test_only_files_that_a_player_plays_are_media(full: Programme) -> None:
    found = media(full.find("weekly/trust"))
    assert found
    assert (found.url, found.type) == ("https://media.example/a/trust.mp4?s=1", "video/mp4")
    assert media(full.find("guests/chinese")) is None
    assert media(full.find("weekly/moved")) is None


def test_captions_lie_beside_the_page(full: Programme) -> None:
    (found,) = transcripts(full.find("weekly/trust"), full.site)
    assert found.url == "https://lab.example/seminar/talks/weekly/trust/trust.en.vtt"
    assert (found.type, found.language) == ("text/vtt", "en")


def test_nothing_is_revised_after_now(full: Programme) -> None:
    for subject in subjects(full):
        made = feed(subject, full.site, "en", history(full))
        assert made.updated <= NOW
        assert made.updated == max((one.updated for one in made.items), default=NEVER)


def moved(folder: Path, formerly: str) -> Programme:
    """The programme after the file of a talk was given another name."""
    (folder / "weekly/trust.yaml").rename(folder / "guests/renamed.yaml")
    (folder / "weekly/trust.en.vtt").unlink()
    entry = folder / "guests/renamed.yaml"
    text = entry.read_text("utf-8") + f"formerly: [{formerly}]\n"
    entry.write_text(text, encoding="utf-8")
    return load(folder, NOW)


def known_as(programme: Programme, ref: str) -> tuple[str, str]:
    """How feeds and the interface identify a talk."""
    talk, known = programme.find(ref), history(programme)
    return item(talk, programme.site, "en", known).id, Api(programme, known).talk(talk).uid


def test_a_moved_file_is_the_same_entry(tmp_path) -> None:
    before = known_as(load(write(tmp_path), NOW), "weekly/trust")
    assert known_as(moved(tmp_path, "weekly/trust"), "guests/renamed") == before


@pytest.mark.parametrize("formerly", ["weekly/trust", "old/still-older, weekly/trust"])
def test_what_is_learnt_of_earlier_addresses_makes_no_other_entry(tmp_path, formerly) -> None:
    """Where a ledger knows which address its identifiers were made of."""
    programme = load(write(tmp_path), NOW)
    before = known_as(programme, "weekly/trust")
    release(compare(programme, NOW))
    read = moved(tmp_path, formerly)
    assert known_as(read, "guests/renamed") == before
    assert before[1] == compare(read, NOW).records["guests/renamed"].uid


def test_an_address_that_is_learnt_later_makes_no_other_entry(tmp_path) -> None:
    programme = load(write(tmp_path), NOW)
    before = known_as(programme, "weekly/trust")
    release(compare(programme, NOW))
    with (tmp_path / "weekly/trust.yaml").open("a", encoding="utf-8") as entry:
        entry.write("formerly: [old/still-older]\n")
    assert known_as(load(tmp_path, NOW), "weekly/trust") == before


def test_everybody_is_named_once_in_their_first_role() -> None:
    found = [Credit("A", "speakers"), Credit("B", "panellists"), Credit("A", "chairs")]
    assert distinct(found) == [Credit("A", "speakers"), Credit("B", "panellists")]
