"""Queries and their answers: whatever stands in a page is found, wherever a query cuts into it."""

import random

import pytest

from rostra.sitegen.search.index import files
from rostra.sitegen.search.pages import Document
from rostra.sitegen.search.reader import FIRST, MOST, Reader

PAGES = [
    Document("a/", "对抗训练", "对抗训练让模型在被攻击的图片上学习，准确率会略有下降。"),
    Document("b/", "Adversarial attacks", "PGD takes many small steps; 攻击者只看见分数。"),
    Document("c/", "训练与对抗", "先训练，再谈对抗；signs_robust 是一个模型。"),
]


def reader(pages: list[Document]) -> Reader:
    return Reader(dict(files(pages)).__getitem__)


def find(query: str, pages: list[Document] = PAGES) -> list[str]:
    return [url for url, _ in list(reader(pages).search(query))[-1].hits]


def test_every_piece_of_a_chinese_text_is_found() -> None:
    draw = random.Random(0)
    for page in PAGES:
        for run in page.text.replace("，", " ").replace("。", " ").replace("；", " ").split():
            start = draw.randrange(len(run))
            piece = run[start : start + draw.randint(1, 6)]
            assert piece.isascii() or page.url in find(piece), piece


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
        ("ste", {"b/"}),
        ("tep", set()),
        ("robust", {"c/"}),
        ("attack 训练", set()),
        ("", set()),
        ("？", set()),
    ],
)
def test_queries_find_what_holds_all_their_terms(query: str, expected: set[str]) -> None:
    assert set(find(query)) == expected


def test_titles_come_first_then_the_newest() -> None:
    pages = [
        Document("old-title/", "On trust", "", "2020-01-01"),
        Document("new-title/", "Trust", "", "2021-01-01"),
        Document("undated/", "Other", "trust"),
        Document("new/", "Other", "trust", "2026-01-01"),
    ]
    assert find("trust", pages) == ["new-title/", "old-title/", "new/", "undated/"]


def test_a_title_comes_first_however_old_it_is() -> None:
    pages = [Document(f"{day}/", "Other", "trust", f"2026-01-{day}") for day in range(10, 30)]
    titled = Document("title/", "Learning and trust", "", "2020-01-01")
    assert find("trust learning", [*pages, titled]) == ["title/"]
    assert find("trust", [*pages, titled])[:2] == ["title/", "29/"]


def test_a_title_with_the_query_as_it_stands_leads() -> None:
    pages = [
        Document("exact/", "Private learning", "", "2020-01-01"),
        Document("apart/", "Learning to be private", "", "2026-01-01"),
    ]
    assert find("PRIVATE Learning", pages) == ["exact/", "apart/"]


def test_a_long_query_answers_early_and_in_the_end_exactly() -> None:
    words = "one two three four five six seven"
    pages = [Document("all/", "A", words), Document("most/", "B", words.removesuffix(" seven"))]
    early, exact = reader(pages).search(words)
    assert len(words.split()) == FIRST + 1
    assert (early.count, exact.count) == (2, 1)


def test_all_are_counted_and_few_are_fetched() -> None:
    pages = [Document(f"{number:03}/", "T", "trust") for number in range(300)]
    loaded: list[str] = []
    held = dict(files(pages))

    def read(path: str) -> bytes:
        loaded.append(path)
        return held[path]

    (found,) = Reader(read).search("trust")
    assert (found.count, len(found.hits)) == (300, MOST)
    assert len(loaded) == 3  # how it is cut, one shard, one block of titles
