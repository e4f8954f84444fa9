"""What the search knows of pages is kept for those that stay as they are."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rostra.sitegen.search.pages import Document
from rostra.sitegen.search.words import Words

PAGE = "<html><nav>menu</nav><main><h1>On trust</h1><p>Why?</p></main></html>"


def kept(memory: Path) -> Words:
    words = Words(memory)
    words.read("a/index.html", PAGE)
    words.keep(["a/"])
    return Words(memory)


def test_a_page_is_known_from_one_build_to_the_next(tmp_path: Path) -> None:
    words = kept(tmp_path / "words.json")
    assert words.has("a/index.html", True)
    assert not words.has("b/index.html", True)
    assert words.has("b/feed.xml", False), "what is no page has no words"
    date = datetime(2024, 5, 5, 12, tzinfo=UTC)
    assert [*words.of(["a/"], {"a/": date})] == [
        Document("a/", "On trust", "On trust Why?", "2024-05-05T12:00:00+00:00")
    ]


def test_what_is_read_now_counts_before_what_was_known(tmp_path: Path) -> None:
    words = kept(tmp_path / "words.json")
    words.read("a/index.html", PAGE.replace("trust", "doubt"))
    assert [one.title for one in words.of(["a/"], {})] == ["On doubt"]


@pytest.mark.parametrize("memory", ["", "{", "[]", '{"a/": 1}', '{"a/": [1, 2, 3]}'])
def test_a_damaged_memory_knows_nothing(tmp_path: Path, memory: str) -> None:
    (tmp_path / "words.json").write_text(memory)
    assert not Words(tmp_path / "words.json").has("a/index.html", True)


def test_a_memory_of_which_a_letter_is_another_knows_nothing(tmp_path: Path) -> None:
    memory = tmp_path / "words.json"
    kept(memory)
    memory.write_bytes(memory.read_bytes().replace(b"Why?", b"Who?"))
    assert not Words(memory).has("a/index.html", True)
