"""`make serve`: seconds until the first page and until the live demos, cold and warm."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks._table import publish

ROOT = Path(__file__).parents[1]
PATIENCE = 900.0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str) -> bytes | None:
    """The body, or nothing while there is none."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bytes(answer.read())
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None


def ready(url: str) -> bool:
    """Are the live demos mounted?"""
    body = fetch(url + "demos/status.json")
    status: dict[str, Any] = json.loads(body) if body else {}
    return status.get("state") == "ready"


def wait(began: float, condition: Any) -> float:
    """Seconds since `began` until the condition holds."""
    while not condition():
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError(f"not up after {PATIENCE:.0f} s")
        time.sleep(0.1)
    return time.monotonic() - began


def serve_once(project: Path) -> dict[str, float]:
    """Start `make serve`, time it, stop it and all that it started."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    began = time.monotonic()
    process = subprocess.Popen(
        ["make", "serve", f"PORT={port}"], cwd=project, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        page = wait(began, lambda: fetch(url) is not None)
        live = wait(began, lambda: ready(url))
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
    return {"first page s": round(page, 1), "live demos s": round(live, 1)}


def main() -> None:
    """Measure in a fresh clone: once cold, with everything to install, then warm."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "rostra"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(project)], check=True)
        states = ("cold (fresh clone, nothing installed)", "warm (second time)")
        rows += [{"make serve": state, **serve_once(project)} for state in states]
    note = "Cold includes creating the environment; packages come from the index as pip finds it."
    publish("serve", "From `make serve` to a page", rows, [note])
