"""What tests share: where public data and peers are, and that nothing passes by not being run."""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("rostra", deadline=None)  # no test is timed: the machine may be busy
settings.load_profile("rostra")

DATA = Path(os.environ.get("ROSTRA_DATA", "../shared/data"))
PEERS = Path(os.environ.get("ROSTRA_PEERS", Path(__file__).parents[1] / ".venv-peers"))
# Stand-ins for libraries that pages name, which are no tests: whoever runs a page puts them first.
collect_ignore = ["docs/hubs"]
FOUND = {
    "data": DATA.is_dir(),
    "onnx": find_spec("onnx2torch") is not None,
    "peers": (PEERS / "pins.txt").exists(),  # written when all of them are in
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect (never skip) the tests that read what is absent: data sets, onnx2torch, peers."""
    missing = [name for name, there in FOUND.items() if not there]
    absent = [item for item in items if any(map(item.get_closest_marker, missing))]
    if absent:
        config.hook.pytest_deselected(items=absent)
        items[:] = [item for item in items if item not in absent]


def pytest_report_header() -> list[str]:
    """Say whether the public data sets, onnx2torch and the peers are there."""
    state = "read" if DATA.is_dir() else "absent: tests marked `data` are deselected"
    onnx = "found" if FOUND["onnx"] else "absent: tests marked `onnx` are deselected"
    peers = "found" if FOUND["peers"] else "absent: tests marked `peers` are deselected"
    data = f"public data sets in $ROSTRA_DATA ({DATA}): {state}"
    return [data, f"onnx2torch: {onnx}", f"peers in $ROSTRA_PEERS ({PEERS.name}): {peers}"]


def unproven(reporter: pytest.TerminalReporter) -> list[str]:
    """What was skipped, or was free to fail, in this session: a line each."""
    kinds = ("skipped", "xfailed", "xpassed")
    return [f"{kind}: {report.nodeid}" for kind in kinds for report in reporter.getreports(kind)]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a session in which a test has proven nothing; what cannot run here is deselected."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.exitstatus == pytest.ExitCode.OK and unproven(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what has made the session fail."""
    for line in unproven(terminalreporter):
        terminalreporter.write_line(f"ERROR nothing is skipped here, yet {line}", red=True)
