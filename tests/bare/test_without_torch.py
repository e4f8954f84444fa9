"""The base installation: the site's commands run where torch is not installed.

`make bare` builds that environment and names its `bin` folder in $ROSTRA_BARE.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BARE = Path(os.environ["ROSTRA_BARE"])


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BARE / command[0]), *command[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("seminars", "docs", "demos", "robustlib"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    return tmp_path


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
