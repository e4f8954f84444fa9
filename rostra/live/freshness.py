"""Whether the built site is still that of its sources; building it where it is not."""

import datetime
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# What a page can show. robustlib and demos are read as text by the site generator.
SOURCES = ("mkdocs.yml", "docs", "seminars", "robustlib", "demos", "benchmarks", "rostra/sitegen")
SETTINGS = (
    "ROSTRA_NOW",
    "SOURCE_DATE_EPOCH",
    "ROSTRA_REPO_URL",
    "ROSTRA_REFERENCE",
)
BUILDERS = ("mkdocs", "mkdocs-material", "mkdocstrings", "rostra")
_IGNORED = {".pyc", ".safetensors"}


class BuildError(RuntimeError):
    """The site does not build; the message says where to read why."""


def built_site(project: Path, url: str) -> Path:
    """Build the live site unless nothing it shows has changed since it was last built.

    It is kept apart from `site/`, which is for any static host: there no demo answers.

    Args:
        project: Folder of mkdocs.yml.
        url: Where it is served.

    Returns:
        Folder of the built site.

    Raises:
        BuildError: mkdocs says no; its words are on the terminal.
    """
    site = project / ".cache" / "site"
    stamp = project / ".cache" / "built"
    now = fingerprint(project, url)
    if site.is_dir() and stamp.is_file() and stamp.read_text(encoding="ascii") == now:
        return site
    stamp.unlink(missing_ok=True)  # a build that is broken off leaves nothing that looks whole
    command = [sys.executable, "-m", "mkdocs", "build", "--config-file", "mkdocs.yml"]
    told = {"ROSTRA_LIVE": "true", "ROSTRA_SITE_URL": url, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(
        [*command, "--site-dir", str(site.resolve())],
        cwd=project,
        env=os.environ | told,
        check=False,
    )
    if built.returncode:
        raise BuildError("the site does not build: mkdocs' messages above say why")
    stamp.write_text(now, encoding="ascii")
    return site


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
    for path in sorted(_files(project)):
        seen = path.stat()
        total.update(f"{path.relative_to(project)}:{seen.st_size}:{seen.st_mtime_ns}\n".encode())
    settings = [os.environ.get(name, "") for name in SETTINGS]
    versions = [installed(name) for name in BUILDERS]
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    total.update("\n".join([url, *settings, *versions, today]).encode())
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


def _files(project: Path) -> Iterator[Path]:
    for name in SOURCES:
        top = project / name
        found = top.rglob("*") if top.is_dir() else [top]
        yield from (path for path in found if path.is_file() and path.suffix not in _IGNORED)
