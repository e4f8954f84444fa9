"""What a verdict depends on: other code is another question, other words are not."""

from pathlib import Path

import pytest

from benchmarks._strength_cast import code_of, pairs
from robustlib import attacks

FOLDER = Path(attacks.__file__).parent

CODE = '''"""An attack."""

def step(images):
    """Goes on."""
    return images + 1  # a step
'''


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("An attack", "A good attack", True),
        ("Goes on", "Goes further", True),
        ("a step", "one step", True),
        ("images + 1", "images + 2", False),
        ("images + 1", "images - 1", False),
    ],
)
def test_words_change_no_verdict_and_code_does(
    tmp_path: Path, old: str, new: str, same: bool
) -> None:
    file = tmp_path / "attack.py"
    file.write_text(CODE)
    before = code_of(file)
    file.write_text(CODE.replace(old, new))
    assert (code_of(file) == before) is same


def test_every_entrant_of_ours_has_code() -> None:
    ours = [each for pair in pairs() for each in pair.entrants if each.library == "robustlib"]
    assert len(ours) > 20
    for each in ours:
        assert code_of(FOLDER / f"{each.attack}.py") in each.key(0.1)
