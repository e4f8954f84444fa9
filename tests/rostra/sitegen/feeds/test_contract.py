"""What everything for programs promises, whatever the entries say."""

import json
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import feedparser
import jsonschema
import pytest

from rostra.sitegen import edition
from rostra.sitegen.feeds import FORMATS, Feeds
from rostra.sitegen.linters import data, feeds
from rostra.sitegen.programme import load
from rostra.sitegen.release import compare, release
from rostra.sitegen.render import for_programs
from tests.rostra.sitegen.conftest import TALK
from tests.rostra.sitegen.feeds._programme import NOW, heads, history, outputs, programme, write

ROOT = Path(__file__).parents[4]
SUBJECTS = {
    "", "talks/weekly/", "talks/guests/", "talks/nothing/", "people/ann/", "people/wang/",
    "people/bob/", "topics/federated-learning/", "topics/c-plus-plus/", "topics/a-b/",
    "topics/i-and/", "topics/u9690-u79c1/",
}  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return outputs(programme(tmp_path_factory.mktemp("full")))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return heads(programme(tmp_path_factory.mktemp("full")))


def feeds_of(written: dict[str, str]) -> dict[str, str]:
    return {path: text for path, text in written.items() if path.endswith(tuple(FORMATS))}


def test_each_subject_has_feeds_in_each_format_and_language(written) -> None:
    """Eve only chairs and one person is not in any talk: nobody can follow them."""
    there = {
        f"{prefix}{key}{file}" for prefix in ("", "zh/") for key in SUBJECTS for file in FORMATS
    }
    assert set(feeds_of(written)) == there


def test_the_linters_find_nothing(written, pages) -> None:
    found = [
        one for path, text in feeds_of(written).items() for one in feeds.lint(text.encode(), path)
    ]
    schema = written["api/v1/schema.json"].encode()
    for path, text in written.items():
        if path.startswith("api/") and path != "api/v1/schema.json":
            found += data.lint(text.encode(), schema, path)
    for url, text in pages.items():
        assert 'type="application/ld+json"' in text
        found += data.lint_page(text.encode(), url)
    assert found == []


def test_feedparser_reads_every_feed_in_xml(written) -> None:
    for path, text in feeds_of(written).items():
        if path.endswith(".json"):
            continue
        read = feedparser.parse(text.encode())
        assert read.bozo == 0, path
        assert read.version == ("rss20" if path.endswith("rss.xml") else "atom10")
        assert read.feed.title
        ids = [entry.id for entry in read.entries]
        assert len(set(ids)) == len(ids)
        assert all(
            entry.title and entry.link.startswith("https://lab.example/") for entry in read.entries
        )
    assert len(feedparser.parse(written["feed.xml"].encode()).entries) == 9


def test_the_same_talk_is_the_same_entry_in_every_feed_and_format(written) -> None:
    ids = {}
    for path in ("feed.xml", "rss.xml", "talks/weekly/feed.xml", "people/ann/rss.xml"):
        for entry in feedparser.parse(written[path].encode()).entries:
            assert ids.setdefault(entry.link, entry.id) == entry.id
    for item in json.loads(written["feed.json"])["items"]:
        assert ids[item["url"]] == item["id"]


def test_the_two_languages_do_not_share_identifiers(written) -> None:
    english, chinese = (
        {entry.id for entry in feedparser.parse(written[path].encode()).entries}
        for path in ("feed.xml", "zh/feed.xml")
    )
    assert not english & chinese


def test_identifiers_are_what_they_always_were(written) -> None:
    """Whoever subscribed before there were other feeds gets nothing twice."""
    read = feedparser.parse(written["feed.xml"].encode())
    assert read.feed.id == "urn:uuid:4889761c-77ac-59de-b6c1-6ce8c19b6391"
    trust = next(one for one in read.entries if one.title == "On trust")
    assert trust.id == "urn:uuid:c19e1ccd-30dd-54cb-8bb7-9be3a4915ce5"


def test_an_edit_changes_no_identifier_and_no_other_entry(tmp_path: Path, written) -> None:
    edited = "title: Renamed\nstart: 2024-05-07 11:00\nspeakers: [bob]\n"
    after = outputs(programme(tmp_path, weekly__trust=edited))
    for path in ("feed.xml", "talks/weekly/rss.xml", "zh/talks/weekly/feed.xml"):
        old, new = (feedparser.parse(one[path].encode()) for one in (written, after))
        assert {entry.id for entry in old.entries} == {entry.id for entry in new.entries}
        before = {entry.id: entry.title for entry in old.entries}
        changed = [entry.id for entry in new.entries if before[entry.id] != entry.title]
        assert len(changed) == 1


def test_nothing_private_is_in_any_of_it(written, pages) -> None:
    for path, text in (written | pages).items():
        for secret in ("secret.example", "nobody knows", "Unseen draft", "!secret"):
            assert secret not in text, path


def test_what_was_under_embargo_is_there_afterwards(tmp_path: Path) -> None:
    later = NOW + timedelta(days=30)
    read = load(write(tmp_path), later)
    assert "nobody knows" in outputs(read, later)["talks/weekly/feed.xml"]


