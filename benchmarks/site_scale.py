"""Sites of many talks: seconds, memory and bytes, cold and after an edit, beside Material's."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import yaml

from benchmarks._archive import edit, of_each, project
from benchmarks._table import publish
from rostra.sitegen import plain

SIZES = tuple(map(int, os.environ.get("ROSTRA_SIZES", "200 1000 2000 5000 20000").split()))
PEER_UP_TO = 5000  # the same pages by Material alone, to this size
NOTES = (
    "Talks are those of the archive again and again, re-dated over fifteen years, in one language; "
    "one person speaks in about three rounds of it. Counted: pages of talks, people, topics, "
    "series and years, calendars, feeds, the interface for programs, cards, the search index, and "
    "the look for secrets.",
    "Material: `mkdocs build` of the same pages, their articles as HTML in Markdown, outside the "
    "navigation, with its search; none of the other files. It knows no build after an edit: each "
    "costs as much as the first.",
    "The sites lie in memory, if there is /dev/shm: on ext4 the time of writing depends on what "
    "others deleted in the last minutes. Templates and modules were compiled before; the first "
    "build of a user does that besides.",
    "CPU is user and system time of the process; `edit` is a build after the title of one talk "
    "changed, `same` one after nothing did.",
    "Bare: the same builds without the interface for programs, the cards and the look for secrets, "
    "of which Material's has no part; what is left are pages, calendars, feeds and the search.",
)


BARE = """
import runpy, sys
from rostra.sitegen.edition import Edition
from rostra.sitegen.feeds import Feeds

def unseen(edition, press, *, all_files):
    press.note = {"facts": edition.facts.note}

Feeds.data = Feeds.cards = ()
Edition.keep_secrets = unseen
sys.argv = ["mkdocs", "build"]
runpy.run_module("mkdocs", run_name="__main__")
"""


def told() -> dict[str, str]:
    """The environment of a build: Python may keep what it has compiled, as it does at a user's."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "NO_MKDOCS_2_WARNING": "1", "ROSTRA_NOW": "2026-11-21"}


def run(place: Path, code: str = "") -> dict[str, float]:
    """Build in a process of its own, or let it run some code."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    command = [sys.executable, *(("-c", code) if code else ("-m", "mkdocs", "build"))]
    done = subprocess.run(
        command, cwd=place, env=told(), check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    system = after.ru_stime - before.ru_stime
    return {"cpu": cpu, "system": system, "wall": time.perf_counter() - began}


def peak(place: Path) -> float:
    """The most memory of one build, in MiB, told by itself."""
    code = (
        "import resource, runpy, sys; sys.argv = ['mkdocs', 'build', '--quiet']\n"
        "try: runpy.run_module('mkdocs', run_name='__main__')\n"
        "finally: print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=place, env=told(), check=True, capture_output=True, text=True
    )
    return int(done.stdout.split("peak ")[1]) / 1024


def peer(place: Path, site: Path) -> Path:
    """The same pages for Material alone."""
    folder = plain.write(site, place)
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix not in (".md", ".yml"):
            path.unlink()
    config = {"site_name": "Scale", "theme": {"name": "material", "font": False}}
    config |= {"plugins": ["search"], "nav": ["index.md"], "not_in_nav": "*"}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return folder


def row(folder: Path, talks: int) -> dict[str, float | int | str]:
    """Measure one size."""
    place = project(folder / f"talks-{talks}", talks)
    cold = run(place)
    site = place / "site"
    files = [path for path in site.rglob("*") if path.is_file()]
    pages = sum(path.suffix == ".html" for path in files)
    size = sum(path.stat().st_size for path in files) / 1e6
    edit(place, f"A new title at {talks}")
    edited, same = run(place), run(place)
    found: dict[str, float | int | str] = {
        "talks": talks,
        "pages": pages,
        "files": len(files),
        "MB": round(size),
        "cold CPU s": round(cold["cpu"], 1),
        "of it system": round(cold["system"], 1),
        "edit CPU s": round(edited["cpu"], 2),
        "same CPU s": round(same["cpu"], 2),
        "ms a talk, cold": round(1000 * cold["cpu"] / talks, 1),
    }
    beside = run(peer(folder / f"peer-{talks}", site))["cpu"] if talks <= PEER_UP_TO else 0.0
    found["Material CPU s"] = round(beside, 1) if beside else "-"
    found["cold / Material"] = round(cold["cpu"] / beside, 2) if beside else "-"
    found["edit / Material"] = round(edited["cpu"] / beside, 2) if beside else "-"
    found["edit / cold"] = round(edited["cpu"] / cold["cpu"], 2)
    anew(place)
    found["peak MiB, cold"] = round(peak(place))
    anew(place)
    return found | bare(place, beside)


def anew(place: Path) -> None:
    """Let the next build find nothing of those before, without the price of taking it away."""
    for name in ("site", ".cache"):
        (place / name).rename(place.with_name(f"{place.name}-{name}-{time.monotonic_ns()}"))


def bare(place: Path, beside: float) -> dict[str, float | str]:
    """The builds again without what Material's has no part of, and how they compare with it."""
    cold = run(place, BARE)["cpu"]
    edit(place, "Another title")
    edited = run(place, BARE)["cpu"]
    return {
        "bare cold CPU s": round(cold, 1),
        "bare edit CPU s": round(edited, 2),
        "bare cold / Material": round(cold / beside, 2) if beside else "-",
        "bare edit / Material": round(edited / beside, 2) if beside else "-",
        "bare edit / cold": round(edited / cold, 2),
    }


def main() -> None:
    """Measure and publish."""
    if rows := of_each(SIZES, row):
        publish("site_scale", "Sites of many talks", rows, NOTES)
