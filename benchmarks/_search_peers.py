"""The search engines beside ours, from npm: installed for the benchmark only, outside the tree."""

import gzip
import json
import resource
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks._search import Question
from rostra.sitegen.search.pages import Document

PINS = ("lunr@2.3.9", "pagefind@1.6.0")  # lunr: what MkDocs' own search brings
CHROMIUM = "/usr/bin/chromium"
# As mkdocs/contrib/search sets it up for English, which is what a site gets that asks for nothing.
LUNR = """
const { readFileSync } = require("fs");
const lunr = require("lunr");
const { docs, queries } = JSON.parse(readFileSync(0, "utf-8"));
lunr.tokenizer.separator = /[\\s\\-]+/;
const index = lunr(function () {
  this.field("title"); this.field("text"); this.ref("location");
  docs.forEach((doc) => this.add(doc));
});
const script = readFileSync(require.resolve("lunr"));
const size = Buffer.byteLength(JSON.stringify({ docs })) + script.length;
const answers = queries.map((query) => index.search(query).map(({ ref }) => ref));
console.log(JSON.stringify({ answers, size }));
"""
ALL = """async (queries) => {
  const engine = await import("/pagefind/pagefind.js");
  const answers = [];
  for (const query of queries) {
    const { results } = await engine.search(query);
    answers.push(results.map(({ id }) => id));
  }
  return answers;
}"""
FIRST = """async (query) => {
  const engine = await import("/pagefind/pagefind.js");
  const { results } = await engine.search(query);
  await Promise.all(results.slice(0, 10).map((one) => one.data()));
}"""


def install(folder: Path) -> None:
    """Get the pinned packages."""
    command = ["npm", "install", "--no-audit", "--no-fund", "--silent", *PINS]
    subprocess.run(command, cwd=folder, check=True)


def lunr(
    folder: Path, documents: Sequence[Document], asked: Sequence[Question]
) -> tuple[list[list[str]], int]:
    """Return the answers, and the bytes that a page loads before the first."""
    docs = [{"location": one.url, "title": one.title, "text": one.text} for one in documents]
    given = json.dumps({"docs": docs, "queries": [one.query for one in asked]})
    told = subprocess.run(
        ["node", "-e", LUNR], cwd=folder, input=given.encode(), check=True, capture_output=True
    )
    found = json.loads(told.stdout)
    return found["answers"], found["size"]


def write(site: Path, documents: Sequence[Document], language: str) -> float:
    """Write pages, let Pagefind index them, and return its processor seconds."""
    for one in documents:
        page = site / one.url / "index.html"
        page.parent.mkdir(parents=True)
        body = f"<h1>{escape(one.title)}</h1><p>{escape(one.text)}</p>"
        page.write_text(
            f'<!doctype html><html lang="{language}"><title>{escape(one.title)}</title>'
            f"<main data-pagefind-body>{body}</main></html>",
            encoding="utf-8",
        )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    door = site.parent / "node_modules/pagefind/lib/runner/bin.cjs"
    subprocess.run(["node", str(door), "--site", str(site)], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def addresses(site: Path) -> dict[str, str]:
    """Return the address that each of Pagefind's results has."""
    found = {}
    for path in (site / "pagefind/fragment").iterdir():
        text = gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd")
        found[path.stem] = json.loads(text)["url"].removeprefix("/")
    return found


class _Counting(SimpleHTTPRequestHandler):
    sent = 0

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Count what is sent, headers left out."""
        content = source.read()
        _Counting.sent += len(content)
        outputfile.write(content)


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder as a plain host does."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Counting, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


def pagefind(
    site: Path, asked: Sequence[Question], fresh: int
) -> tuple[list[list[str]], list[int]]:
    """Return the answers, and for the first `fresh` questions the bytes that a new page loads."""
    known = addresses(site)
    with served(site) as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{origin}/{next(iter(known.values()))}")
        answers = page.evaluate(ALL, [one.query for one in asked])
        sizes = [loaded(browser.new_page(), origin, one.query) for one in asked[:fresh]]
        browser.close()
    return [[known[one] for one in found] for found in answers], sizes


def loaded(page: Page, origin: str, query: str) -> int:
    """Return the bytes that a new page loads until the first ten hits can be shown."""
    page.goto(f"{origin}/pagefind/pagefind-entry.json")
    before = _Counting.sent
    page.evaluate(FIRST, query)
    page.close()
    return _Counting.sent - before
