"""What is handed over: who fooled whom, and a flat record."""

import dataclasses
import math

import pandas
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


def test_records_and_rows_load_in_pandas_with_the_types_that_they_have() -> None:
    asked = (low(0.25, 0.9, 0.1), low(0.25, 0.1))
    results = [attack(Slope(), *each, BALL, stairs, steps=3) for each in asked]
    table = pandas.DataFrame([result.record() for result in results])
    assert list(table["images"]) == [3, 2]
    assert {name: table[name].dtype.kind for name in ("seed", "queries", "seconds")} == {
        "seed": "i",
        "queries": "i",
        "seconds": "f",
    }
    assert table["robust_accuracy"].tolist() == [1 - 2 / 3, 0.5]
    rows = pandas.DataFrame(results[0].rows())
    kinds = {name: kind.kind for name, kind in rows.dtypes.items() if name != "by"}
    assert kinds == {
        "row": "i",
        "success": "b",
        "loss": "f",
        "distance": "f",
        "queries": "i",
        "forwards": "i",
        "backwards": "i",
    }
    assert pandas.api.types.is_string_dtype(rows["by"])
    assert rows["success"].tolist() == results[0].success.tolist()
    assert rows["queries"].sum() == table["queries"][0]
