"""Whether the built site is still that of its sources; building it where it is not."""

import datetime
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeAlias

# What a page can show. robustlib and demos are read as text by the site generator.
SOURCES = ("mkdocs.yml", "docs", "seminars", "robustlib", "demos", "benchmarks", "rostra/sitegen")
SETTINGS = (
    "ROSTRA_NOW",
    "SOURCE_DATE_EPOCH",
    "ROSTRA_REPO_URL",
    "ROSTRA_REFERENCE",
)
BUILDERS = ("mkdocs", "mkdocs-material", "mkdocstrings", "rostra")
_IGNORED = (".pyc", ".safetensors", ".part", ".swp", "~")  # the last two are editors'

Seen: TypeAlias = Mapping[str, tuple[int, int]]
"""Sources by their paths from the project's folder: size in bytes, time of change in ns."""
DAY = "today"  # stands among the sources: the home page shows the next talk


class BuildError(RuntimeError):
    """The site does not build; the message says where to read why."""


def built_site(
    project: Path, url: str, build: Callable[[Path, Path, str], None] | None = None
) -> Path:
    """Build the live site unless nothing it shows has changed since it was last built.

    It is kept apart from `site/`, which is for any static host: there no demo answers.

    Args:
        project: Folder of mkdocs.yml.
        url: Where it is served.
        build: Builds a project into a folder to be served there; by default a process of its own.

    Returns:
        Folder of the built site.

    Raises:
        BuildError: mkdocs says no; its words are on the terminal.
    """
    site = site_of(project)
    stamp = _stamp(project)
    now = fingerprint(project, url)
    if site.is_dir() and stamp.is_file() and stamp.read_text(encoding="ascii") == now:
        return site
    forget(project)  # a build that is broken off leaves nothing that looks whole
    (build or build_once)(project, site, url)
    remember(project, now)
    return site


def build_once(project: Path, site: Path, url: str) -> None:
    """Build in a process that ends with it.

    Args:
        project: Folder of mkdocs.yml.
        site: The folder to build into.
        url: Where it is served.

    Raises:
        BuildError: mkdocs says no; its words are on the terminal.
    """
    command = [sys.executable, "-m", "mkdocs", "build", "--config-file", "mkdocs.yml"]
    built = subprocess.run(
        [*command, "--site-dir", str(site.resolve())],
        cwd=project,
        env=os.environ | told(url),
        check=False,
    )
    if built.returncode:
        raise BuildError("the site does not build: mkdocs' messages above say why")


def told(url: str) -> dict[str, str]:
    """What a build for the server is told besides, in its environment."""
    return {"ROSTRA_LIVE": "true", "ROSTRA_SITE_URL": url, "NO_MKDOCS_2_WARNING": "1"}


def site_of(project: Path) -> Path:
    """The folder of the built site."""
    return project / ".cache" / "site"


def _stamp(project: Path) -> Path:
    return project / ".cache" / "built"


def remember(project: Path, now: str) -> None:
    """Note of which sources the site is, by their fingerprint."""
    _stamp(project).write_text(now, encoding="ascii")


def forget(project: Path) -> None:
    """Note that of the site nothing is known."""
    _stamp(project).unlink(missing_ok=True)


def fingerprint(project: Path, url: str) -> str:
    """Hash names, sizes and times of all sources, settings, the builders' versions and the day.

    The day, because the home page shows the next talk.

    Args:
        project: Folder of mkdocs.yml.
        url: Where the site is served.

    Returns:
        64 hexadecimal digits.
    """
    total = hashlib.sha256()
    for name, (size, time) in sorted(seen(project).items()):
        total.update(f"{name}:{size}:{time}\n".encode())
    settings = [os.environ.get(name, "") for name in SETTINGS]
    versions = [installed(name) for name in BUILDERS]
    total.update("\n".join([url, *settings, *versions]).encode())
    return total.hexdigest()


def installed(name: str) -> str:
    """The version of a package, empty where it is not installed.

    Args:
        name: As pip calls it.

    Returns:
        The version.
    """
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def seen(project: Path) -> Seen:
    """Look at all sources, quickly, and at the day.

    Args:
        project: Folder of mkdocs.yml.

    Returns:
        What tells one state of them from another.
    """
    found = {name: at for top in SOURCES for name, at in _below(project / top, top)}
    return found | {DAY: (0, datetime.datetime.now(datetime.UTC).toordinal())}


def changes(before: Seen, after: Seen) -> tuple[str, ...]:
    """Name what is new, gone or different.

    Examples:
        >>> changes({"a": (1, 1), "b": (1, 1)}, {"b": (1, 2), "c": (1, 1)})
        ('a', 'b', 'c')
    """
    names = {*before, *after}
    return tuple(sorted(one for one in names if before.get(one) != after.get(one)))


def _below(place: Path, name: str) -> Iterator[tuple[str, tuple[int, int]]]:
    if place.is_file():
        found = place.stat()
        yield name, (found.st_size, found.st_mtime_ns)
    folders = [(str(place), name)] if place.is_dir() else []
    while folders:
        folder, above = folders.pop()
        with suppress(FileNotFoundError), os.scandir(folder) as entries:  # gone while we look
            for entry in entries:
                here = f"{above}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    folders.append((entry.path, here))
                elif entry.is_file() and not _is_ignored(entry.name):
                    at = entry.stat()
                    yield here, (at.st_size, at.st_mtime_ns)


def _is_ignored(name: str) -> bool:
    return name.startswith(".") or name.endswith(_IGNORED)
