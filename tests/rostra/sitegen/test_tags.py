"""Pages read tag by tag: on our own pages nothing is read otherwise than a parser reads it."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from rostra.sitegen.inventory import Inventory
from rostra.sitegen.render import render
from rostra.sitegen.tags import attributes, tags

NOW = datetime(2024, 6, 1, tzinfo=UTC)


class Parsed(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, str] = {}
        for name, value in attrs:
            given.setdefault(name, value or "")
        self.found.append((self.text, tag, False, given))
        self.text = ""

    handle_startendtag = handle_starttag  # `<br/>` ends nothing

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.text = ""
            return
        self.found.append((self.text, tag, True, {}))
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(html: str) -> list[tuple]:
    parser = Parsed()
    parser.feed(html)
    parser.close()
    return [*parser.found, (parser.text, "", False, {})]


def read(html: str) -> list[tuple]:
    return [
        (tag.before, tag.name, tag.closing, {} if tag.closing else dict(attributes(tag.written)))
        for tag in tags(html)
    ]


@pytest.mark.parametrize(
    "html",
    [
        "a<b c>d</b>e",
        """<a href="x>y" title='"' hidden>&amp;&#x26;</a>""",
        '<script type="application/ld+json">{"a": "<b>"}</script>after',
        "<P CLASS=a ID = 'b'>x</P >",
        '<img src="a.png" alt=""/>',
        '<p a="1" a="2">',
    ],
)
def test_what_is_well_formed_is_read_as_a_parser_reads_it(html: str) -> None:
    assert read(html) == parsed(html)


def test_our_pages_are_read_as_a_parser_reads_them(programme) -> None:
    pages = [one for one in render(programme, Inventory(), NOW) if one.path.endswith(".html")]
    assert len(pages) > 10
    for page in pages:
        assert read(page.text) == parsed(page.text), page.path


def test_a_comment_has_no_tags() -> None:
    assert [tag.name for tag in tags("<!doctype html><!-- <p> --><b>")] == ["b", ""]


@pytest.mark.parametrize("html", ["<p " * 20_000, "<p a='" + "x" * 50_000, "<" * 50_000])
def test_what_never_ends_takes_no_time(html: str) -> None:
    assert len(list(tags(html))) == 1
