"""Curves beside exact answers, and beside the same attacks run for each radius from nothing."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from robustlib import curves
from robustlib.attacks.boundary import boundary
from robustlib.attacks.ddn import ddn
from robustlib.attacks.fgsm import fgsm
from robustlib.attacks.fmn import fmn
from robustlib.attacks.minimal import minimal
from robustlib.attacks.pgd import pgd
from robustlib.attacks.simba import simba
from robustlib.attacks.square import square
from robustlib.curves import Curve, curve, lowest
from robustlib.engine import attack
from robustlib.errors import InputError, ThreatError
from robustlib.goals import Misclassify
from robustlib.questions import Decision, DecisionBased
from robustlib.threats import L0, L2, Linf, ThreatModel
from tests.robustlib._first import FIRST, left
from tests.robustlib._line import Line, line

RADII = (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08)
PGD = partial(pgd, steps=5)
LONG = partial(pgd, steps=30, halvings=5)


@pytest.fixture
def known() -> Line:
    return line(150, torch.Generator().manual_seed(3))


def labelled(known: Line) -> Misclassify:
    """The model's own answers, but for one row in five."""
    wrong = torch.arange(len(known.images)) % 5 == 0
    return Misclassify(((known.height > 0) ^ wrong).long())


def exact(known: Line, goal: Misclassify, norm: type[Linf | L2]) -> Tensor:
    """How far each row is from a mistake: |w·x + b| over the dual norm of w, or 0."""
    distance = known.height.abs().double() / known.reach(norm(1.0))
    return distance.masked_fill((known.height > 0).long() != goal.labels, 0.0)


@pytest.mark.parametrize("norm", [Linf, L2])
@pytest.mark.parametrize("attacks", [{"pgd": LONG}, {"fmn": fmn}, {"both": LONG, "fmn": fmn}])
def test_on_a_line_every_row_falls_at_the_first_radius_beyond_its_distance(
    known: Line, norm: type[Linf | L2], attacks: dict[str, Any]
) -> None:
    goal = labelled(known)
    found = curve(known.model, known.images, goal, norm, RADII, attacks=attacks)
    distance = exact(known, goal, norm)
    grid = torch.tensor(RADII[1:], dtype=torch.float64)
    clear = ((distance[:, None] / grid - 1).abs() > 0.02).all(dim=1)
    assert clear.sum() > 100
    falls = torch.tensor([*RADII, torch.inf], dtype=torch.float64)
    expected = falls[torch.searchsorted(falls, distance)]
    assert torch.equal(found.fooled_at[clear], expected[clear])
    assert found.clean_accuracy == pytest.approx(0.8)
    assert len(set(expected.tolist())) >= 5


def test_no_row_is_attacked_where_the_answer_is_known(known: Line) -> None:
    """Once without a radius, then within those below the nearest success; the wrong ones never."""
    goal = labelled(known)
    attacks = {"fmn": fmn, "pgd": PGD}
    found = curve(known.model, known.images, goal, Linf, RADII, attacks=attacks)
    distance = exact(known, goal, Linf)
    below = (torch.tensor(RADII[1:])[None] < distance[:, None] / 1.02).sum(dim=1)
    beyond = (torch.tensor(RADII[1:])[None] < distance[:, None] * 1.02).sum(dim=1)
    clear = (below == beyond) & (distance > 0)
    assert clear.sum() > 80
    assert torch.equal(found.found.runs[clear], 1 + below[clear])
    assert found.found.runs[distance == 0].unique().tolist() == [0]
    assert found.found.queries[distance == 0].unique().tolist() == [1]


@pytest.fixture
def setting(
    net: Callable[..., nn.Module], pictures: Callable[..., Tensor]
) -> tuple[nn.Module, Tensor, Misclassify]:
    model, images = net(), pictures(40)
    labels = model(images).argmax(1)
    return model, images, Misclassify(labels.where(torch.arange(40) % 4 > 0, (labels + 1) % 4))


def from_nothing(
    setting: tuple[nn.Module, Tensor, Misclassify], attacks: dict[str, Any], eps: float
) -> Tensor:
    """Which rows any of the attacks fools within one radius, each attack on all rows."""
    model, images, goal = setting
    runs = [attack(model, images, goal, Linf(eps), each, seed=7) for each in attacks.values()]
    return torch.stack([run.success for run in runs]).any(dim=0)


