"""What a verdict depends on: other code is another question, other words are not."""

from pathlib import Path

import pytest

from benchmarks._strength_code import FOLDER, _needed, code_of

CODE = '''"""An attack."""

from robustlib.attacks._steps import length
from robustlib.threats import Linf

def step(images):
    """Goes on."""
    return images + length(1)  # a step
'''
HELPER = '"""Steps."""\n\ndef length(times):\n    return 2 * times\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "attacks"
    found.mkdir()
    (found / "steps.py").write_text(CODE)
    (found / "_steps.py").write_text(HELPER)
    (found / "other.py").write_text("1 + 1\n")
    return found


@pytest.mark.parametrize(
    ("file", "old", "new", "same"),
    [
        ("steps", "An attack", "A good attack", True),
        ("steps", "Goes on", "Goes further", True),
        ("steps", "a step", "one step", True),
        ("steps", "length(1)", "length(2)", False),
        ("steps", "images +", "images -", False),
        ("_steps", "Steps", "Lengths", True),
        ("_steps", "2 * times", "3 * times", False),
        ("other", "1 + 1", "1 + 2", True),
    ],
)
def test_words_change_no_verdict_and_code_does(
    folder: Path, file: str, old: str, new: str, same: bool
) -> None:
    before = code_of("steps", folder)
    code_of.cache_clear()
    (folder / f"{file}.py").write_text((folder / f"{file}.py").read_text().replace(old, new))
    assert (code_of("steps", folder) == before) is same


def test_a_cascade_hangs_on_all_its_parts() -> None:
    parts = {"apgd", "fab", "square", "eot", "_base", "_towards", "_planes", "_windows"}
    assert parts < _needed("auto_attack", FOLDER, set())
    assert "rays" not in _needed("auto_attack", FOLDER, set())
