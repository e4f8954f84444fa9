"""A session that skips anything fails, whatever way of skipping was found."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")
PROVEN = "def test_proven(): pass\n"
WAYS = {
    "in a test": "from pytest import skip\ndef test_it(): skip('not today')\n",
    "in a fixture": """
from pytest import fixture, skip
@fixture
def late(): skip('not today')
def test_it(late): pass
""",
    "by a mark": "from pytest import mark\n@mark.skip\ndef test_it(): pass\n",
    "by a condition": "from pytest import mark\n@mark.skipif('1 > 0')\ndef test_it(): pass\n",
    "by a missing import": "from pytest import importorskip as need\nneed('nowhere')\n",
    "by unittest": "import unittest\n@unittest.skip('')\nclass TestIt(unittest.TestCase):\n"
    "    def test_it(self): pass\n",
    "free to fail": "from pytest import mark\n@mark.xfail\ndef test_it(): assert 0\n",
    "free to fail, and does not": "from pytest import mark\n@mark.xfail\ndef test_it(): pass\n",
    "in an example": "'''\n>>> 1 / 0  # doctest: +SKIP\n'''\n",
}


def session(folder: Path, test: str, **environment: str) -> tuple[int, str]:
    """Exit code and output of a session over one module, under this folder's conftest."""
    (folder / "tests").mkdir()
    (folder / "elsewhere").mkdir()
    markers = "[pytest]\nmarkers =\n  data: public data\n  peers: other libraries\n"
    (folder / "pytest.ini").write_text(markers)
    shutil.copy(CONFTEST, folder / "tests")
    (folder / "tests" / "test_proven.py").write_text(PROVEN)
    (folder / "elsewhere" / "test_planted.py").write_text(test)
    arguments = ["--doctest-modules", "--import-mode=importlib", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, "tests", "elsewhere"],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("test", WAYS.values(), ids=WAYS)
def test_what_proves_nothing_fails_the_session_and_is_named(test, tmp_path) -> None:
    code, told = session(tmp_path, test)
    assert code == pytest.ExitCode.TESTS_FAILED, told
    assert "ERROR nothing is skipped here, yet" in told
    assert "test_planted.py" in told


def test_a_session_that_runs_everything_passes(tmp_path) -> None:
    code, told = session(tmp_path, "def test_it(): pass\n")
    assert code == pytest.ExitCode.OK, told


@pytest.mark.parametrize("there", [False, True])
def test_tests_of_absent_data_are_deselected_and_said_to_be(there, tmp_path) -> None:
    test = "from pytest import mark\n@mark.data\ndef test_it(): pass\n"
    data = tmp_path if there else tmp_path / "nowhere"
    code, told = session(tmp_path, test, ROSTRA_DATA=str(data))
    assert code == pytest.ExitCode.OK, told
    assert ("1 deselected" in told) is not there
    assert ("absent: tests marked `data` are deselected" in told) is not there


@pytest.mark.parametrize("whole", [False, True])
def test_peers_that_are_half_installed_are_absent(whole, tmp_path) -> None:
    peers = tmp_path / "peers"
    (peers / "foolbox").mkdir(parents=True)
    if whole:
        (peers / "pins.txt").write_text("foolbox==3.3.4")
    test = "from pytest import mark\n@mark.peers\ndef test_it(): pass\n"
    code, told = session(tmp_path, test, ROSTRA_PEERS=str(peers))
    assert code == pytest.ExitCode.OK, told
    assert ("1 deselected" in told) is not whole
    assert ("absent: tests marked `peers` are deselected" in told) is not whole
