"""What YAML 1.2 makes of plain texts stands in test_reading; here is that none takes long."""

from time import process_time

import pytest

from rostra.sitegen.scalars import scalar, unfolded


@pytest.mark.parametrize("bomb", ["1", "0x", "1.", "-.", "1e", "+", "~"])
def test_no_scalar_takes_long(bomb: str) -> None:
    begun = process_time()
    scalar(bomb * 20_000 + "x")
    assert process_time() - begun < 2


@pytest.mark.parametrize("bomb", [" ", "，", "， ", "甲\n", "a\n "])
def test_no_folded_text_takes_long(bomb: str) -> None:
    begun = process_time()
    unfolded(bomb * 10_000, bomb * 10_000)
    assert process_time() - begun < 8
