"""The project as tests know it, whatever else a group has announced since."""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
TALKS = {"badbatch", "shapley-values", "adversarial-robustness"}
READ = ("docs", "demos", "robustlib", "benchmarks", "mkdocs.yml")


def with_known_talks(folder: Path) -> Path:
    """Make a folder that reads like the project, with no other talks than these."""
    for name in READ:
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "seminars", folder / "seminars")
    seminars = folder / "seminars"
    for path in (*seminars.glob("*/*.yaml"), *seminars.glob(".ledger/*/*.json")):
        if path.stem not in TALKS:
            path.unlink()
    return folder


def with_no_talks(folder: Path) -> Path:
    """Make such a folder without any talk, and with nothing that names one."""
    project = with_known_talks(folder)
    for path in (project / "seminars").glob("*/*.yaml"):
        path.unlink()
    # What was released and has no entry is called off, which nobody did.
    shutil.rmtree(project / "seminars/.ledger", ignore_errors=True)
    (project / "docs").unlink()
    shutil.copytree(ROOT / "docs", project / "docs", ignore=shutil.ignore_patterns("notes"))
    papers = project / "docs/publications.bib"
    text = papers.read_text(encoding="utf-8")
    papers.write_text(re.sub(r"(?m)^ *(talk|theme|project) *=.*\n", "", text), encoding="utf-8")
    return project
