"""What programs read of the site, checked by our linters and by readers of others."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import feedparser  # type: ignore[import-untyped]

from benchmarks._table import publish
from rostra.sitegen.feeds import Feeds
from rostra.sitegen.linters import data, feeds
from rostra.sitegen.programme import load
from rostra.sitegen.release import compare

ROOT = Path(__file__).parents[1]
FOLDERS = {"ours": ROOT / "seminars", "golden": ROOT / "tests/rostra/sitegen/golden/seminars"}
NOW = datetime(2026, 11, 21, tzinfo=UTC)
NOT_AT_HAND = "not at hand"
# A checkout of github.com/w3c/feedvalidator; a Python that has what it needs may lie in its .venv.
W3C = os.environ.get("FEEDVALIDATOR", "")
# Two talks may be revised in the same second: RFC 4287 has nothing against it.
IGNORED = ("DuplicateUpdated",)
ASK_W3C = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import feedvalidator
from feedvalidator import compatibility
found = []
for path, address in zip(sys.argv[2::2], sys.argv[3::2]):
    read = Path(path).read_bytes()
    events = feedvalidator.validateString(read, firstOccurrenceOnly=0, base=address)
    for one in compatibility.AA(events["loggedEvents"]):
        found.append([address, type(one).__name__, one.params])
print(json.dumps(found, default=str))
"""


def write(folder: Path) -> None:
    """Write all files for programs, of each programme in a folder of its own."""
    for name, seminars in FOLDERS.items():
        programme = load(seminars, NOW)
        made = Feeds(programme, compare(programme, NOW))
        for file in (*made.feeds, *made.data):
            path = folder / name / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.text, encoding="utf-8")


def ours(site: Path) -> Iterator[object]:
    """The findings of our linters."""
    for name in FOLDERS:
        yield from feeds.findings(site / name)
        yield from data.findings(site / name)


def by_feedparser(site: Path) -> Iterator[object]:
    """What feedparser calls not well formed, or does not know."""
    for path in in_xml(site):
        read = feedparser.parse(path.read_bytes())
        if read.bozo or read.version not in ("atom10", "rss20"):
            yield path, read.get("bozo_exception", read.version)


def by_w3c(site: Path) -> list[Any]:
    """What the validator of the W3C says at the level of its own page."""
    own = Path(W3C) / ".venv/bin/python"
    python = str(own) if own.exists() else sys.executable
    files = [part for name in FOLDERS for part in placed(site / name)]
    command = [python, "-c", ASK_W3C, str(Path(W3C) / "src"), *files]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return [one for one in found if one[1] not in IGNORED]


def placed(site: Path) -> Iterator[str]:
    """Each feed in XML, and the address at which it is served."""
    url = json.loads((site / "api/v1/series.json").read_text("utf-8"))["url"]
    for path in in_xml(site):
        yield from (str(path), url + path.relative_to(site).as_posix())


def in_xml(site: Path) -> list[Path]:
    """The feeds in XML."""
    return sorted([*site.rglob("feed.xml"), *site.rglob("rss.xml")])


def all_files(site: Path) -> list[Path]:
    """Everything that our linters look at."""
    found = [path for path in site.rglob("*.json") if path.name != "schema.json"]
    return [*in_xml(site), *found]


Check = tuple[Callable[[Path], Any], Callable[[Path], list[Path]]]
CHECKS: Mapping[str, Check] = {
    "our linters: RFC 4287, RSS, podcast, JSON Feed, our schema": (ours, all_files),
    f"feedparser {feedparser.__version__}": (by_feedparser, in_xml),
    "W3C feed validator": (by_w3c, in_xml),
}


def main() -> None:
    """Write, check and publish."""
    rows = []
    with TemporaryDirectory() as folder:
        write(Path(folder))
        for name, (check, files) in CHECKS.items():
            asked = check is not by_w3c or W3C
            found = list(check(Path(folder))) if asked else []
            print(*found, sep="\n", end="\n" if found else "")
            count = len(found) if asked else NOT_AT_HAND
            rows.append({"checked by": name, "files": len(files(Path(folder))), "findings": count})
    notes = [
        "Feeds and interface of this site and of the tests' golden entries, in both languages.",
        f"The W3C's validator at level AA, but for {', '.join(IGNORED)}: two talks may be revised "
        "in the same second. `$FEEDVALIDATOR` names a checkout of it.",
    ]
    publish("feeds", "What programs read, checked", rows, notes)
    if any(row["findings"] not in (0, NOT_AT_HAND) for row in rows):
        sys.exit(1)
