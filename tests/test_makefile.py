"""What the Makefile promises before anything is installed: its guards, its mending, its words."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import __main__ as benchmarks

ROOT = Path(__file__).parent.parent
VERBS = ("serve", "test", "lint", "type", "docs", "bench", "gates", "gpu", "train", "golden",
         "check", "help")  # fmt: skip
APT = {
    "version_info": "Rostra needs Python 3.11 or newer: apt install python3 python3-venv\n",
    "ensurepip": "Python's venv is missing: apt install python3-venv\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("Makefile", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def python(project: Path, lacks: str = "nothing") -> Path:
    """A stand-in for python3: it notes what it is asked, and says no where `lacks` is in it."""
    file = project / "python3"
    file.write_text(f'#!/bin/sh\necho "$*" >> asked\ncase "$*" in *{lacks}*) exit 1;; esac\n')
    file.chmod(0o755)
    return file


def make(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run make as from a shell of its own: the MAKEFLAGS of a `make test` are not ours."""
    clean = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    return subprocess.run(
        ["make", *words], cwd=project, env=clean, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("lacks", APT)
def test_a_python_that_will_not_do_is_answered_with_the_one_line_to_type(
    lacks: str, project: Path
) -> None:
    done = make(project, "serve", f"PYTHON={python(project, lacks)}")
    assert done.returncode != 0
    assert done.stdout == APT[lacks]
    assert not (project / ".venv").exists()


def test_no_python_at_all_is_answered_too(project: Path) -> None:
    done = make(project, "serve", f"PYTHON={project / 'nowhere'}")
    assert done.returncode != 0
    assert done.stdout == APT["version_info"]


@pytest.fixture
def made(project: Path) -> Path:
    """A project whose environment is whole, and whose stamps say that all is installed."""
    folder = project / ".venv" / "bin"
    folder.mkdir(parents=True)
    (folder / "python").symlink_to(python(project))
    for name in ("bin/pip", ".base", ".live", ".dev"):
        (project / ".venv" / name).touch()
    return project


MAKES = "-m venv --clear .venv"


def test_a_whole_environment_is_left_alone(made: Path) -> None:
    for target in (".venv/bin/python", ".venv/.base", ".venv/.dev"):
        done = make(made, target, f"PYTHON={made / 'python3'}")
        assert done.returncode == 0, done.stderr
        assert "up to date" in done.stdout
    assert not (made / "asked").exists()


@pytest.mark.parametrize("gone", ["bin/pip", "bin/python"])
def test_half_an_environment_is_made_anew_and_filled_again(gone: str, made: Path) -> None:
    part = made / ".venv" / gone
    part.unlink()
    if gone == "bin/python":  # as after an upgrade of the system's
        part.symlink_to("nowhere")
    done = make(made, ".venv/bin/python", f"PYTHON={made / 'python3'}")
    assert done.returncode == 0, done.stderr
    assert (made / "asked").read_text().splitlines()[-1] == MAKES
    for target in (".venv/.base", ".venv/.live", ".venv/.dev"):
        told = make(made, "-n", target).stdout
        assert MAKES in told
        assert f"touch {target}" in told


def test_help_lists_every_verb(project: Path) -> None:
    told = make(project, "help").stdout
    assert make(project).stdout == told
    listed = re.findall(r"^  make ([a-z]+) +\S", told, re.MULTILINE)
    assert set(VERBS) <= set(listed)
    declared = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(listed) == {verb for line in declared for verb in line.split() if verb.isalpha()}


def test_bench_runs_what_takes_minutes_and_says_what_it_leaves_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[str] = []

    def taken(name: str) -> SimpleNamespace:
        return SimpleNamespace(__doc__="A table.", main=lambda: ran.append(name))

    monkeypatch.setattr(benchmarks, "import_module", taken)
    assert benchmarks.main([]) == 0
    assert {"benchmarks.pgd", "benchmarks.site"} <= set(ran)
    assert not {"benchmarks.zoo_montage", "benchmarks.zoo_strength"} & set(ran)
    assert benchmarks.main(["zoo_montage"]) == 0
    assert ran[-1] == "benchmarks.zoo_montage"
    capsys.readouterr()
    assert benchmarks.main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(f"python -m benchmarks {name}: " in told for name in benchmarks.LEFT_OUT)
    assert all((ROOT / "benchmarks" / f"{name}.py").exists() for name in benchmarks.LEFT_OUT)
    assert benchmarks.main(["pdg"]) == 2


def test_options_after_a_name_are_that_benchmark_s(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[list[str]] = []
    module = SimpleNamespace(__doc__="A table.", main=given.append)
    monkeypatch.setattr(benchmarks, "import_module", lambda _: module)
    assert benchmarks.main(["strength", "--hours", "1", "--only", "pgd"]) == 0
    assert given == [["--hours", "1", "--only", "pgd"]]


def test_options_of_a_benchmark_that_has_none_are_refused_before_it_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = SimpleNamespace(__doc__="A table.", main=lambda: pytest.fail("it has run"))
    monkeypatch.setattr(benchmarks, "import_module", lambda _: module)
    assert benchmarks.main(["pgd", "--hours", "1"]) == 2
    assert capsys.readouterr().out.startswith("no options for pgd: --hours 1\n")


def test_the_long_proofs_are_named_as_the_benchmarks_name_them() -> None:
    recipe = re.search(r"^gates:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.M)
    assert recipe
    named = re.findall(r" -m benchmarks (\w+)$", recipe[1], re.M)
    assert {name for name, why in benchmarks.LEFT_OUT.items() if "make gates" in why} <= {*named}
    assert {*named} <= {*benchmarks.NAMES}
