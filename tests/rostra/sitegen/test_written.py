"""What is said of entries on hand-written pages."""

import pytest

from rostra.sitegen.fields import Bilingual
from rostra.sitegen.written import WrittenPage, opened


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# T\n\nOne,\ntwo.\n\n## A\n", "# T\n\nOne,\ntwo.\n\nx\n\n## A\n"),
        ("# T\n- a list\n", "# T\n\nx\n- a list\n"),
        ("No title.\n", "\nx\nNo title.\n"),
    ],
)
def test_a_line_stands_after_the_first_paragraph_or_the_title(markdown: str, expected: str) -> None:
    assert opened(markdown, "x") == expected


def test_a_page_links_to_pages_of_its_language() -> None:
    english, chinese = WrittenPage("notes/a.md"), WrittenPage("zh/notes/a.md")
    assert english.link("x", "talks/") == "[x](../talks/index.md)"
    assert chinese.link("x", "talks/", "#a") == "[x](../talks/index.md#a)"
    assert (english.address, chinese.address) == ("notes/a/", "notes/a/")


def test_a_text_is_left_as_it_is_and_says_its_language() -> None:
    page = WrittenPage("zh/notes/a.md")
    assert page.said(Bilingual(en="*a* [b]")) == '<span lang="en">a &#91;b&#93;</span>'
    assert page.said("信任") == "信任"
