"""Which kind of feed a file is; what is none, and what cannot be read."""

from pathlib import Path

import pytest

from rostra.sitegen.linters.feeds import findings, lint
from tests.rostra.sitegen.linters._feeds import ATOM, JSON, RSS


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        (b"<feed>\n\xff</feed>", "utf-8", 2),
        (b"<feed>\n</fed>", "xml", 2),
        (b"", "xml", 1),
        (b'<!DOCTYPE feed [<!ENTITY x "y">]>\n<feed/>', "xml", 1),
        (b"<html/>", "kind", 1),
        (b"<feed/>", "kind", 1),
        (b'{\n"version": }', "json", 2),
    ],
)
def test_what_is_no_feed_is_found(data: bytes, rule: str, line: int) -> None:
    assert [(one.rule, one.line) for one in lint(data, "x")] == [(rule, line)]


def test_all_feeds_of_a_site_are_read(tmp_path: Path) -> None:
    (tmp_path / "zh").mkdir()
    for name, text in (("feed.xml", ATOM), ("rss.xml", RSS), ("zh/feed.json", JSON)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "sitemap.xml").write_text("<urlset/>", encoding="utf-8")
    assert list(findings(tmp_path)) == []
    (tmp_path / "zh/feed.json").write_text(JSON.replace("1.1", "1"), encoding="utf-8")
    (tmp_path / "rss.xml").write_text(RSS.replace("2.0", "1.0"), encoding="utf-8")
    assert [one.file for one in findings(tmp_path)] == ["rss.xml", "zh/feed.json"]
