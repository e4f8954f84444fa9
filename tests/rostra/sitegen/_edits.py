"""What people do to a project between two builds: each edit by its name."""

from collections.abc import Callable, Collection, Mapping
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

from tests.rostra.sitegen._desk import World, released
from tests.rostra.sitegen._world import CAPTIONS, DEMO, NOTE, PAPERS, entry

Edit: TypeAlias = Callable[[World], World]


class UnfitError(ValueError):
    """What an edit changes is not there."""


def put(**texts: str | None) -> Edit:
    """Write files anew, by entries' names or by paths; None takes one away."""
    return lambda world: _with(world, {_path(name): text for name, text in texts.items()})


def changed(name: str, old: str, new: str) -> Edit:
    def edit(world: World) -> World:
        text = world.files.get(_path(name), "")
        if old not in text:
            raise UnfitError(f"{name} has no {old}")
        return _with(world, {_path(name): text.replace(old, new, 1)})

    return edit


def moved(old: str, new: str, more: str = "") -> Edit:
    """Give a file another name, and say something more at its end."""

    def edit(world: World) -> World:
        if _path(old) not in world.files:
            raise UnfitError(f"there is no {old}")
        return _with(world, {_path(new): world.files[_path(old)] + more, _path(old): None})

    return edit


def later(**length: float) -> Edit:
    return lambda world: replace(world, now=world.now + timedelta(**length))


def told(**environment: str) -> Edit:
    return lambda world: replace(world, told={**world.told, **environment})


def each(*edits: Edit) -> Edit:
    def edit(world: World) -> World:
        for one in edits:
            world = one(world)
        return world

    return edit


def _path(name: str) -> str:
    return name if "." in name else entry(name)


def _with(world: World, texts: Mapping[str, str | None]) -> World:
    known = {**world.files, **texts}
    return replace(world, files={name: text for name, text in known.items() if text is not None})


TRUST, DOUBT, FAITH = "weekly/trust", "weekly/doubt", "early/faith"
NEW = "title: New\nstart: {0} 10:00\nspeakers: [ann]\n"