def test_no_text_ends_the_block_that_it_stands_in(pages) -> None:
    text = pages["talks/guests/hostile/"]
    assert text.count("</script>") == 1
    assert "<b>" not in text
    assert "<title>" not in text


def test_the_schema_is_valid_and_describes_every_file(written) -> None:
    """A second implementation of JSON Schema says the same as ours."""
    schema = json.loads(written["api/v1/schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path, text in written.items():
        if path.startswith("api/") and path != "api/v1/schema.json":
            assert not [*validator.iter_errors(json.loads(text))], path
    broken = json.loads(written["api/v1/talks.json"])
    broken["talks"][0]["join"] = "https://secret.example/"
    assert [*validator.iter_errors(broken)]


def test_captions_are_published_as_they_are(written) -> None:
    text = written["talks/weekly/trust/trust.en.vtt"]
    assert text.startswith("WEBVTT\n")
    assert "<v Ann Lee>Good morning." in text


def test_a_long_archive_is_cut_at_the_newest(tmp_path: Path) -> None:
    talks = {
        f"guests__t{minute}": f"title: T{minute}\nstart: 2020-01-01 00:{minute:02}\n"
        for minute in range(60)
    }
    found = outputs(programme(tmp_path, **talks))
    for path in ("feed.xml", "talks/guests/rss.xml"):
        titles = [entry.title for entry in feedparser.parse(found[path].encode()).entries]
        assert len(titles) == 50
        assert "T59" in titles
        assert "T0" not in titles
    assert len(json.loads(found["api/v1/talks.json"])["talks"]) == 69


@pytest.mark.parametrize(
    "path",
    [
        "talks/weekly/feed.xml",
        "zh/talks/weekly/feed.json",
        "talks/weekly/rss.xml",
        "api/v1/talks/weekly/trust.json",
        "api/v1/schema.json",
        "talks/weekly/trust/card.svg",
    ],
)
def test_one_of_each_kind_is_as_reviewed(golden, written, path: str) -> None:
    golden(f"outputs/{path}", written[path])


@pytest.mark.parametrize("url", ["talks/weekly/trust/", "zh/talks/weekly/moved/"])
def test_heads_are_as_reviewed(golden, pages, url: str) -> None:
    golden(f"outputs/{url}head.html", pages[url])


def test_a_site_in_one_language_has_feeds_in_one(tmp_path: Path) -> None:
    folder = write(tmp_path)
    site = folder / "site.yaml"
    site.write_text(site.read_text("utf-8").replace("[en, zh]", "[zh]"), encoding="utf-8")
    paths = set(outputs(load(folder, NOW)))
    assert "zh/feed.xml" in paths
    assert "feed.xml" not in paths


def test_nothing_heavy_is_imported() -> None:
    heavy = "{'torch', 'numpy', 'mkdocs', 'gradio'} & set(sys.modules)"
    code = f"import sys, rostra.sitegen.feeds, rostra.sitegen.linters.feeds; assert not {heavy}"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


def test_all_of_it_is_a_function_of_entries_and_clock(tmp_path: Path) -> None:
    read = programme(tmp_path)
    assert outputs(read) == outputs(load(tmp_path, NOW))
    one, other = (Feeds(read, history(read)).feeds for _ in range(2))
    assert [file.path for file in one] == [file.path for file in other]


def said(seminars: Path, now: datetime) -> set[str]:
    """When a talk was revised, as each kind of file says it."""
    site = edition.read(seminars.parent, seminars.name, now, live=False)
    files = {one.path: one for one in for_programs(site.programme, now, site.comparison)}
    found = {path: files[path].write().text for path in REVISED}
    stamps = {path: re.search(REVISED[path], text)[1] for path, text in found.items()}
    return {re.sub(r"\D", "", stamp) for stamp in stamps.values()} | {
        site.revised["talks/weekly/trust/"].replace("-", "")
    }


REVISED = {
    "feed.xml": r"<entry>(?s:.*?)<updated>(.*)Z</updated>",
    "zh/feed.json": r'"date_modified": "(.*)Z"',
    "api/v1/talks/weekly/trust.json": r'"updated": "(.*)Z"',
    "talks/weekly/trust.ics": r"LAST-MODIFIED:(.*)Z",
}


def test_what_was_released_was_revised_when_the_ledger_says(seminars) -> None:
    """RFC 4287, 4.2.15; whatever clock a build has, and the calendars say the same."""
    folder = seminars()
    for day, title in (("02", "On trust"), ("09", "On doubt")):
        (folder / "weekly/trust.yaml").write_text(TALK.replace("On trust", title))
        at = datetime.fromisoformat(f"2024-04-{day} 10:11:12+00:00")
        release(compare(load(folder, at), at))
        for later in (timedelta(hours=1), timedelta(days=99)):
            assert said(folder, at + later) == {f"202404{day}101112", f"202404{day}"}
            # A podcast is ordered by it.
            assert published(folder, at + later) == "Tue, 02 Apr 2024 10:11:12 GMT"


def published(seminars: Path, now: datetime) -> str:
    read = load(seminars, now)
    (found,) = [one for one in Feeds(read, compare(read, now)).feeds if one.path == "rss.xml"]
    return re.search("<item>(?s:.*?)<pubDate>(.*)</pubDate>", found.text)[1]
