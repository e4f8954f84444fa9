"""The base installation: the site's commands run where torch is not installed.

`make bare` builds that environment and names its `bin` folder in $ROSTRA_BARE.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

if "ROSTRA_BARE" not in os.environ:
    pytest.fail(
        "These tests need an installation without torch: `make bare` builds it and runs them. "
        "`make test` runs what needs neither that, nor a browser, nor a GPU.",
        pytrace=False,
    )

ROOT = Path(__file__).parents[2]
BARE = Path(os.environ["ROSTRA_BARE"])
PATIENCE = 240  # seconds, for any one command


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BARE / command[0]), *command[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("seminars", "docs", "demos", "robustlib", "benchmarks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    return tmp_path


def test_without_that_installation_it_says_what_to_do() -> None:
    there = {name: value for name, value in os.environ.items() if name != "ROSTRA_BARE"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", __file__]
    told = subprocess.run(command, cwd=ROOT, env=there, capture_output=True, text=True, check=False)
    assert told.returncode == pytest.ExitCode.INTERRUPTED
    assert "`make bare` builds it" in told.stdout
    assert "Traceback" not in told.stdout
    assert "KeyError" not in told.stdout


@pytest.mark.parametrize("package", ["torch", "numpy", "gradio"])
def test_the_heavy_packages_are_not_there(package: str, tmp_path: Path) -> None:
    found = run("python", "-c", f"import {package}", folder=tmp_path)
    assert found.returncode == 1
    assert "ModuleNotFoundError" in found.stderr


def test_check_announce_new_and_build_run(project: Path) -> None:
    checked = run("rostra", "check", folder=project)
    assert checked.returncode == 0, checked.stderr
    announced = run("rostra", "announce", "ai-prisec/badbatch", folder=project)
    assert announced.returncode == 0, announced.stderr
    assert "2022" in announced.stdout
    written = run("rostra", "new", "talk", "ai-prisec", "a-new-talk", folder=project)
    assert written.returncode == 0, written.stderr
    assert (project / "seminars/ai-prisec/a-new-talk.yaml").exists()
    (project / "seminars/ai-prisec/a-new-talk.yaml").unlink()
    built = run("rostra", "build", "--strict", folder=project)
    assert built.returncode == 0, built.stdout + built.stderr
    assert (project / "site/zh/index.html").exists()


def test_a_command_that_needs_torch_says_how_to_get_it(project: Path) -> None:
    refused = run("rostra", "evaluate", "signs_standard", folder=project)
    assert refused.returncode == 1
    assert "rostra[lab]" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.fixture
def address(project: Path) -> Iterator[str]:
    """Where `rostra serve` says that it serves; it is stopped afterwards, and anyway in the end."""
    server = subprocess.Popen(
        [str(BARE / "rostra"), "serve", "--port", "0"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    end = threading.Timer(PATIENCE, server.kill)
    end.start()
    assert server.stdout is not None
    said = []
    try:
        for line in server.stdout:
            said.append(line)
            if found := re.match(r"Serving at (http://127\.0\.0\.1:\d+) ", line):
                yield found[1]
                break
        else:
            pytest.fail("".join(said))
    finally:
        end.cancel()
        server.terminate()
        server.communicate(timeout=30)


def answer(url: str) -> tuple[int, str]:
    """Status and text; the port is taken before the server listens, so it may refuse at first."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=10) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except urllib.error.URLError:
            time.sleep(0.1)
    pytest.fail(f"{url} does not answer")


def test_the_site_is_served_and_says_that_its_demos_are_absent(address: str) -> None:
    for page, language in (("/", "en"), ("/zh/", "zh"), ("/gallery/attack_playground/", "en")):
        status, text = answer(address + page)
        assert status == 200
        assert f'<html lang="{language}' in text
    status, text = answer(f"{address}/demos/status.json")
    assert (status, json.loads(text)) == (200, {"state": "absent", "demos": []})
    assert answer(f"{address}/demos/attack_playground/") == (503, "The demos are absent.")
