"""Search: sub-word queries with known answers, what they load, and what an index costs."""

import gzip
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import _search_peers as peers
from benchmarks._search import Ask, Question, measured, questions, talks
from benchmarks._table import publish
from rostra.sitegen.search.index import files
from rostra.sitegen.search.pages import Document
from rostra.sitegen.search.reader import Reader
from rostra.sitegen.search.terms import asked, longer

SIZES = (1_000, 20_000)
PEERS_UP_TO = 1_000  # at 20,000 the peers would take longer than all the rest
FRESH = 15  # questions that Pagefind answers in a page of their own, for the bytes
LANGUAGES = {"zh": "Chinese", "en": "English"}
Row = dict[str, Any]
NOTES = (
    "1,000 questions a row, drawn from anywhere in generated talks of about 250 Chinese characters "
    "or 120 English words: pieces of 2 to 6 characters, or one to three beginnings of words. The "
    "answers are known by looking into every text.",
    "Recall counts all pages that hold a query, false hits all pages given that do not. The column "
    "after them: of the queries that at most ten pages hold, those whose pages all stand among the "
    "first ten hits.",
    "kB (1,000 bytes) before the first result, uncompressed: an empty cache, everything an index "
    "loads until titles can be shown. Ours compressed: what gzip leaves of the same files.",
    "lunr 2.3.9 as MkDocs' search sets it up where nothing is asked for; its text is loaded whole. "
    f"Pagefind 1.6.0 from npm in Chromium, its bytes in {FRESH} fresh pages; its index is stored "
    f"compressed. Both at {PEERS_UP_TO:,} talks only. Material's search, which cuts Chinese by a "
    "dictionary, is not run here.",
)  # fmt: skip


def ours(documents: Sequence[Document], questioned: Sequence[Question]) -> Row:
    """Index and ask in this process; the page's script answers the same, a browser test says."""
    began = time.process_time()
    held = dict(files(documents))
    seconds = time.process_time() - began
    squeezed = {path: len(gzip.compress(content)) for path, content in held.items()}
    urls = [one.url for one in sorted(documents, key=lambda one: (one.date, one.url))]
    packed: list[int] = []

    def ask(query: str) -> tuple[list[str], list[str], int]:
        paths: list[str] = []

        def read(path: str) -> bytes:
            paths.append(path)
            return held[path]

        reader = Reader(read)
        found = next(reader.search(query))
        size = sum(len(held[path]) for path in paths)
        packed.append(sum(squeezed[path] for path in paths))
        pages = reader.pages(asked(query), longer(query))
        return [urls[page] for page in pages], [url for url, _ in found.hits], size

    figures = measured(questioned, ask)
    return {
        **figures,
        "gzip": round(sum(packed) / len(packed) / 1000, 1),
        "index MB": round(sum(map(len, held.values())) / 1e6, 2),
        "indexing CPU s": round(seconds, 1),
    }


def given(answers: Sequence[Sequence[str]], sizes: Sequence[int]) -> Ask:
    """Give a peer's answers one after the other, as if they were asked for."""
    both = iter(zip(answers, sizes, strict=True))

    def ask(_: str) -> tuple[list[str], list[str], int]:
        found, size = next(both)
        return list(found), list(found), size

    return ask


def lunr(folder: Path, documents: Sequence[Document], questioned: Sequence[Question]) -> Row:
    """Ask what MkDocs brings."""
    answers, size = peers.lunr(folder, documents, questioned)
    figures = measured(questioned, given(answers, [size] * len(answers)))
    return {**figures, "gzip": "–", "index MB": round(size / 1e6, 2), "indexing CPU s": "–"}


def pagefind(folder: Path, documents: Sequence[Document], questioned: Sequence[Question]) -> Row:
    """Ask Pagefind; its bytes are of fewer questions."""
    site = folder / "site"
    shutil.rmtree(site, ignore_errors=True)
    seconds = peers.write(site, documents, "zh" if documents[0].url.startswith("zh/") else "en")
    answers, sizes = peers.pagefind(site, questioned, FRESH)
    repeated = [sizes[at % len(sizes)] for at in range(len(answers))]
    size = sum(path.stat().st_size for path in (site / "pagefind").rglob("*") if path.is_file())
    return {
        **measured(questioned, given(answers, repeated)),
        "gzip": "–",
        "index MB": round(size / 1e6, 2),
        "indexing CPU s": round(seconds, 1),
    }


def rows(folder: Path) -> Iterator[Row]:
    """Measure each engine, on the same talks and questions."""
    for count in SIZES:
        for language, name in LANGUAGES.items():
            documents = list(talks(count, language))
            questioned = list(questions(documents, language))
            about = {"talks": count, "language": name}
            yield {"engine": "rostra", **about, **ours(documents, questioned)}
            if count <= PEERS_UP_TO:
                yield {"engine": "Pagefind", **about, **pagefind(folder, documents, questioned)}
                yield {"engine": "lunr", **about, **lunr(folder, documents, questioned)}


def main() -> None:
    """Measure and publish."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peers.install(folder)
        publish("search", "Search: what is found, and what it loads", list(rows(folder)), NOTES)
