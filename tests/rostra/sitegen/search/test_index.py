"""The files of an index: exact at size, small to look into, and steady under edits."""

from dataclasses import replace
from statistics import mean

import pytest

from benchmarks._search import measured, questions, talks
from rostra.sitegen.search.index import bitmap, files, varint
from rostra.sitegen.search.pages import Document
from rostra.sitegen.search.reader import Reader, bits, steps
from rostra.sitegen.search.terms import asked, longer

TALKS = 2000
Index = dict[str, bytes]


@pytest.fixture(scope="module", params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def documents(language: str) -> list[Document]:
    return list(talks(TALKS, language))


@pytest.fixture(scope="module")
def index(documents: list[Document]) -> Index:
    return dict(files(documents))


@pytest.fixture(scope="module")
def few() -> list[Document]:
    return list(talks(300, "zh"))


def changed(one: Index, other: Index) -> set[str]:
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


def test_a_thousand_questions_are_answered(
    documents: list[Document], index: Index, language: str
) -> None:
    urls = [one.url for one in sorted(documents, key=lambda one: (one.date, one.url))]

    def ask(query: str) -> tuple[list[str], list[str], int]:
        loaded: list[str] = []
        reader = Reader(lambda path: (loaded.append(path), index[path])[1])
        found = next(reader.search(query))
        size = sum(len(index[path]) for path in loaded)
        everything = [urls[page] for page in reader.pages(asked(query), longer(query))]
        return everything, [url for url, _ in found.hits], size

    found = measured(questions(documents, language), ask)
    assert found["recall"] == 1
    assert found["false hits %"] <= 1
    assert found["all of ≤ 10 in the first 10 %"] == 100
    assert found["max"] <= 80


def test_an_index_is_the_same_whatever_order_pages_come_in(few: list[Document]) -> None:
    assert changed(dict(files(few)), dict(files(reversed(few)))) == set()


def test_an_edit_rewrites_few_files(few: list[Document]) -> None:
    edited = [*few]
    edited[70] = replace(edited[70], text=edited[70].text + " 会场改到 B 楼")
    rewritten = changed(dict(files(few)), dict(files(edited)))
    assert "index.json" in rewritten  # its version keeps old and new files apart
    assert 2 < len(rewritten) <= 1 + len("会场改到楼") * 3 + len("b")
    assert not [path for path in rewritten if path.startswith("pages/")]


def test_the_newest_talk_leaves_the_others_where_they_were(few: list[Document]) -> None:
    talk = Document("talks/new/", "会场", "会场改到 B 楼", "2027-01-01")
    rewritten = changed(dict(files(few)), dict(files([*few, talk])))
    assert len(rewritten) <= 30
    assert len([path for path in rewritten if path.startswith("pages/")]) == 1


def test_shards_are_of_a_size(index: Index) -> None:
    sizes = [len(content) for path, content in index.items() if path.startswith("terms/")]
    assert len(sizes) in {1 << bits for bits in range(14)}
    assert 4000 < mean(sizes) < 8300
    assert max(sizes) < 4 * mean(sizes)


def test_what_is_written_is_read() -> None:
    numbers = [0, 1, 127, 128, 300, 70_000]
    assert list(steps(b"".join(map(varint, numbers)))) == numbers
    assert list(bits(bytes(bitmap(numbers)))) == numbers


def test_a_site_without_pages_has_an_index() -> None:
    empty = Reader(dict(files([])).__getitem__)
    assert [one.count for one in empty.search("对抗 a")] == [0]
