"""JSON Feed: a broken file for each rule."""

import pytest

from rostra.sitegen.linters.feeds import lint
from rostra.sitegen.linters.json_feed import RULES
from tests.rostra.sitegen.linters._feeds import JSON, rules_of

BROKEN = [
    ("json-version", "version/1.1", "version/1"),
    ("json-title", ' "title": "The lab",\n', ""),
    ("json-items", '"items": [', '"_items": ['),
    ("json-address", "https://lab.example/feed.json", "feed.json"),
    ("json-address", '"url": "https://lab.example/"', '"url": "lab"'),
    ("json-authors", '{"name": "The lab", "url": "https://lab.example/"}', "{}"),
    ("json-author", '"language": "en",', '"language": "en", "author": {"name": "The lab"},'),
    ("json-language", '"language": "en"', '"language": "en_GB"'),
    ("json-id", '"urn:uuid:1"', "1"),
    ("json-id", '   "id": "urn:uuid:2",\n', ""),
    ("json-id-twice", "urn:uuid:2", "urn:uuid:1"),
    ("json-content", '"content_text": "B"', '"summary": "B"'),
    ("json-date", "2024-05-01T10:00:00Z", "2024-05-01"),
    ("json-tags", '["trust"]', '[""]'),
    ("json-attachment", ', "mime_type": "video/mp4"', ""),
    ("json-attachment", "https://m.example/a.mp4", "a.mp4"),
    ("json-html", "<p>A</p>", "<script>x</script>"),
    ("json-type", '"title": "On trust"', '"title": 7'),
    ("json-type", '{\n   "id": "urn:uuid:2",\n   "content_text": "B"\n  }', '"B"'),
    ("json-unknown", '"_ours"', '"ours"'),
    ("json-unknown", '"tags"', '"topics"'),
]


def test_a_sound_feed_has_no_findings() -> None:
    assert lint(JSON.encode(), "feed.json") == []


def test_every_rule_has_a_broken_file() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


@pytest.mark.parametrize(("rule", "old", "new"), BROKEN)
def test_a_broken_feed_is_found(rule: str, old: str, new: str) -> None:
    assert rules_of(JSON, [(old, new)]) == {rule}


def test_a_finding_says_where_its_item_begins() -> None:
    found = lint(JSON.replace('"content_text": "B"', '"title": "B"').encode(), "feed.json")
    assert [one.line for one in found] == [20]
