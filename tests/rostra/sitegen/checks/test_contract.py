"""The checker's own gate: every mistake in every sample talk is found, where it is, and no other.

Our own entries are always samples; of the archive in $ROSTRA_DATA one talk in sixty, and with
ROSTRA_GATES=all every one.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rostra.sitegen import checks
from rostra.sitegen import folder as folders
from rostra.sitegen.importing import Import, write
from tests.conftest import DATA
from tests.rostra.sitegen.checks import (  # noqa: F401
    _date_mutators,
    _library_mutators,
    _other_mutators,
    _talk_mutators,
)
from tests.rostra.sitegen.checks._mutators import (
    CLOCKS,
    LEGITIMATE,
    MUTATORS,
    TALK,
    Files,
    Sample,
    expectation,
)

ROOT = Path(__file__).parents[4]
ARCHIVE = "talks-sample.jsonl"
SHARE = 1 if os.environ.get("ROSTRA_GATES") == "all" else 60
SITE = "id: lab\nname: Lab\nurl: https://lab.example/\nzone: UTC\n"
PEOPLE = """\
ann:
  name: Ann Lee
wang:
  name: {en: Wei Wang, zh: 王伟}
  homepage: https://wang.example
  orcid: 0000-0002-1825-0097
  aliases: [W. Wang]
"""
SERIES = "weekly:\n  name: Weekly\nzoo:\n  name: Zoo\n"
# Faults of files that are no text: test_reading has them.
OTHERWISE = {"encoding", "size"}
CLOCK = datetime(2026, 11, 21, tzinfo=UTC)
Finding = tuple[str, str, int, int]


def imported(lines: list[str], folder: Path) -> Import:
    for name, text in (("site.yaml", SITE), ("people.yaml", ""), ("series.yaml", "")):
        (folder / name).write_text(text)
    return Import(folders.read(folder, CLOCK)).add(lines)


def archive() -> list[str]:
    return (DATA / ARCHIVE).read_text(encoding="utf-8").splitlines()


@pytest.mark.data
def test_six_hundred_real_talks_are_imported_clean(tmp_path) -> None:
    made = imported(archive(), tmp_path)
    assert len(made.entries) == 600
    write(tmp_path, made.files())
    assert list(map(str, checks.check(tmp_path, CLOCK))) == []


def own_samples() -> Iterator[Sample]:
    """Our own talks; who speaks in them is somebody of the gate's own people."""
    for path in sorted((ROOT / "seminars").glob("*/*.yaml")):
        text = path.read_text(encoding="utf-8")
        yield Sample(re.sub(r"^speakers: .*", "speakers: [ann]", text, flags=re.M), PEOPLE)


def samples(lines: list[str], folder: Path) -> Iterator[Sample]:
    made = imported(lines, folder)
    for text in made.entries.values():
        keys = re.search(r"^speakers: \[(.*)\]", text, re.M)
        people = [made.people[key] for key in keys[1].split(", ")] if keys else []
        yield Sample(text, PEOPLE + "\n" + "\n".join(people))


class Bench:
    """A folder around one sample, in which one mistake at a time is made and taken back."""

    def __init__(self, folder: Path, sample: Sample) -> None:
        self.folder, self.sample = folder / "seminars", sample
        base = {"site.yaml": SITE, "people.yaml": sample.people, "series.yaml": SERIES}
        self.base = base | {TALK: sample.text}
        for name, text in self.base.items():
            self.put(name, text)
        demo = (ROOT / "demos" / "attack_playground.py").read_text(encoding="utf-8")
        for name, text in (("demos/attack_playground.py", demo), ("docs/assets/plot.png", "")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")

    def path(self, name: str) -> Path:
        return (self.folder.parent if name.startswith("docs/") else self.folder) / name

    def put(self, name: str, text: str) -> None:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def found(self, after: timedelta) -> set[Finding]:
        now = self.sample.start.replace(tzinfo=UTC) + after
        return {
            (fault.file.removeprefix("seminars/"), fault.rule, fault.line, fault.column)
            for fault in checks.check(self.folder, now)
        }

    def verdict(self, name: str) -> tuple[Finding, set[Finding]]:
        """What should be found of a mistake, and what is."""
        rule = name.partition(":")[0]
        shared = ("site.yaml", "people.yaml", "series.yaml")
        files = {
            file: (self.base[file] if file in shared else "") + text
            for file, text in MUTATORS[name](self.sample).items()
        }
        ((file, line, column),) = expectation(files)
        found = self.found_in(files, CLOCKS.get(name, timedelta(days=2)))
        return (file, rule, line, column), found

    def found_in(self, files: Files, after: timedelta) -> set[Finding]:
        """What is found while some files are others."""
        for each, text in files.items():
            self.put(each, text.replace("⟦", ""))
        try:
            return self.found(after)
        finally:
            for each in files:
                self.path(each).unlink()
                if each in self.base:
                    self.put(each, self.base[each])

    def alarms(self, name: str) -> set[Finding]:
        """What is found of what is no mistake."""
        return self.found_in(LEGITIMATE[name](self.sample), CLOCKS.get(name, timedelta(days=2)))


def judged(sample: Sample, folder: Path) -> Counter[str]:
    """How many mistakes were made in a sample and found, and how much else was."""
    bench = Bench(folder, sample)
    assert bench.found(timedelta(days=2)) == set()
    counts: Counter[str] = Counter()
    for name in MUTATORS:
        expected, found = bench.verdict(name)
        counts["made"] += 1
        counts["found"] += expected in found
        counts["else"] += len(found - {expected})
        if found != {expected}:
            counts[f"{name}: not {expected} but {sorted(found)}"] += 1
    for name in LEGITIMATE:
        assert bench.alarms(name) == set(), name
    return counts


def check_counts(counts: Counter[str]) -> None:
    wrong = "\n".join(f"{count} x {what}" for what, count in counts.items() if ": not " in what)
    recall = counts["found"] / counts["made"]
    precision = counts["found"] / (counts["found"] + counts["else"])
    # What `make gates` shows.
    told = f"{counts['made']} mistakes, recall {recall:.4f}, precision {precision:.4f}"
    print(f"{told}\n{wrong}")  # noqa: T201
    assert recall >= 0.99, wrong
    assert precision >= 0.99, wrong


def test_there_are_enough_mistakes_and_each_rule_has_one() -> None:
    assert len(MUTATORS) >= 150
    assert len(LEGITIMATE) >= 20
    rules = set()
    for path in (ROOT / "rostra" / "sitegen").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        rules |= set(re.findall(r'(?:refuse\(|TimeError\(|report\([^"\n]*, )\s*"([a-z-]+)"', text))
        rules |= set(
            re.findall(r'(?:warn|report|report_at)\([^"]*?"([a-z-]+)", (?:message|say)', text)
        )
    assert len(rules) > 40
    assert rules - {name.partition(":")[0] for name in MUTATORS} - OTHERWISE == set()


def test_every_mistake_in_our_own_talks_is_found(tmp_path) -> None:
    counts: Counter[str] = Counter()
    for number, sample in enumerate(own_samples()):
        counts += judged(sample, tmp_path / str(number))
    assert counts["made"] >= 3 * 150
    check_counts(counts)


@pytest.mark.data
def test_every_mistake_in_real_talks_is_found(tmp_path) -> None:
    counts: Counter[str] = Counter()
    for number, sample in enumerate([*samples(archive(), tmp_path)][::SHARE]):
        counts += judged(sample, tmp_path / str(number))
    assert counts["made"] >= 600 // SHARE * 150
    check_counts(counts)
