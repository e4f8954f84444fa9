"""Hostile entries: each is refused where it is wrong, or built into pages where it is only text."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path

import nh3
import pytest

from rostra.sitegen import folder as folders
from rostra.sitegen.inventory import Inventory
from rostra.sitegen.programme import load
from rostra.sitegen.prose import to_html
from rostra.sitegen.reading import where
from rostra.sitegen.render import Output, render
from tests.rostra.sitegen.conftest import ENTRIES, NOW
from tests.rostra.sitegen.hostile._entries import LINES, SAID_ON, TEXTS, quoted, talk
from tests.rostra.sitegen.hostile._files import CAPTIONS, NOTATIONS, TREES
from tests.rostra.sitegen.hostile._folder import plant

ACTIVE = (
    *("script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "base"),
    *("meta", "link", "form", "svg", "template", "plaintext", "xmp", "video", "audio"),
    *("maction", "annotation-xml", "mglyph"),
)
ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "data", "srcset", "poster")
SCHEMES = ("http:", "https:", "mailto:", "webcal:", "data:text/calendar")
RELATIONS = ("alternate", "alternate feed")
CLOCK = datetime(2024, 6, 1, tzinfo=UTC)


class Audit(HTMLParser):
    """What is active in a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        data = given.get("type") == "application/ld+json" or given.get("rel") in RELATIONS
        data |= (tag == "meta" and {*given} == {"name", "content"}) or "data-filter" in given
        if tag in ACTIVE and not data:
            self.found.append(f"<{tag}>")
        for name, value in given.items():
            text = re.sub(r"[\x00-\x20]", "", value or "").lower()
            scheme = re.match(r"[a-z][a-z0-9+.-]*:", text)
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"{name}=")
            if name in ADDRESSES and scheme and not text.startswith(SCHEMES):
                self.found.append(f"{name}={value}")
            foreign = bool(scheme) and not text.startswith("https://lab.example/")
            if tag == "img" and name == "src" and (foreign or text.startswith("//")):
                self.found.append(f"loads {value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}")


def test_there_are_enough_of_them() -> None:
    assert sum(map(len, (TEXTS, LINES, NOTATIONS, CAPTIONS, TREES))) >= 300


def mixed(seminars) -> tuple[Path, dict[str, str]]:
    """A folder with every text in a talk of its own, and which file has which."""
    names = {f"h{number}": name for number, name in enumerate(TEXTS)}
    files = {
        f"weekly/{slug}.yaml": talk(TEXTS[name][0], number)
        for number, (slug, name) in enumerate(names.items())
    }
    series = ENTRIES["series.yaml"] + "  parallel: true\n"
    return seminars({**files, "series.yaml": series}), names


def test_each_text_is_refused_where_it_stands_or_not_at_all(seminars) -> None:
    folder, names = mixed(seminars)
    wrong = {}
    faults: dict[str, set[tuple[str, int]]] = {}
    for fault in folders.read(folder, NOW).faults:
        slug = Path(fault.file).stem
        faults.setdefault(slug, set()).add((fault.rule, fault.line))
    for slug, name in names.items():
        rule = TEXTS[name][1]
        found = faults.pop(slug, set())
        rules, lines = {one for one, _ in found}, {line for _, line in found}
        # A title may be to come, so that what is empty in it may be so too.
        if rules != ({rule} if rule else set()) or not lines <= SAID_ON:
            wrong[name] = (TEXTS[name][0][:60], rule, sorted(found))
    assert wrong == {}, "\n".join(map(str, wrong.items()))
    assert faults == {}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[Output]:
    """All that is written of the texts that are not refused, of people, series and captions too."""
    folder = plant(tmp_path_factory.mktemp("project") / "seminars")
    return list(render(load(folder, CLOCK), Inventory(), CLOCK))


def html_of(output: Output) -> Iterator[str]:
    """The HTML in an output: an article and its head, or what feeds and the API carry."""
    if output.page is not None:
        yield output.text
        yield output.page.head
        yield f'<meta name="description" content="{escape(output.page.description)}">'
    elif output.path.endswith(".json"):
        yield from _html_in(json.loads(output.text))
    elif output.path.endswith(".xml"):
        items = output.text.partition("<item>")[2] if "<rss" in output.text else output.text
        tags = r"<(?:content|description)[^>]*>([^<]*)"  # of a channel it is plain text
        yield from map(unescape, re.findall(tags, items))


