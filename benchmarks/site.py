"""Site build: wall-clock, processor seconds and memory of `rostra build`, cold and warm."""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks._table import publish

ROOT = Path(__file__).parents[1]
CONTENT = ("seminars", "docs", "demos", "robustlib", "benchmarks", "mkdocs.yml")
REPEATS = 3


def build(project: Path) -> dict[str, float]:
    """One build in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    command = [str(Path(sys.executable).parent / "rostra"), "build", "--strict"]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall s": wall, "cpu s": cpu, "peak MiB": after.ru_maxrss / 1024}


def copy_content(folder: str) -> Path:
    """The content alone, so that nothing an earlier build left behind can help."""
    project = Path(folder)
    for name in CONTENT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name)
        else:
            shutil.copy(source, project / name)
    return project


def main() -> None:
    """Measure and publish."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        project = copy_content(folder)
        for state in ("cold", "warm"):
            runs = []
            for _ in range(REPEATS):
                if state == "cold":
                    shutil.rmtree(project / "site", ignore_errors=True)
                runs.append(build(project))
            medians = {key: round(median(run[key] for run in runs), 2) for key in runs[0]}
            pages = len(list((project / "site").rglob("*.html")))
            rows.append({"build": state, "pages": pages, **medians})
    publish("site", "Building the site", rows, [f"Median of {REPEATS} processes, strict."])
