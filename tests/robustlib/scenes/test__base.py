import re

import pytest
import torch

from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.scenes._base import check_textures

GOOD, TWO = torch.rand(2, 3, 4, 4), Draws(0, [0, 1])


def test_textures_with_their_streams_pass() -> None:
    check_textures(GOOD, TWO)
    check_textures(GOOD * 3 - 1, TWO)  # probes of an attack
    check_textures(GOOD[:0], Draws(0, []))


@pytest.mark.parametrize(
    ("textures", "draws", "told"),
    [
        ([0.5], TWO, "floating-point tensor [n, c, h, w], not list"),
        ((GOOD * 255).byte(), TWO, "floating-point tensor [n, c, h, w], not torch.uint8"),
        (GOOD[0], TWO, "not [3, 4, 4]: for one texture, texture.unsqueeze(0)"),
        (GOOD[:, :, :0], TWO, "a channel and a pixel at least, not [2, 3, 0, 4]"),
        (GOOD, Draws(0, [0]), "a stream for each of 2 pictures, not 1"),
        (GOOD, 0, "draws are Draws(seed, keys)"),
    ],
)
def test_what_makes_no_sense_is_refused(textures, draws, told) -> None:
    with pytest.raises(InputError, match=re.escape(told)):
        check_textures(textures, draws)
