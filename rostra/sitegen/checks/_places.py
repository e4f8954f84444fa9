"""All addresses that a site will have, as far as its entries say, before anything is written."""

import re
from collections.abc import Iterator
from itertools import chain, product
from pathlib import Path

from rostra.sitegen import programme as programmes
from rostra.sitegen.contents import OPENINGS, Contents
from rostra.sitegen.event import Event
from rostra.sitegen.programme import Programme

TEMPLATES = Path(__file__).parents[1] / "templates"
PAGE = re.compile(r'^path: "\{\{ prefix \}\}([^{"]*)index\.html"', re.MULTILINE)
PROFILES = (".ics", ".rich.ics")
CURRENT = (".current.ics", ".current.rich.ics")
FEEDS = ("feed.xml", "feed.json", "rss.xml")
DATA = ("schema", "talks", "series", "people", "topics", "meetups", "openings")
WRITINGS = ("notes", "news")
FOLDERS = {"en": "", "zh": "zh/"}


def places(contents: Contents) -> Iterator[str]:
    """Yield every address below the site's home; pages end in a slash."""
    programme = programmes.of(contents)
    project = contents.folder.parent
    read = (*_pages(programme), *_gallery(project), *_feeds(programme))
    read += tuple(f"talks/{one.ref}/card.svg" for one in programme.talks)
    for number, language in enumerate(programme.site.languages):
        yield from (FOLDERS[language] + one for one in read)
        # The calendars of the first language lie where they always lay, whichever it is.
        yield from (f"{language}/" * bool(number) + one for one in _calendars(programme))
    yield ""  # of a site without English it leads on
    yield from _captions(programme)
    yield from (f"api/v1/{name}.json" for name in DATA)
    yield from (f"api/v1/talks/{ref}.json" for ref in _refs(*programme.talks))
    yield from (one.path for one in programme.library.citation_files)
    yield from _docs(project / "docs")


def _pages(programme: Programme) -> Iterator[str]:
    for template in TEMPLATES.glob("*.html.j2"):
        yield from PAGE.findall(template.read_text(encoding="utf-8"))
    yield f"{OPENINGS}/"
    listed = (*(one.id for one in programme.series), *(one.year for one in programme.years))
    refs = _refs(*programme.talks, *programme.meetups)
    yield from (f"talks/{one}/" for one in (*refs, *listed))
    yield from (f"embed/{one}/" for one in ("all", *_series(programme)))
    yield from (f"people/{one.id}/" for one in programme.people)
    yield from (f"topics/{one.slug}/" for one in programme.topics)
    yield from (f"notes/tags/{one.slug}/" for one in programme.library.tags)


def _refs(*events: Event) -> Iterator[str]:
    """Where events are, and were."""
    return chain.from_iterable((one.ref, *one.formerly) for one in events)


def _series(programme: Programme) -> set[str]:
    """The series that there are, and those of earlier addresses."""
    refs = _refs(*programme.talks, *programme.meetups)
    return {one.id for one in programme.series} | {one.partition("/")[0] for one in refs}


def _gallery(project: Path) -> Iterator[str]:
    return (f"gallery/{path.stem}/" for path in project.glob("demos/[a-z]*.py"))


def _followed(programme: Programme) -> Iterator[str]:
    """What has calendars and feeds of its own."""
    yield from (f"talks/{one}" for one in _series(programme))
    yield from (f"people/{one.id}" for one in programme.people if programme.is_heard(one))
    yield from (f"topics/{one.slug}" for one in programme.topics)


def _calendars(programme: Programme) -> Iterator[str]:
    events = (f"talks/{ref}" for ref in _refs(*programme.talks, *programme.meetups))
    yield from map("".join, product(("talks/all", *_followed(programme)), PROFILES + CURRENT))
    yield from map("".join, product(events, PROFILES))


def _feeds(programme: Programme) -> Iterator[str]:
    yield from FEEDS
    yield from map("/".join, product(_followed(programme), FEEDS))
    library = programme.library
    yield from (f"{name}/{FEEDS[0]}" for name in WRITINGS if getattr(library, name))


def _captions(programme: Programme) -> Iterator[str]:
    for talk in programme.talks:
        yield from (f"talks/{talk.ref}/{one.file}" for one in talk.captions)


def _docs(docs: Path) -> Iterator[str]:
    for path in docs.rglob("*"):
        name = path.relative_to(docs).as_posix()
        yield _url(name) if path.suffix == ".md" else name


def _url(name: str) -> str:
    stem = name.removesuffix(".md")
    return stem.removesuffix("index") if stem.endswith("index") else f"{stem}/"
