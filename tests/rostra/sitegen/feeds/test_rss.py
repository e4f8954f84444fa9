"""RSS and its podcast: recordings, captions and people."""

from uuid import uuid5
from xml.etree import ElementTree

import pytest

from rostra.sitegen.feeds._base import feed, subjects
from rostra.sitegen.feeds.rss import PODCASTS, rss
from rostra.sitegen.programme import Programme
from tests.rostra.sitegen.feeds._programme import history

PODCAST = "{https://podcastindex.org/namespace/1.0}"


@pytest.fixture(scope="module")
def channel(full: Programme) -> ElementTree.Element:
    subject = next(one for one in subjects(full) if one.key == "talks/weekly/")
    return ElementTree.fromstring(rss(feed(subject, full.site, "en", history(full))).encode())[0]


def item(channel: ElementTree.Element, title: str) -> ElementTree.Element:
    return next(one for one in channel.findall("item") if one.findtext("title") == title)


def test_the_channel_is_a_podcast_of_videos(channel) -> None:
    assert channel.findtext(f"{PODCAST}medium") == "video"
    assert channel.findtext("language") == "en"
    assert channel.findtext("lastBuildDate") == "Sat, 01 Jun 2024 00:00:00 GMT"


def test_the_guid_of_a_podcast_is_made_as_its_namespace_says(channel) -> None:
    """Of its address without scheme; the namespace's own examples are made the same way."""
    assert str(uuid5(PODCASTS, "podnews.net/rss")) == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    own = str(uuid5(PODCASTS, "lab.example/seminar/talks/weekly/rss.xml"))
    assert channel.findtext(f"{PODCAST}guid") == own


def test_a_file_of_unknown_length_says_zero(channel) -> None:
    enclosure = item(channel, "On trust").find("enclosure")
    assert enclosure.attrib == {
        "url": "https://media.example/a/trust.mp4?s=1",
        "length": "0",
        "type": "video/mp4",
    }
    assert item(channel, "Moved along").find("enclosure") is None


def test_people_have_roles_of_the_taxonomy_and_secure_addresses(channel) -> None:
    found = item(channel, "On trust").findall(f"{PODCAST}person")
    assert [(one.text, one.get("role"), one.get("href")) for one in found] == [
        ("Ann Lee", "guest", "https://ann.example/?a=1&b=2"),
        ("Wei Wang", "guest", None),
        ("Bob <Tables>", "guest", None),
        ("Eve", "host", None),
    ]


def test_captions_are_its_transcript(channel) -> None:
    (found,) = item(channel, "On trust").findall(f"{PODCAST}transcript")
    assert found.get("url").endswith("/talks/weekly/trust/trust.en.vtt")
    assert (found.get("type"), found.get("rel")) == ("text/vtt", "captions")


def test_markup_is_written_so_that_no_reader_takes_text_for_it(full: Programme) -> None:
    text = rss(feed(next(iter(subjects(full))), full.site, "en", history(full)))
    assert "&amp;" not in text
    assert "&lt;" not in text
    assert "&#x3C;b&gt;bold" in text