def _html_in(value: object, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _html_in(inner, name if "html" in name or not key else key)
    elif isinstance(value, list):
        for inner in value:
            yield from _html_in(inner, key)
    elif isinstance(value, str) and "html" in key:
        yield value


def test_nothing_that_is_built_is_active(outputs: list[Output]) -> None:
    wrong, looked = {}, 0
    for output in outputs:
        for html in html_of(output):
            looked += 1
            if found := Audit(html).found:
                wrong[output.path] = found
    assert not wrong, list(wrong.items())[:3]
    assert looked > 2 * sum(not rule for _, rule in TEXTS.values())


def test_what_looks_like_a_template_comes_out_as_it_was_written(outputs: list[Output]) -> None:
    titles = [one.page.title for one in outputs if one.page and one.page.kind == "talk"]
    assert titles.count("{{ 7*7 }}") == titles.count("{% for x in y %}") == 2  # in both languages
    assert "49" not in titles


def test_data_blocks_stay_blocks(outputs: list[Output]) -> None:
    """What stands in a page as data ends only where it is meant to, and can be read."""
    blocks = [
        block
        for one in outputs
        if one.page
        for block in re.findall(
            r'<script type="application/ld\+json">(.*?)</script>', one.text + one.page.head, re.S
        )
    ]
    assert len(blocks) > 100
    for block in blocks:
        json.loads(block)
        assert "<" not in block


def test_calendars_have_no_line_that_a_text_wrote(outputs: list[Output]) -> None:
    for output in outputs:
        if output.path.endswith(".ics"):
            lines = output.text.replace("\r\n ", "").split("\r\n")
            assert not [one for one in lines if re.match(r"ATTACH|X-EVIL|END:VEVENT\\|[^A-Z]", one)]
            assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT")


@pytest.mark.parametrize("name", [name for name, (_, rule) in TEXTS.items() if not rule])
def test_a_clean_text_is_not_changed_by_cleaning_it_again(name: str) -> None:
    html = to_html(TEXTS[name][0])
    if "<math" not in html:
        tags = nh3.ALLOWED_TAGS | {"img"}
        assert nh3.clean(html, tags=tags, link_rel=None) == html


@pytest.mark.parametrize(("file", "text", "rule"), LINES.values(), ids=LINES)
def test_a_value_that_leads_elsewhere_is_refused_in_its_place(seminars, file, text, rule) -> None:
    line, column, _ = where(text, text.index("⟦"))
    folder = seminars({"weekly/trust.yaml": None, file: text.replace("⟦", "")})
    (folder / "weekly").mkdir(exist_ok=True)
    (folder.parent / "demos").mkdir()
    (folder.parent / "demos/playground.py").touch()
    found = [
        (one.rule, one.line, one.column)
        for one in folders.read(folder, NOW).faults
        if one.file == f"seminars/{file}"
    ]
    assert found == [(rule, line, column)]


def rules_of(folder: Path, file: str) -> set[str]:
    """What is wrong with a file, and with no other."""
    faults = [one for one in folders.read(folder, NOW).faults if one.rule != "unknown-person"]
    assert {one.file for one in faults} <= {f"seminars/{file}"}
    return {one.rule for one in faults}


@pytest.mark.parametrize(("content", "rule"), NOTATIONS.values(), ids=NOTATIONS)
def test_a_file_that_is_no_entry_is_refused(seminars, content: bytes, rule: str) -> None:
    folder = seminars()
    (folder / "weekly/x.yaml").write_bytes(content)
    found = rules_of(folder, "weekly/x.yaml")
    assert rule in found if rule else found == set()


@pytest.mark.parametrize(("content", "rule"), CAPTIONS.values(), ids=CAPTIONS)
def test_captions_are_words_or_refused(seminars, content: bytes, rule: str) -> None:
    folder = seminars()
    (folder / "weekly/trust.en.vtt").write_bytes(content)
    assert rules_of(folder, "weekly/trust.en.vtt") == ({rule} if rule else set())


@pytest.mark.parametrize(("plant", "file", "rule"), TREES.values(), ids=TREES)
def test_a_tree_that_leads_elsewhere_is_refused(seminars, plant, file: str, rule: str) -> None:
    folder = seminars()
    plant(folder)
    faults = {(one.file, one.rule) for one in folders.read(folder, NOW).faults}
    assert (f"seminars/{file}", rule) in faults


HARMLESS = (
    "index",
    "all",
    "feed",
    "embed",
    "topics",
    "search",
    "api",
    "current",
    "rss",
    "zh",
    "404",
)


def test_names_that_the_site_uses_itself_are_names_like_others(seminars) -> None:
    """Whoever is called so, and whatever: no two files of the site have one path."""
    files = {"people.yaml": "ann:\n  name: A\nwang:\n  name: W\n", "weekly/trust.yaml": None}
    series = ["weekly", *(name for name in HARMLESS if name != "all")]
    files["series.yaml"] = "".join(f"{name}:\n  name: X\n" for name in dict.fromkeys(series))
    for number, name in enumerate(HARMLESS):
        files["people.yaml"] += f"{quoted(name)}:\n  name: P {name}\n"
        start = f"2024-05-{number + 1:02} 10:00"
        who = f"speakers: [{quoted(name)}]\ntopics: [{quoted(name)}]\n"
        text = f"title: T {name}\nstart: {start}\n{who}"
        files[f"weekly/{name}.yaml"] = text
        if name in series:
            files[f"{name}/{name}.yaml"] = text.replace("10:00", "14:00")
    files["people.yaml"] = files["people.yaml"].replace('"404"', "'404'")
    files["series.yaml"] = files["series.yaml"].replace("404:", "x404:")
    files["x404/404.yaml"] = files.pop("404/404.yaml")
    written = [one.path.lower() for one in render(load(seminars(files), CLOCK), Inventory(), CLOCK)]
    assert len(written) == len(set(written))
    assert "talks/index/index/index.html" in written
    folders = {str(Path(path).parent) for path in written}
    assert not folders & set(written), "a file lies where a folder must be"
