"""The report says what was asked and what came of it; tables load where tables are read."""

import csv
import io
import json
from pathlib import Path

import pytest
import torch

from robustlib.attacks.fgsm import fgsm
from robustlib.attacks.fmn import fmn
from robustlib.curves import Curve, curve, lowest
from robustlib.goals import Misclassify
from robustlib.threats import Linf
from rostra.laboratory.curving import TOGETHER, Asked
from rostra.laboratory.pictures import Pictures
from rostra.laboratory.reporting import points, report, table, write
from tests.robustlib._line import line

RADII = (0.0, 0.01, 0.05)
ASKED = Asked("some/mine.py:build", "Linf", RADII, ("fgsm", "fmn"), seed=5)


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    known = line(40, torch.Generator().manual_seed(3))
    labels = (known.height > 0).long()
    labels[:4] = 1 - labels[:4]
    return Pictures(known.images, labels, "drawn: all of 40 | here")


@pytest.fixture(scope="module")
def curves(pictures: Pictures) -> dict[str, Curve]:
    model = line(40, torch.Generator().manual_seed(3)).model
    goal = Misclassify(pictures.labels)
    apart = {
        name: curve(model, pictures.images, goal, Linf, RADII, attacks={name: method})
        for name, method in (("fgsm", fgsm), ("fmn", fmn))
    }
    return {TOGETHER: lowest(list(apart.values())), **apart}


def test_the_report_has_all_that_was_asked_and_every_share(pictures, curves) -> None:
    told = report(ASKED, pictures, curves, "rostra evaluate it")
    for words in (
        "# Robust accuracy of mine.py:build",
        "`rostra evaluate it`",
        r"drawn: all of 40 \| here",
        "40, of which 36 are named rightly",
        "| seed | 5 |",
        "fgsm, fmn; each on its own",
        "torch 2",
        "![Robust accuracy of mine.py:build over eps](curve.svg)",
        "4 pictures are named wrongly as they are",
    ):
        assert words in told
    for eps in RADII:
        share = curves[TOGETHER].robust_accuracy(eps)
        assert f"{share:.1%} (" in told
    widths = {
        len(block.splitlines()): {line.count(" | ") for line in block.splitlines()}
        for block in told.split("\n\n")
        if block.startswith("|")
    }
    assert len(widths) >= 3
    assert all(len(each) == 1 for each in widths.values())


def test_who_fooled_whom_adds_up(pictures, curves) -> None:
    told = report(ASKED, pictures, curves, "it")
    section = told.split("## Who fooled whom")[1].split("##")[0]
    rows = {
        cells[1]: [int(each) for each in cells[2:5]]
        for cells in ([cell.strip() for cell in line.split("|")] for line in section.splitlines())
        if len(cells) > 4 and cells[2].isdigit()
    }
    left = round(40 * curves[TOGETHER].robust_accuracy(RADII[-1]))
    assert set(rows) == {"fgsm", "fmn"}
    for name, (fooled, alone, first) in rows.items():
        assert fooled == 36 - round(40 * curves[name].robust_accuracy(RADII[-1]))
        assert alone <= fooled
        assert first <= fooled
    assert sum(first for *_, first in rows.values()) == 36 - left


def test_one_curve_of_several_attacks_says_whom_each_fooled(pictures, curves) -> None:
    model = line(40, torch.Generator().manual_seed(3)).model
    methods = {"fgsm": fgsm, "fmn": fmn}
    goal = Misclassify(pictures.labels)
    one = curve(model, pictures.images, goal, Linf, RADII, attacks=methods)
    asked = Asked("m", "Linf", RADII, ("fgsm", "fmn"), together=True)
    told = report(asked, pictures, {TOGETHER: one}, "it")
    assert "each on what is left" in told
    assert f"| fmn | {one.fooled_by()['fmn']} |" in told


def test_the_table_holds_every_point_to_the_bit(curves) -> None:
    read = list(csv.DictReader(io.StringIO(table(points(curves)))))
    assert len(read) == 9
    for row in read:
        assert float(row["robust_accuracy"]) == curves[row["curve"]].robust_accuracy(
            float(row["eps"])
        )
        assert float(row["low"]) <= float(row["robust_accuracy"]) <= float(row["high"])


def test_every_file_is_written_whole(tmp_path: Path, pictures, curves) -> None:
    names = write(tmp_path, ASKED, pictures, curves, "it")
    assert sorted(names) == sorted(file.name for file in tmp_path.iterdir())
    kept = json.loads((tmp_path / "curve.json").read_text(encoding="utf-8"))
    assert kept["radii"] == list(RADII)
    assert kept["asked"]["seed"] == "5"
    fooled = [row["fooled_at"] for row in kept["curves"]["fgsm"]["pictures"]]
    wanted = curves["fgsm"].fooled_at.tolist()
    assert fooled == [None if each == float("inf") else each for each in wanted]
    assert None in fooled
