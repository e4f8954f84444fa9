"""RSS and the podcast namespace: a broken file for each rule."""

import pytest

from rostra.sitegen.linters.feeds import lint
from rostra.sitegen.linters.rss import RULES
from tests.rostra.sitegen.linters._feeds import RSS, rules_of

SELF = '<atom:link rel="self" type="application/rss+xml" href="https://lab.example/rss.xml"/>'
ENCLOSURE = '<enclosure url="https://m.example/a.mp4" length="0" type="video/mp4"/>'
MEDIUM = "<podcast:medium>video</podcast:medium>"

BROKEN = [
    ("rss-version", 'version="2.0"', 'version="0.91"'),
    ("rss-channel", "<description>Why</description>", ""),
    ("rss-channel", "<title>The lab</title>", "<title/>"),
    ("rss-once", "<title>On trust</title>", "<title>On trust</title><title>x</title>"),
    ("rss-unknown", "<language>", "<updated/><language>"),
    ("rss-unknown", "<dc:creator>", "<pubdate/><dc:creator>"),
    ("rss-item", "<title>On doubt</title>", ""),
    ("rss-link", "<link>https://lab.example/talks/a/</link>", "<link>/talks/a/</link>"),
    ("rss-date", "Sat, 01 Jun 2024 00:00:00 GMT", "2024-06-01T00:00:00Z"),
    ("rss-date", "Sat, 01 Jun 2024 00:00:00 GMT", "Sun, 01 Jun 2024 00:00:00 GMT"),
    ("rss-language", "zh-Hans", "Chinese"),
    ("rss-guid", "https://lab.example/talks/b/", "b"),
    ("rss-guid", "urn:uuid:1", " "),
    ("rss-guid-twice", "urn:uuid:1", "https://lab.example/talks/b/"),
    ("rss-enclosure", 'length="0"', 'length=""'),
    ("rss-enclosure", 'length="0"', 'length="-1"'),
    ("rss-enclosure", ' type="video/mp4"', ""),
    ("rss-enclosure", "https://m.example/a.mp4", "a.mp4"),
    ("rss-one-enclosure", ENCLOSURE, ENCLOSURE + ENCLOSURE),
    ("rss-self", SELF, ""),
    ("rss-author", "bob@lab.example (Bob)", "Bob"),
    ("rss-author", "<dc:creator>Ann</dc:creator>", "<dc:creator/>"),
    ("rss-html", "&lt;p&gt;", '&lt;iframe src="https://a.example/"&gt;'),
    ("rss-text", "<title>On trust</title>", "<title>On <b>trust</b></title>"),
    ("podcast-guid", "09053eb4-fd0c-58f4-901d-6dda153b5c19", "09053eb4"),
    ("podcast-medium", ">video<", ">television<"),
    ("podcast-locked", ">no<", ">true<"),
    ("podcast-person", 'role="Guest"', 'role="speaker"'),
    ("podcast-person", 'href="https://ann.example/">Ann', 'href="https://ann.example/">'),
    ("podcast-person", 'href="https://ann.example/">Ann', f'href="https://a.example/">{"A" * 129}'),
    ("podcast-transcript", 'type="text/vtt"', 'type="vtt"'),
    ("podcast-transcript", 'language="en"', 'language="e"'),
    ("podcast-transcript", 'rel="captions"', 'rel="subtitles"'),
    ("podcast-https", "https://lab.example/a.vtt", "http://lab.example/a.vtt"),
    ("podcast-https", "https://ann.example/", "http://ann.example/"),
    ("podcast-place", MEDIUM, MEDIUM + MEDIUM),
    ("podcast-place", MEDIUM, '<podcast:transcript url="https://a.example/a" type="text/vtt"/>'),
]


def test_a_sound_feed_has_no_findings() -> None:
    assert lint(RSS.encode(), "rss.xml") == []


def test_every_rule_has_a_broken_file() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


@pytest.mark.parametrize(("rule", "old", "new"), BROKEN)
def test_a_broken_feed_is_found(rule: str, old: str, new: str) -> None:
    assert rules_of(RSS, [(old, new)]) == {rule}
