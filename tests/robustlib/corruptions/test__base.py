import pytest
import torch

from robustlib.corruptions._base import Levels
from robustlib.draws import Draws

LEVELS = Levels("abcde", "fghij", "klmno")


@pytest.mark.parametrize(
    ("height", "width", "entry"),
    [(28, 28, "c"), (32, 32, "c"), (47, 400, "c"), (48, 48, "h"), (96, 64, "h"), (127, 224, "h"),
     (128, 128, "m"), (224, 224, "m"), (224, 500, "m")],
)  # fmt: skip
def test_the_shorter_side_chooses_the_constants(height, width, entry) -> None:
    images = torch.zeros(1, 1, height, width)
    assert LEVELS.at(images, 3, Draws(0, [0])) == entry


def test_each_severity_has_its_entry() -> None:
    images = torch.zeros(1, 1, 8, 8)
    found = "".join(LEVELS.at(images, severity, Draws(0, [0])) for severity in range(1, 6))
    assert found == "abcde"
