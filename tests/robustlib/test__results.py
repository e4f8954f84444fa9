"""What is handed over: who fooled whom, and a flat record."""

import dataclasses
import math

import torch

from robustlib.engine import attack
from tests.robustlib._slope import BALL, Slope, low, stairs


def test_an_attack_of_one_part_is_named_as_it_is_called() -> None:
    result = attack(Slope(), *low(0.25, 0.9, 0.1), BALL, stairs, steps=3)
    assert result.by == ("stairs", "clean", "stairs")
    assert result.success.tolist() == [True, True, False]
    assert result.fooled() == {"clean": 1, "stairs": 1}


def test_a_record_is_flat() -> None:
    result = attack(Slope(), *low(0.25, 0.1), BALL, stairs, steps=3)
    record = result.record()
    assert record["fooled_by_stairs"] == record["successes"] == 1
    assert record["robust_accuracy"] == 0.5
    assert record["option_steps"] == "3"
    assert all(isinstance(each, str | int | float) for each in record.values())


def test_of_no_images_nobody_is_fooled() -> None:
    result = attack(Slope(), *low(), BALL, stairs)
    assert result.by == ()
    assert math.isnan(result.record()["robust_accuracy"])
    changed = dataclasses.replace(result, success=torch.zeros(0, dtype=torch.bool))
    assert changed.fooled() == {}