@pytest.mark.parametrize("shard", [7, 40])
@pytest.mark.parametrize(
    "attacks",
    [
        {"pgd": PGD},
        {"fgsm": fgsm, "square": partial(square, steps=20)},
        {"fmn": partial(fmn, steps=10), "pgd": PGD},
    ],
    ids=lambda attacks: "+".join(attacks),
)
def test_it_is_nowhere_above_the_same_attacks_from_nothing(
    setting: tuple[nn.Module, Tensor, Misclassify], attacks: dict[str, Any], shard: int
) -> None:
    """In double precision, where company changes no verdict."""
    bounded = {name: each for name, each in attacks.items() if name != "fmn"}
    found = curve(*setting, Linf, RADII, attacks=attacks, seed=7, shard=shard)
    shares = [found.robust_accuracy(eps) for eps in RADII]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[-1]
    for eps in RADII:
        fooled = found.fooled_at <= eps
        fresh = from_nothing(setting, bounded, eps)
        assert not bool((fresh & ~fooled).any())
        if "fmn" not in attacks and eps in RADII[:2]:
            assert torch.equal(fresh, fooled)  # nothing below could lend it a success
    assert int(found.found.runs.sum()) < 40 * len(attacks) * len(RADII[1:])


def test_a_walk_that_ends_at_any_success_is_walked_within_each_radius() -> None:
    """Without a radius SimBA strays far: that says nothing about what lies near."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(48, 3)).eval()
    images = torch.rand(6, 3, 4, 4)
    goal, radii = Misclassify(model(images).argmax(1)), [0.02, 0.05, 0.1, 0.2]
    found = curve(model, images, goal, Linf, radii, attacks={"simba": partial(simba, steps=200)})
    for eps in radii:
        alone = attack(model, images, goal, Linf(eps), simba, steps=200)
        assert found.robust_accuracy(eps) <= (~alone.success).double().mean().item()
    assert found.robust_accuracy(0.1) < 1


@pytest.mark.parametrize(("name", "threat"), FIRST, ids=str)
def test_who_goes_first_leaves_hardly_a_row_that_it_would_have_fooled(
    name: str, threat: ThreatModel, setting: tuple[nn.Module, Tensor, Misclassify]
) -> None:
    """Two of thirty at most, at the few steps that they have here; who leaves more does not."""
    assert left(name, type(threat), setting).max() <= 2


@pytest.mark.parametrize(("name", "norm"), [("ace", L2), ("jsma", L0)])
def test_who_strays_is_shown_each_radius_and_must_be(
    name: str,
    norm: type[ThreatModel],
    setting: tuple[nn.Module, Tensor, Misclassify],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert left(name, norm, setting).max() == 0
    monkeypatch.setattr(curves, "_FIRST", ())
    assert left(name, norm, setting).max() > 2


def test_attacks_by_decisions_go_first_in_double_precision_too(
    setting: tuple[nn.Module, Tensor, Misclassify],
) -> None:
    found = curve(*setting, L2, (0.4, 1.6), attacks={"boundary": partial(boundary, steps=30)})
    assert found.found.runs.max() == 1


def leap(images: Tensor, goal: Misclassify, threat: Linf, *, draws: Any) -> DecisionBased:
    """As far up as the ball reaches: without one, much farther than is needed."""
    points = threat.project(images + 1, images)
    yield from Decision(points)
    return points


def test_an_attack_of_ones_own_is_shown_each_radius() -> None:
    images, goal = torch.full((3, 1, 2, 2), 0.45), Misclassify(torch.zeros(3, dtype=torch.long))
    found = curve(Above().eval(), images, goal, Linf, [0.02, 0.1, 0.3], attacks={"leap": leap})
    assert [found.robust_accuracy(eps) for eps in (0.02, 0.1, 0.3)] == [1, 0, 0]


def test_every_row_called_fooled_was_seen_fooled_within_that_radius(
    setting: tuple[nn.Module, Tensor, Misclassify],
) -> None:
    found = curve(*setting, L2, (0.05, 0.2, 1.0), attacks={"minimal": partial(minimal, steps=10)})
    rows = found.rows()
    assert all(row["distance"] <= row["fooled_at"] for row in rows)
    assert {row["fooled_by"] for row in rows} == {"clean", "minimal"}
    assert [row["distance"] for row in rows if row["fooled_by"] == "clean"] == [0.0] * 10


class Above(nn.Module):
    def forward(self, images: Tensor) -> Tensor:
        height = images.flatten(1).mean(dim=1) - 0.51
        return torch.stack([-height, height], dim=1)


def late(images: Tensor, goal: Misclassify, threat: Linf, *, draws: object) -> DecisionBased:
    """It finds what lies near only where it may go far, and needs a radius."""
    eps = float(torch.as_tensor(threat.eps).max())
    if eps == torch.inf:
        raise ThreatError("give it a finite eps")
    points = threat.project(images + (0.015 if eps > 0.06 else 0.0), images)
    yield from Decision(points)
    return points


def test_a_success_nearer_than_asked_counts_where_it_lies() -> None:
    images, goal = torch.full((3, 1, 2, 2), 0.5), Misclassify(torch.zeros(3, dtype=torch.int64))
    found = curve(Above().eval(), images, goal, Linf, RADII, attacks={"late": late})
    assert found.fooled_at.tolist() == [0.02] * 3
    assert [row["distance"] for row in found.rows()] == pytest.approx([0.015] * 3)
    assert found.found.runs.tolist() == [len(RADII) - 1] * 3


def test_of_several_curves_the_lowest_is_their_union(known: Line) -> None:
    goal = labelled(known)
    weak = {"weak": partial(square, steps=3)}
    some = [curve(known.model, known.images, goal, Linf, RADII, attacks=weak)]
    some.append(curve(known.model, known.images, goal, Linf, RADII, attacks={"fgsm": fgsm}))
    union = lowest(some)
    assert torch.equal(union.fooled_at, torch.minimum(some[0].fooled_at, some[1].fooled_at))
    assert union.attacks == ("weak", "fgsm")
    assert union.record()["queries"] == sum(int(one.record()["queries"]) for one in some)
    assert union.fooled_by()["clean"] == 30
    first = some[0].fooled_at.isfinite() & (some[0].fooled_at <= some[1].fooled_at)
    assert sum(name != "fgsm" for name in union.found.by if name) == int(first.sum())
    with pytest.raises(InputError, match="same images, radii and norm"):
        lowest([some[0], Curve(RADII[1:], some[0].found, "Linf", ("x",), 0, 0.0)])


def test_progress_rises_to_the_end_and_the_last_word_is_done(known: Line) -> None:
    told: list[tuple[int, int, str]] = []
    curve(
        known.model,
        known.images,
        labelled(known),
        Linf,
        RADII,
        attacks={"fgsm": fgsm, "fmn": fmn},
        shard=64,
        report=lambda *now: told.append(now),
    )
    done = [now for now, _, _ in told]
    assert done == sorted(done)
    assert {of for _, of, _ in told} == {150 * 7}
    assert done[-1] == 150 * 7
    assert told[0][2] == "fmn within inf"
    assert told[1][2] == "fgsm within 0.005"


@pytest.mark.parametrize(
    ("wrong", "kind", "said"),
    [
        ({"radii": ()}, InputError, "radii are one number at least, and rise"),
        ({"radii": (0.1, 0.1)}, InputError, "and rise"),
        ({"radii": (-0.1, 0.1)}, InputError, "radius is a number in"),
        ({"radii": (0.1, 8)}, ThreatError, "as 8/255"),
        ({"attacks": {}}, InputError, "one attack at least"),
        ({"shard": 0}, InputError, "shard is a count"),
        ({"images": torch.zeros(0, 1, 3, 4)}, InputError, "one image at least"),
    ],
    ids=str,
)
def test_what_makes_no_curve_is_refused(
    known: Line, wrong: dict[str, Any], kind: type[Exception], said: str
) -> None:
    asked = {"images": known.images, "radii": RADII, "attacks": {"fgsm": fgsm}, **wrong}
    images, radii = asked.pop("images"), asked.pop("radii")
    with pytest.raises(kind, match=said):
        curve(known.model, images, labelled(known), Linf, radii, **asked)


def test_an_attack_that_does_not_know_the_norm_is_refused_at_once(known: Line) -> None:
    asked: list[Tensor] = []
    known.model.register_forward_pre_hook(lambda _, shown: asked.append(shown[0]))
    with pytest.raises(ThreatError, match="ddn knows L2, not Linf"):
        curve(known.model, known.images, labelled(known), Linf, RADII, attacks={"ddn": ddn})
    assert not asked


def test_radius_zero_alone_is_one_look(known: Line) -> None:
    found = curve(known.model, known.images, labelled(known), Linf, (0,), attacks={"pgd": PGD})
    assert found.robust_accuracy(0) == found.clean_accuracy == pytest.approx(0.8)
    assert found.found.queries.unique().tolist() == [1]
