"""Atom: who, what and where, as readers find it."""

import feedparser
import pytest

from rostra.sitegen.feeds._base import Feed, feed, subjects
from rostra.sitegen.feeds.atom import atom
from rostra.sitegen.programme import Programme
from tests.rostra.sitegen.feeds._programme import history


@pytest.fixture(scope="module")
def weekly(full: Programme) -> Feed:
    subject = next(one for one in subjects(full) if one.key == "talks/weekly/")
    return feed(subject, full.site, "zh", history(full))


def entry(made: Feed, title: str):
    return next(one for one in feedparser.parse(atom(made).encode()).entries if one.title == title)


def test_the_feed_says_what_it_is_and_where(weekly: Feed) -> None:
    read = feedparser.parse(atom(weekly).encode()).feed
    assert (read.title, read.subtitle) == ("周会 · 实验室", "Every week.")
    assert read.author == "Laboratory of <Trust>"
    links = {link.rel: link.href for link in read.links}
    assert links["self"] == "https://lab.example/seminar/zh/talks/weekly/feed.xml"
    assert links["alternate"] == "https://lab.example/seminar/zh/talks/weekly/"


def test_speakers_are_authors_and_all_others_contribute(weekly: Feed) -> None:
    trust = entry(weekly, "论信任")
    assert [one.name for one in trust.authors] == ["Ann Lee", "王伟"]
    assert [one.name for one in trust.contributors] == ["Bob <Tables>", "王伟", "Eve"]
    assert trust.authors[0].href == "https://ann.example/?a=1&b=2"


def test_a_recording_that_is_a_file_is_enclosed(weekly: Feed) -> None:
    (found,) = entry(weekly, "论信任").enclosures
    assert (found.href, found.type) == ("https://media.example/a/trust.mp4?s=1", "video/mp4")
    assert entry(weekly, "Moved along").enclosures == []


def test_a_title_with_markup_in_it_is_shown_and_not_run(full: Programme) -> None:
    subject = next(one for one in subjects(full) if one.key == "talks/guests/")
    text = atom(feed(subject, full.site, "en", history(full)))
    assert '<title type="html">]]&amp;gt; &amp;amp; &amp;lt;b&amp;gt;bold' in text
    assert '<title type="html">Long' not in text
    assert '<title xml:lang="zh-Hans">只有中文的讲座</title>' in text
