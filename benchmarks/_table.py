"""How results are kept: one JSON with every number, one Markdown table for readers."""

import json
import os
import platform
import shlex
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from robustlib.card import write_aside

RESULTS = Path(__file__).parent / "results"
Row = Mapping[str, Any]
SIZES = (
    "ROSTRA_ATTACKS",
    "ROSTRA_ATTACKS_SIZES",
    "ROSTRA_DEVICE",
    "ROSTRA_FUZZ_SECONDS",
    "ROSTRA_GPU_SIZES",
    "ROSTRA_MODELS",
    "ROSTRA_SIZES",
)
"""Variables that say how much is measured: without them a command repeats something else."""


def machine() -> str:
    """The machine in words: processor family and cores, never a host name."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _cpuinfo() if line.startswith("model name")),
        platform.machine(),
    )
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def markdown(rows: Sequence[Row]) -> str:
    """The rows as a table; numbers to the right."""
    columns = list(rows[0])
    numeric = [all(isinstance(row[c], int | float) for row in rows) for c in columns]
    lines = ["| " + " | ".join(columns) + " |"]
    lines += ["|" + "|".join(" ---: " if right else " --- " for right in numeric) + "|"]
    lines += ["| " + " | ".join(str(row[c]) for c in columns) + " |" for row in rows]
    return "\n".join(lines)


def command(name: str) -> str:
    """What measures a table again, with the sizes that are set now."""
    told = ((size, os.environ.get(size)) for size in SIZES)
    sizes = [f"{size}={shlex.quote(value)} " for size, value in told if value]
    return "".join(sizes) + f"python -m benchmarks {name}"


def publish(name: str, title: str, rows: Sequence[Row], notes: Sequence[str]) -> None:
    """Print the table and keep it, whole or not at all."""
    stamp = datetime.now(UTC).date().isoformat()
    notes = [*notes, f"Measured {stamp} on {machine()}: `{command(name)}`."]
    text = f"# {title}\n\n{markdown(rows)}\n\n" + "\n".join(f"- {note}" for note in notes) + "\n"
    print(text)
    write_aside(RESULTS / f"{name}.md", text.encode())
    record = {"title": title, "rows": [dict(row) for row in rows], "notes": notes}
    kept = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    write_aside(RESULTS / f"{name}.json", kept.encode())
