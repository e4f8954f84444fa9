"""News: the newest first, each with a link that leads somewhere."""

import pytest

from rostra.sitegen.faults import EntryError
from rostra.sitegen.programme import load

TEXT = """\
- {date: 2024-01-02, text: Older}
- date: 2024-03-04
  text: {en: Newer, zh: 新的}
  link: talks/
- {date: 2024-02-03, text: Between, link: 'https://a.example/'}
"""


def test_the_newest_comes_first(seminars) -> None:
    news = load(seminars({"news.yaml": TEXT})).library.news
    assert [f"{one.date:%m}" for one in news] == ["03", "02", "01"]
    assert [one.link for one in news] == ["talks/", "https://a.example/", None]


@pytest.mark.parametrize("link", ["/talks/", "javascript:alert(1)", "../up/", "mailto:x"])
def test_a_link_is_an_address_or_a_page(seminars, link: str) -> None:
    with pytest.raises(EntryError) as error:
        load(seminars({"news.yaml": f"- {{date: 2024-01-02, text: x, link: '{link}'}}\n"}))
    assert [fault.rule for fault in error.value.faults] in (["path"], ["url"])
