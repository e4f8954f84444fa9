"""All that a build is given, files, environment and clock, and a folder where it is built."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from rostra.sitegen import archive, ledger, programme, release
from rostra.sitegen.press import CACHE
from tests.rostra.sitegen._building import built
from tests.rostra.sitegen._world import entry, files

NOW = datetime(2024, 6, 1, 9, tzinfo=UTC)
TOPS = ("seminars", "overrides", "docs", "demos", "robustlib", "benchmarks")


@dataclass(frozen=True)
class World:
    """What a build is given."""

    files: Mapping[str, str]
    now: datetime = NOW
    told: Mapping[str, str] = field(default_factory=dict)

    def lay(self, project: Path) -> None:
        """Write what differs, and take away what is not there any more."""
        for path in [one for top in TOPS for one in (project / top).rglob("*") if one.is_file()]:
            if path.relative_to(project).as_posix() not in self.files:
                path.unlink()
        for name, text in self.files.items():
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")

    def built(self, project: Path, site: Path, *, strict: bool = False) -> dict[str, bytes]:
        """Build it as somebody does whose clock shows `now`, and read what there is."""
        self.lay(project)
        return tree(built(project, site, strict=strict, **self.environment))

    def built_apart(self, project: Path, site: Path) -> dict[str, bytes]:
        """Build what lies there in a process of its own, which remembers nothing."""
        code = "from rostra.sitegen import archive, programme\n"
        code += f"archive.FEW = {archive.FEW}; programme.MANY = {programme.MANY}\n"
        code += "from mkdocs.__main__ import cli; cli()"
        command = [sys.executable, "-c", code, "build", "--quiet", "--site-dir", str(site)]
        subprocess.run(command, cwd=project, env=os.environ | self.environment, check=True)
        return tree(site)

    @property
    def environment(self) -> dict[str, str]:
        """What a build is told, its clock by the variable for builds that can be repeated."""
        return {"SOURCE_DATE_EPOCH": str(int(self.now.timestamp())), **self.told}


def tree(site: Path) -> dict[str, bytes]:
    files = (path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in files}


def times(folder: Path) -> dict[str, tuple[int, int]]:
    """What one sees of files without reading them."""
    files = (path for path in folder.rglob("*") if path.is_file())
    seen = ((path, path.stat()) for path in files)
    return {str(path.relative_to(folder)): (one.st_size, one.st_mtime_ns) for path, one in seen}


def released(world: World) -> World:
    """The same after `rostra release` an hour before: it writes the ledger."""
    with TemporaryDirectory() as name:
        seminars, now = Path(name) / "seminars", world.now - timedelta(hours=1)
        world.lay(Path(name))
        release.release(release.compare(programme.load(seminars, now), now))
        records = (seminars / ledger.FOLDER).rglob("*.json")
        written = {path.relative_to(name).as_posix(): path.read_text() for path in records}
    others = {name: text for name, text in world.files.items() if ledger.FOLDER not in name}
    return replace(world, files={**others, **written})


def edited_since_release() -> World:
    """The project as it is: since its release a panellist was lost, and a talk was announced."""
    known = files()
    faith, far = entry("early/faith"), entry("weekly/far")
    before = {**known, faith: known[faith].replace("[wang]", "[wang, bob]")}
    del before[far]
    return World({**released(World(before)).files, **known})


class Desk:
    """A project that was built once, for edits that each begin there."""

    def __init__(self, folder: Path) -> None:
        self.project, self.kept, self.cold = folder / "here", folder / "kept", folder / "cold"
        self.world = edited_since_release()
        self.world.built(self.project, self.project / "site", strict=True)
        self.memories = sorted((self.project / CACHE).glob("*.json"))
        shutil.copytree(self.project, self.kept)

    def begin(self) -> None:
        """Put back what is not as it was after the first build, the times of files too."""
        before, now = times(self.kept), times(self.project)
        for name in now.keys() - before.keys():
            (self.project / name).unlink()
        for name in (name for name, seen in before.items() if now.get(name) != seen):
            (self.project / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.kept / name, self.project / name)

    def warm(self, world: World) -> dict[str, bytes]:
        """Build after what was built before."""
        return world.built(self.project, self.project / "site")

    def stale(self, world: World, *, apart: bool = False) -> list[str]:
        """Build after what was built before, and from nothing; return the files that differ.

        `apart`: what is built from nothing is built by another process, which remembers nothing.
        """
        warm = self.warm(world)
        shutil.rmtree(self.cold, ignore_errors=True)
        build = world.built_apart if apart else world.built
        entries = self.project / CACHE / "entries.json"
        aside = entries.rename(entries.with_suffix(".aside"))
        cold = build(self.project, self.cold)
        aside.replace(entries)
        for memory in set((self.project / CACHE).glob("*")).difference(self.memories):
            memory.unlink()
        return sorted(name for name in {*warm, *cold} if warm.get(name) != cold.get(name))
