"""Notes and news as feeds."""

import pytest

from rostra.sitegen.feeds import atom
from rostra.sitegen.feeds.writings import writings
from rostra.sitegen.programme import load
from tests.rostra.sitegen._library import LIBRARY


@pytest.fixture
def found(seminars):
    return dict(writings(load(seminars(LIBRARY))))


def test_each_kind_has_a_feed_in_each_language(found) -> None:
    assert set(found) == {"notes/", "news/", "zh/notes/", "zh/news/"}


def test_where_there_is_nothing_there_is_no_feed(seminars) -> None:
    assert list(writings(load(seminars()))) == []


def test_notes_have_authors_tags_and_the_day_they_were_written(found) -> None:
    newest, older = found["notes/"].items
    assert (newest.title, older.title) == ("Seen in the talk", "Older")
    assert newest.updated.isoformat() == "2024-05-06T00:00:00+02:00"
    assert [one.name for one in newest.credits] == ["Ann Lee"]
    assert newest.topics == ("Trust", "figures")
    assert found["zh/notes/"].items[0].url == "https://lab.example/zh/notes/seen/"
    assert found["zh/notes/"].items[1].url == "https://lab.example/notes/older/"
    assert found["zh/notes/"].items[1].language == "en"


def test_news_lead_to_what_they_are_about(found) -> None:
    assert [one.url for one in found["zh/news/"].items] == [
        "https://lab.example/zh/publications/",
        "https://news.example/",
    ]
    assert "<em>paper</em>" in found["news/"].items[0].html
    assert len({one.id for feed in found.values() for one in feed.items}) == 8


def test_a_feed_is_atom(found) -> None:
    assert 'term="figures"' in atom.atom(found["notes/"])
