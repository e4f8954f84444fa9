"""A site that has every kind of page, and of each kind the page with the most on it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from rostra.sitegen import shell
from rostra.sitegen.render import TEMPLATES
from tests._project import ROOT, with_known_talks

NOW = "2026-11-21T08:00:00Z"
KIND = re.compile(r'<main [^>]*\bdata-kind="([\w-]+)"')
LANGUAGE = re.compile(r'<html lang="(\w+)"')
VTT = "WEBVTT\n\n00:05.000 --> 00:09.000\n<v Yi Liu>Trust is earned.\n\n"
VTT += "01:02.000 --> 01:09.000\n<v Yi Liu>Batches are ordered.\n"
COMING = """\
title: {en: 'Trust and *doubt* in $\\varepsilon$', zh: 信任与怀疑}
start: 2099-01-04 10:00
speakers: [yi-liu]
chairs: [zijing-ou]
topics: [{en: federated learning, zh: 联邦学习}]
links: {registration: 'https://a.example/register?x=1&y=2', stream: 'https://a.example/live'}
"""
ENTRIES = {
    "coming": COMING,
    "film": "title: On film\nstart: 2026-10-04 10:00\nspeakers: [yi-liu]\n"
    "links: {recording: 'https://films.example/talk.webm', slides: 'https://a.example/s.pdf'}\n"
    "formerly: [ai-prisec/old-film]\n"
    "abstract: |\n  A [paper](https://a.example/p), `code`, and\n\n  - one\n  - two\n",
    "framed": "title: In a frame\nstart: 2026-10-05 10:00\nspeakers: [yi-liu]\n"
    "links: {recording: 'https://www.bilibili.com/video/BV1xx411c7mD/'}\n",
    "off": "title: Not this time\nstart: 2026-12-06 10:00\nstatus: cancelled\n",
    "later": "title: Later\nstart: 2026-12-13 10:00\nstatus: postponed\n",
    "reading-group": "title: Reading group\nstart: 2026-09-02 19:00\n"
    "repeat: FREQ=WEEKLY;BYDAY=WE\nabout: We read.\n",
}
OPENING = "title: A position\nabout: We *look* for you.\nposted: 2026-11-01\ndeadline: 2027-03-01\n"


NEWS = (
    "- {date: 2026-11-21, text: {en: 'Papers are *here*.', zh: 论文来了。}, link: publications/}\n"
)
PROJECT = (
    "title: {en: Trustworthy explanations, zh: 可信的解释}\n  summary: When may one rely on it?\n"
)
PROJECTS = f"trust:\n  {PROJECT}  people: [zijing-ou]\n  since: 2026-09-01\n"
PROJECTS += "  themes: [attacks]\n  publications: [chen2017zoo]\n"
PROJECTS += "  links: [{name: Page, url: 'https://a.example/', about: Its own}]\n"
NOTE = """\
---
description: What a note may hold.
author: zijing-ou
date: 2026-11-08
tags: [{en: explanation, zh: 可解释性}]
categories: [Seminar]
talk: ai-prisec/shapley-values
---
# A first look

Some $x$, a [link](https://a.example/) and `code`.

![Signs](../assets/zoo/signs.png)

| one | two |
| --- | --- |
| 1 | 2 |

```python
print("hello")
```
"""
TRANSLATED = "---\ndescription: 笔记可以写什么。\n---\n# 初探\n\n一些 $x$。\n"
FILES = {
    "seminars/openings/position.yaml": OPENING,
    "seminars/news.yaml": NEWS,
    "seminars/projects.yaml": PROJECTS,
    "docs/notes/first-look.md": NOTE,
    "docs/zh/notes/first-look.md": TRANSLATED,
}


def everything(folder: Path) -> Path:
    """Write the project: ours, and an entry of each kind and state."""
    project = with_known_talks(folder)
    series = project / "seminars/ai-prisec"
    for slug, text in ENTRIES.items():
        (series / f"{slug}.yaml").write_text(text, encoding="utf-8")
    for language in ("en", "zh"):
        (series / f"film.{language}.vtt").write_text(VTT, encoding="utf-8")
    (project / "docs").unlink()  # a link to ours, where nothing is to be written
    shutil.copytree(ROOT / "docs", project / "docs")
    for name, text in FILES.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    return project


def kinds() -> set[str]:
    """Every kind of page that a template writes, and those that no template does."""
    heads = (path.read_text(encoding="utf-8") for path in TEMPLATES.glob("[!_]*.html.j2"))
    written = {kind for head in heads for kind in re.findall(r"^  kind: (\w+)", head, re.MULTILINE)}
    return written | {
        "embed",
        "lost",
        "research-page",
        "note",
        "reference",
        "how-to",
        "explanation",
    }


def fullest(site: Path) -> dict[tuple[str, str], str]:
    """Return, by kind and language, the address of the page with the most on it."""
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for path, kind, text in _pages(site):
        language = LANGUAGE.search(text)
        assert language, path
        address = "/" + path.relative_to(site).as_posix().removesuffix("index.html")
        key = (kind, language[1])
        found[key] = max(found.get(key, (0, "")), (len(text), address))
    return {key: address for key, (_, address) in sorted(found.items())}


def _pages(site: Path) -> Iterator[tuple[Path, str, str]]:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        if mark := KIND.search(text):
            yield path, _kind(path.relative_to(site), mark[1]), text


def _kind(path: Path, mark: str) -> str:
    """A template's own kind; that of a page written by hand is its folder's."""
    if path.name == "404.html":
        return "lost"
    folder = shell.in_language(path.as_posix(), "en").split("/")[0]
    return (
        {"research": "research-page", "notes": "note"}.get(folder, folder)
        if mark == "written"
        else mark
    )
