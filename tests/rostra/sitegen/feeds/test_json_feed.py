"""JSON Feed: the same talks for who would rather read JSON."""

import json

from rostra.sitegen.feeds._base import feed, subjects
from rostra.sitegen.feeds.json_feed import json_feed
from rostra.sitegen.programme import Programme
from tests.rostra.sitegen.feeds._programme import history


def test_an_item_says_what_the_entry_says(full: Programme) -> None:
    subject = next(one for one in subjects(full) if one.key == "people/wang/")
    found = json.loads(json_feed(feed(subject, full.site, "zh", history(full))))
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert found["feed_url"] == "https://lab.example/seminar/zh/people/wang/feed.json"
    assert found["title"] == "王伟 · 实验室"
    trust, chinese = found["items"]
    assert trust["authors"] == [
        {"name": "Ann Lee", "url": "https://ann.example/?a=1&b=2"},
        {"name": "王伟", "url": "http://wang.example/"},
    ]
    assert trust["tags"] == ["联邦学习", "C++"]
    assert trust["attachments"][0]["mime_type"] == "video/mp4"
    assert trust["date_modified"] == "2024-04-21T08:00:00Z"
    assert "attachments" not in chinese


def test_what_is_not_known_is_left_out(full: Programme) -> None:
    subject = next(one for one in subjects(full) if one.key == "talks/weekly/")
    items = json.loads(json_feed(feed(subject, full.site, "en", history(full))))["items"]
    cancelled = next(one for one in items if one["title"].startswith("Cancelled"))
    assert not {"authors", "tags", "attachments"} & set(cancelled)