TALKS: Mapping[str, Edit] = {
    "title": changed(TRUST, "On trust", "On hope"),
    "title in Chinese": changed(TRUST, "论信任", "论希望"),
    "abstract": changed(TRUST, "*look*", "stare"),
    "minute": changed(DOUBT, "10:00", "10:30"),
    "year": changed(FAITH, "2023-11-06", "2022-11-07"),
    "speaker": changed(DOUBT, "[ann]", "[wang]"),
    "panellist gone": changed(FAITH, "panellists: [wang]\n", ""),
    "status": changed(DOUBT, "topics", "status: cancelled\ntopics"),
    "links": changed(DOUBT, "register.", "other."),
    "recording gone": changed(TRUST, "links: {recording: https://video.example/trust.mp4}\n", ""),
    "topic": changed(FAITH, "[faith]", "[belief]"),
    "name of a topic": changed(DOUBT, "zh: 信任", "zh: 信赖"),
    "demo gone": changed(TRUST, "demo: {name: playground}\n", ""),
    "other series": moved(DOUBT, "reading/doubt", "formerly: [weekly/doubt]\n"),
    "new talk": put(**{"weekly/new": NEW.replace("{0}", "2024-06-12")}),
    "new talk of a new year": put(**{"weekly/new": NEW.replace("{0}", "2021-06-12")}),
    "new talk in a quiet series": put(**{"quiet/new": NEW.replace("{0}", "2024-06-12")}),
    "removed": put(**{DOUBT: None}),
    "removed, the last of its year": put(**{FAITH: None}),
    "renamed": moved(FAITH, "early/belief", "formerly: [early/faith]\n"),
    "not formerly": changed(TRUST, "formerly: [gone/trust]\n", ""),
    "published": changed("reading/draft", "status: draft\n", ""),
    "a draft again": changed("weekly/far", "topics", "status: draft\ntopics"),
}
CLOCK: Mapping[str, Edit] = {
    "a second passes": later(seconds=1),
    "a talk begins": later(days=1, hours=23, minutes=30),
    "a meet-up has met": later(days=4),
    "a talk ends": later(days=3),
    "an embargo": later(days=10),
    "a month, and an opening closes": later(days=31),
    "a year": later(days=366),
    "back": later(days=-60),
}
PEOPLE: Mapping[str, Edit] = {
    "speaker renamed": changed("people", "Wei Wang", "Wei Wong"),
    "organiser renamed": changed("people", "Eva Stern", "Eva Star"),
    "author renamed": changed("people", "Bob Bell", "Rob Bell"),
    "author has an alias": changed("people", "Bob Bell", "Rob Bell\n  aliases: [Bob Bell]"),
    "alias": changed("people", "name: Li Na\n", "name: Li Na\n  aliases: [N. Li]\n"),
    "homepage": changed(
        "people", "name: Li Na\n", "name: Li Na\n  homepage: https://li.example/\n"
    ),
    "bio": changed("people", "She looks", "She stares"),
    "author gone": changed("people", "bob:\n  name: Bob Bell\n", ""),
    "nobody gone": changed("people", "zoe:\n  name: Zoe Zorn\n", ""),
    "somebody new": changed("people", "zoe:", "kim:\n  name: Kim\nzoe:"),
    "other key": each(
        changed("people", "li:", "lina:"),
        changed(FAITH, "[li]", "[lina]"),
        changed("weekly/far", "[li]", "[lina]"),
    ),
}
SERIES: Mapping[str, Edit] = {
    "renamed": changed("series", "en: Weekly", "en: Fridays"),
    "quiet one renamed": changed("series", "Nothing yet", "Nothing ever"),
    "empty one renamed": changed("series", "Nothing at all", "Nothing here"),
    "organisers": changed("series", "organisers: [ann]", "organisers: [ann, eva]"),
    "chairs": changed("series", "chairs: [eva]", "chairs: [ann]"),
    "room": changed("series", "Room 1", "Room 2"),
    "length": changed("series", "90 min", "60 min"),
    "zone": changed("series", "duration", "zone: Asia/Tokyo\n  duration"),
    "way in": changed("series", "  join: !secret room\n", ""),
    "stream": changed("series", "duration", "stream: https://live.example/\n  duration"),
    "new": changed("series", "quiet:", "loud:\n  name: Loud\nquiet:"),
    "gone": changed("series", "empty:\n  name: Nothing at all\n", ""),
}
RECORD = "seminars/.ledger/{0}.json"
LEDGER: Mapping[str, Edit] = {
    "released": released,
    "an edit released": each(changed(DOUBT, "On doubt", "On doubts"), released),
    "a talk moved and not released": changed(DOUBT, "2024-06-03", "2024-06-04"),
    "a record edited": changed(RECORD.replace("{0}", DOUBT), '"sequence": 0', '"sequence": 3'),
    "a record gone": put(**{RECORD.replace("{0}", DOUBT): None}),
    "a panellist lost, and renamed": changed("people", "Bob Bell", "Bert Bell"),
    "a tombstone": each(
        put(**{DOUBT: None}),
        changed(RECORD.replace("{0}", DOUBT), '"status": "confirmed"', '"status": "withdrawn"'),
    ),
}
SECRETS: Mapping[str, Edit] = {
    "file": changed("secrets", "nobody else", "no other"),
    "told": told(ROSTRA_SECRET_ROOM="another room that nobody else shall find"),
    "text read": each(
        later(days=10), changed("secrets", "What nobody reads", "What anybody reads")
    ),
    "gone": each(later(days=10), put(secrets=None)),
}
OTHER: Mapping[str, Edit] = {
    "meet-up's exception": changed("quiet/club", "about", "not_on: [2024-06-05]\nabout"),
    "opening filled": changed("openings/phd", "posted", "status: filled\nposted"),
    "opening gone": put(**{"openings/phd": None}),
    "captions": put(**{"seminars/weekly/trust.en.vtt": CAPTIONS.replace("hard", "soft")}),
    "captions gone": put(**{"seminars/weekly/trust.en.vtt": None}),
    "note": put(**{"docs/notes/seen.md": NOTE.replace("What I saw", "What was")}),
    "new note": put(**{"docs/notes/new.md": NOTE.replace("Seen in", "Heard in")}),
    "note of no talk": put(**{"docs/notes/seen.md": NOTE.replace("talk: weekly/trust\n", "")}),
    "notes gone": put(**{"docs/notes/seen.md": None, "docs/zh/notes/seen.md": None}),
    "publication": put(**{"docs/publications.bib": PAPERS + PAPERS.replace("lee2024", "lee2025")}),
    "project": changed("projects", "We look", "We stare"),
    "news": changed("news", "2024-04-01", "2024-04-02"),
    "page": put(**{"docs/explanation/more.md": "# More\n"}),
    "theme's page": changed("docs/research/trust.md", "One sentence", "Two words"),
    "page gone": put(**{"docs/zh/research/trust.md": None}),
    "demo": put(**{"demos/playground.py": DEMO.replace("Change", "Alter")}),
    "method": changed("robustlib/attacks/step.py", "one step", "two steps"),
    "card": changed("robustlib/zoo/robust.yaml", "0.9389", "0.9391"),
    "measured": changed("benchmarks/results/speed.json", "1.5", "1.4"),
    "picture": changed("docs/assets/images/ann.svg", "h8", "h7"),
    "nav": changed("mkdocs.yml", "Reference:", "The reference:"),
    "repository": changed("mkdocs.yml", "git.example", "code.example"),
    "repository told": told(FORK="https://fork.example/lab/site"),
    "theme's words": changed("overrides/partials/languages/en.html", '"Header"', '"Top"'),
    "name": changed("site", "en: The lab", "en: Our lab"),
    "address": changed("site", "https://lab.example/", "https://lab.example/group/"),
    "zone": changed("site", "Europe/Berlin", "Asia/Tokyo"),
    "one language": changed("site", "[en, zh]", "[en]"),
    "first language": changed("site", "[en, zh]", "[zh, en]"),
    "colours": changed("site", "languages", "colours: {accent: '#0a5c7f'}\nlanguages"),
    "served live": told(ROSTRA_SITE_URL="https://copy.example/"),
}
EDITS: Mapping[str, Edit] = {
    f"{kind}: {name}": edit
    for kind, edits in {
        "talk": TALKS,
        "clock": CLOCK,
        "person": PEOPLE,
        "series": SERIES,
        "ledger": LEDGER,
        "secret": SECRETS,
        "other": OTHER,
    }.items()
    for name, edit in edits.items()
}
# Each ends a build, some before anything is written, others when most is.
BROKEN: Mapping[str, Edit] = {
    "key": changed(TRUST, "title", "titel"),
    "person": changed("people", "wang:", "wong:"),
    "formula": changed("docs/explanation/overview.md", "All of it", "\\(\\frac{1\\)"),
    "secret": each(
        told(ROSTRA_SECRET_DOOR="the green door behind the library"),
        changed("docs/explanation/overview.md", "All", "The green door behind the library"),
    ),
}
# In company what these change is written for the others' sake, and nobody sees that it was missed.
ALONE = [
    *(f"clock: {name}" for name in CLOCK),
    *(f"talk: {name}" for name in ("title", "year", "speaker", "topic", "name of a topic")),
    *(f"talk: {name}" for name in ("new talk", "new talk of a new year")),
    *(f"talk: {name}" for name in ("removed, the last of its year", "renamed")),
    *(f"person: {name}" for name in ("author renamed", "author gone", "bio", "homepage")),
    *(f"series: {name}" for name in ("organisers", "room", "empty one renamed")),
    "series: quiet one renamed",
    "ledger: a panellist lost, and renamed",
    "ledger: a record edited",
    *(f"other: {name}" for name in ("note", "publication", "demo", "repository told")),
]
TOGETHER = [name for name in EDITS if name not in ALONE]
BUNCHES = [*([name] for name in ALONE), *(TOGETHER[start::9] for start in range(9))]


def edited(world: World, names: Collection[str], *, lenient: bool = False) -> World:
    """Make edits, in the order of the table; `lenient`: without those that others leave no room."""
    for name, edit in EDITS.items():
        with suppress(UnfitError) if lenient else nullcontext():
            world = edit(world) if name in names else world
    return world
