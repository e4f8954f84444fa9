"""What the judge says of a model whose every image's distance to the boundary is known."""

import copy
from collections.abc import Callable

import pandas
import pytest
import torch
from torch import Tensor, nn

from robustlib.conformance._planes import linear
from robustlib.data._base import Dataset
from robustlib.errors import InputError
from robustlib.judge import Verdict, judge
from robustlib.patch import Patch
from robustlib.threats import L2, Linf
from tests.robustlib._line import line


@pytest.mark.parametrize("threat", [Linf(0.03), L2(0.1)], ids=["Linf", "L2"])
def test_the_judge_finds_exactly_the_images_within_reach(threat):
    """Of a two-class linear model: |w·x + b| against eps times the dual norm of w."""
    generator = torch.Generator().manual_seed(5)
    known = line(200, generator)
    named = known.height > 0
    labels = torch.where(torch.rand(200, generator=generator) < 0.8, named, ~named).long()
    told: list[tuple[int, int, int]] = []
    pictures = Dataset(known.images, labels, ("a", "b"), ("甲", "乙"))
    verdict = judge(known.model, pictures, threat, report=lambda *now: told.append(now))
    assert torch.equal(verdict.clean, named == (labels == 1))
    margin = known.height.abs() / known.reach(threat)
    clear = (margin - 1).abs() > 0.01
    assert clear.sum() > 180
    withstands = verdict.clean & (margin > 1)
    assert torch.equal(verdict.robust[clear], withstands[clear])
    assert 0 < verdict.robust_accuracy < verdict.clean_accuracy < 1
    attacks = 3  # on the margin, towards the one other class, Square
    assert [done for done, _, _ in told] == [1, 2, 3]
    assert {of for _, of, _ in told} == {attacks}
    assert told[-1][2] == int(verdict.robust.sum())


def test_of_patches_it_finds_exactly_those_within_reach():
    """A plane, and every pixel in turn: how far it alone brings the score down."""
    plane = copy.deepcopy(linear(walls=True))
    images, model = plane.images, plane.model
    weight = model.weight.view(1, 4, 4)
    gains = ((images - (weight < 0).float()) * weight).sum(dim=1)
    most = gains.flatten(1).amax(dim=1)
    height = model(images)[:, 0]
    pictures = Dataset(images, plane.labels, ("a", "b"), ("甲", "乙"))
    verdict = judge(model, pictures, Patch(size=1))
    assert ((height - most).abs() > 1e-5).all()
    assert torch.equal(verdict.robust, height > most)
    assert 0 < verdict.robust_accuracy < 1


def fan(directions: Tensor) -> nn.Module:
    layer = nn.Linear(directions.shape[1], len(directions), bias=False)
    with torch.no_grad():
        layer.weight.copy_(directions)
    return nn.Sequential(nn.Flatten(), layer).eval()


@pytest.mark.parametrize("threat", [Linf(0.02), L2(0.06)], ids=["Linf", "L2"])
def test_of_many_classes_it_finds_the_nearest(threat):
    """A linear model inside the box: min over j of (z_y - z_j) / ||w_j - w_y||_dual."""
    generator = torch.Generator().manual_seed(11)
    weights = torch.randn(5, 12, generator=generator)
    images = torch.rand(200, 1, 3, 4, generator=generator) * 0.5 + 0.25
    model = fan(weights)
    with torch.no_grad():
        scores = model(images)
    labels = scores.argmax(1)
    gaps = scores.gather(1, labels[:, None]) - scores
    dual = 1 if isinstance(threat, Linf) else 2
    lengths = (weights[None] - weights[labels][:, None]).norm(p=dual, dim=2)
    distances = gaps / lengths.clamp_min(1e-9)
    distances.scatter_(1, labels[:, None], torch.inf)
    nearest = distances.amin(1)
    verdict = judge(model, Dataset(images, labels, tuple("abcde"), tuple("甲乙丙丁戊")), threat)
    clear = (nearest / threat.eps - 1).abs() > 0.02
    assert clear.sum() > 180
    assert torch.equal(verdict.robust[clear], (nearest > threat.eps)[clear])
    assert 0.1 < verdict.robust_accuracy < 0.9


class Detour(nn.Module):
    """Class 2 is named at the end of the way to class 1, which itself is out of reach.

    Before the end class 2 repels who climbs the margin, and nobody lands there by chance: only the
    drive towards class 1 gets there.
    """

    def forward(self, images: Tensor) -> Tensor:
        x = images.flatten(1).mean(1) - 0.5
        return torch.stack([0 * x, x - 0.5, torch.where(x > 0.085, 0.1, -0.2 - x)], dim=1)


def test_a_wrong_class_met_on_the_way_to_another_counts():
    images = torch.full((4, 1, 8, 8), 0.5)
    pictures = Dataset(images, torch.zeros(4, dtype=torch.int64), tuple("abc"), tuple("甲乙丙"))
    assert judge(Detour().eval(), pictures, Linf(0.1)).robust_accuracy == 0
    assert judge(Detour().eval(), pictures, Linf(0.05)).robust_accuracy == 1


@pytest.mark.parametrize(
    ("count", "classes", "message", "looks"),
    [(0, "abc", "one picture at least", 0), (4, "ab", "3 classes apart, the pictures have 2", 3)],
)
def test_what_would_be_judged_too_kindly_is_refused(count, classes, message, looks):
    """Towards a class that the pictures do not name nothing would be tried; a few looks tell."""
    labels = torch.zeros(count, dtype=torch.int64)
    pictures = Dataset(torch.full((count, 1, 8, 8), 0.5), labels, tuple(classes), tuple(classes))
    model, shown = Detour().eval(), []
    model.register_forward_pre_hook(lambda _, asked: shown.append(len(asked[0])))
    with pytest.raises(InputError, match=message):
        judge(model, pictures, Linf(0.1))
    assert sum(shown) == looks


@pytest.mark.parametrize("effort", [1, 2])
def test_no_two_stages_start_at_the_same_points(effort, monkeypatch):
    seeds: list[int] = []
    restarts: list[int] = []

    def watched(attack: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, seed: int, **options: int) -> object:
            seeds.append(seed)
            restarts.append(options.get("restarts", 0))
            return attack(*arguments, seed=seed, **options)

        return call

    monkeypatch.setattr("robustlib.judge.attack", watched(judge.__globals__["attack"]))
    pictures = Dataset(torch.rand(4, 1, 3, 4), torch.arange(4), tuple("abcd"), tuple("甲乙丙丁"))
    judge(fan(torch.eye(4, 12)), pictures, Linf(0.001), effort=effort)
    assert len(set(seeds)) == len(seeds) == 5
    assert restarts == [3 * effort, 2 * effort, 2 * effort, 2 * effort, 0]


def test_a_verdict_loads_in_pandas_whole_and_by_rows():
    verdict = Verdict(torch.tensor([True, True, False]), torch.tensor([True, False, False]))
    rows = pandas.DataFrame(verdict.rows())
    assert {name: kind.kind for name, kind in rows.dtypes.items()} == {
        "row": "i",
        "clean": "b",
        "robust": "b",
    }
    record = pandas.DataFrame([verdict.record()])
    assert record["robust"][0] == rows["robust"].sum() == 1
    assert record["clean_accuracy"][0] == rows["clean"].mean() == pytest.approx(2 / 3)
    assert record["images"].dtype.kind == "i"
