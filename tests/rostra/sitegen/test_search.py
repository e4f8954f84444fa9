"""The search index: whatever stands in a page is found, wherever a query cuts into it."""

import json
import random
from itertools import accumulate

import pytest

from rostra.sitegen.search import Document, document, index, tokens

PAGES = [
    Document("a/", "对抗训练", "对抗训练让模型在被攻击的图片上学习，准确率会略有下降。"),
    Document("b/", "Adversarial attacks", "PGD takes many small steps; 攻击者只看见分数。"),
    Document("c/", "训练与对抗", "先训练，再谈对抗；signs_robust 是一个模型。"),
]


def find(written: str, query: str) -> set[str]:
    """What search.js does: pairs must be there, anything else must begin a token."""
    held = json.loads(written)
    wanted = list(tokens(query))
    if len(wanted) > 1 and len(wanted[-1]) == 1:
        wanted.pop()  # the last character is for single-character queries
    found = set(range(len(held["documents"])))
    for term in wanted:
        hits = (
            accumulate(steps) for token, steps in held["terms"].items() if token.startswith(term)
        )
        found &= {number for numbers in hits for number in numbers}
    return {held["documents"][number][0] for number in found}


def test_every_piece_of_a_chinese_text_is_found() -> None:
    written = index(PAGES)
    draw = random.Random(0)
    for page in PAGES:
        runs = [
            run for run in page.text.replace("，", " ").replace("；", " ").split() if run >= "一"
        ]
        for run in runs:
            start = draw.randrange(len(run))
            piece = run[start : start + draw.randint(1, 6)].strip("。")
            assert not piece or page.url in find(written, piece), piece


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("对抗训练", {"a/"}),  # not the page that only holds both words
        ("对抗", {"a/", "c/"}),
        ("击", {"a/", "b/"}),
        ("attack", {"b/"}),
        ("attacks pgd", {"b/"}),
        ("ＰＧＤ", {"b/"}),
        ("step", {"b/"}),
        ("robust", {"c/"}),
        ("attack 训练", set()),
    ],
)
def test_queries_find_what_holds_all_their_terms(query: str, expected: set[str]) -> None:
    assert find(index(PAGES), query) == expected


def test_a_short_word_keeps_its_s() -> None:
    assert list(tokens("loss bus gas is steps")) == ["loss", "bus", "gas", "is", "step"]


def test_only_the_article_is_read() -> None:
    page = (
        "<header>menu</header><main><h1>T</h1>a<script>x</script><p>b</p></main><footer>f</footer>"
    )
    assert document(page, "u/") == Document("u/", "T", "T a b")


def test_tags_inside_a_line_do_not_part_words_and_blocks_do() -> None:
    page = "<main><h1>T</h1><p>对<em>抗</em>训练</p><p>后<br>来</p><ul><li>x</li><li>y</li></ul>"
    assert document(page, "u/").text == "T 对抗训练 后 来 x y"


def test_links_are_read_and_permalinks_are_not() -> None:
    page = '<main><h1>T<a class="headerlink" href="#t">#</a></h1><p>a <a href="b/">b</a></p></main>'
    assert document(page, "u/") == Document("u/", "T", "T a b")


def test_an_index_is_the_same_whatever_order_pages_come_in() -> None:
    assert index(PAGES) == index(reversed(PAGES))
