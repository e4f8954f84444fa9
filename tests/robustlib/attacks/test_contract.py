"""What every attack promises. A new file in the room is tested here by existing."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from robustlib.attacks import attacks
from robustlib.conformance._robustlib import refusal
from robustlib.engine import AttackResult, attack, stream
from robustlib.errors import InputError, ThreatError
from robustlib.goals import Misclassify
from robustlib.questions import Access, access_of
from robustlib.threats import ThreatModel
from tests.robustlib.attacks._norms import TOGETHER, agree, moved, radii, threats
from tests.robustlib.attacks._quick import short
from tests.robustlib.attacks._victims import Careless, Counted

ROOM = [(name, threat) for name in attacks for threat in threats(name) if not refusal(name, threat)]
REFUSED = [(name, threat) for name in attacks for threat in threats(name) if refusal(name, threat)]
EACH = pytest.mark.parametrize("name", list(attacks))
OPTIONS = [(name, option) for name in attacks for option in attacks[name].__kwdefaults__ or ()]
SERVED = dict(reversed(ROOM))
"""The first threat model that each attack knows."""
EVERY = pytest.mark.parametrize(("name", "threat"), ROOM, ids=str)
APART = [(name, threat) for name, threat in ROOM if name not in TOGETHER]
ALONE = pytest.mark.parametrize(("name", "threat"), APART, ids=str)
SHARED = [(name, threat) for name, threat in ROOM if name in TOGETHER]


@pytest.fixture
def run(net: Callable[..., nn.Module], labels_of: Callable[..., Tensor]) -> Callable[..., Any]:
    """run(name, threat, images): the attack on a small net, against the net's own answers."""

    def go(
        name: str, threat: ThreatModel, images: Tensor, model: nn.Module | None = None, **terms: Any
    ) -> AttackResult:
        model = model or net(shape=tuple(images.shape[1:]), dtype=images.dtype)
        goal = Misclassify(labels_of(model, images))
        return attack(model, images, goal, threat, attacks[name], **{**short(name), **terms})

    return go


@EVERY
@pytest.mark.parametrize("count", [1, 7])
@pytest.mark.parametrize("shape", [(2, 6, 6), (9,), (1, 3, 8), (3, 5)], ids=str)
def test_the_result_stays_in_ball_and_box(name, threat, count, shape, run, net, pictures) -> None:
    images = pictures(count, shape, torch.float32)
    model = net(shape=shape) if len(shape) != 2 else nn.Sequential(nn.Flatten(), net(shape=(15,)))
    result = run(name, threat, images, model.float().eval())
    adversarial = result.adversarial.double()
    assert adversarial.shape == images.shape
    assert adversarial.min() >= 0
    assert adversarial.max() <= 1
    length = moved(adversarial - images.double(), threat)
    assert length.max() <= threat.eps + torch.finfo(torch.float32).eps * max(1, threat.eps)
    assert torch.allclose(result.distance.double(), length, atol=1e-6)


@pytest.mark.parametrize(("name", "threat"), REFUSED, ids=str)
def test_a_norm_that_it_does_not_know_is_refused_by_name(name, threat) -> None:
    assert re.search(rf"\w+ knows .*, not {type(threat).__name__}", refusal(name, threat))


@EVERY
def test_an_empty_batch_gives_an_empty_result(name, threat, net, pictures) -> None:
    images = pictures(0)
    goal = Misclassify(torch.zeros(0, dtype=torch.int64, device=images.device))
    result = attack(net(), images, goal, threat, attacks[name])
    assert result.adversarial.shape == images.shape
    assert result.record()["images"] == 0


@EVERY
def test_the_same_seed_gives_the_same_bits(name, threat, run, pictures) -> None:
    images = pictures(6, dtype=torch.float32)
    one, other = (run(name, threat, images, seed=5) for _ in range(2))
    assert torch.equal(one.adversarial, other.adversarial)
    assert torch.equal(one.queries, other.queries)


@ALONE
def test_company_order_and_batch_change_nothing(name, threat, run, pictures) -> None:
    """The promise *logic*: in float64, a row's result is its own, to 1e-9."""
    images = pictures(12)
    whole = run(name, threat, images)
    order = torch.randperm(12, generator=torch.Generator().manual_seed(3)).to(images.device)
    shuffled = run(name, threat, images[order], keys=order.tolist(), batch_size=5)
    agree(shuffled, whole, order)
    agree(run(name, threat, images[4:5], keys=[4]), whole, torch.tensor([4]))


@pytest.mark.parametrize(("name", "threat"), SHARED, ids=str)
def test_what_is_shared_depends_on_company_alone(name, threat, run, pictures) -> None:
    """Not on order and batch; did it depend on nothing, `TOGETHER` would be the wrong place."""
    images = pictures(12)
    whole, order = run(name, threat, images), torch.arange(11, -1, -1, device=images.device)
    agree(run(name, threat, images[order], keys=order.tolist(), batch_size=5), whole, order)
    alone = run(name, threat, images[4:5], keys=[4])
    assert not torch.allclose(alone.adversarial, whole.adversarial[4:5], rtol=0, atol=1e-3)


@ALONE
def test_exact_is_bitwise(name, threat, run, pictures) -> None:
    images = pictures(20, dtype=torch.float32)
    whole = run(name, threat, images, exact=True)
    order = torch.arange(19, -1, -1, device=images.device)
    turned = run(name, threat, images[order], keys=order.tolist(), exact=True)
    alone = run(name, threat, images[7:8], keys=[7], exact=True)
    assert torch.equal(turned.adversarial, whole.adversarial[order])
    assert torch.equal(alone.adversarial[0], whole.adversarial[7])


@EVERY
def test_success_is_what_an_independent_look_sees(name, threat, run, net, pictures) -> None:
    images, model = pictures(12), net()
    result = run(name, threat, images, model)
    with torch.no_grad():
        before, after = model(images).argmax(1), model(result.adversarial).argmax(1)
    assert torch.equal(result.success, after != before)
    assert result.adversarial.isfinite().all()


@EVERY
def test_the_ledger_equals_a_counter_at_the_model(name, threat, net, pictures) -> None:
    images, model = pictures(12), Counted(net())
    goal = Misclassify(net()(images).argmax(1))
    terms = short(name)
    others = {key: Counted(each) for key, each in terms.get("surrogates", {}).items()}
    result = attack(model, images, goal, threat, attacks[name], **terms | {"surrogates": others})
    assert int(result.queries.sum()) + result.probes == model.inputs
    elsewhere = sum(other.inputs for other in others.values())
    assert int((result.forwards - result.queries).sum()) == elsewhere
    assert others or torch.equal(result.queries, result.forwards)


@EVERY
@pytest.mark.parametrize("budget", [1, 2, 5])
def test_a_budget_is_kept_exactly(name, threat, budget, run, net, pictures) -> None:
    images, model = pictures(12), Counted(net())
    free = run(name, threat, images, net())
    result = run(name, threat, images, model, budget=budget)
    looks = len(images)  # the test's own look, for the labels
    assert torch.equal(result.queries, free.queries.clamp(max=budget))
    assert model.inputs == int(result.queries.sum()) + result.probes + looks


@EVERY
def test_a_row_that_is_wrong_already_costs_one_look(name, threat, net, pictures) -> None:
    images, model = pictures(6), net()
    labels = model(images).argmax(1)
    labels[::2] = (labels[::2] + 1) % 4
    result = attack(model, images, Misclassify(labels), threat, attacks[name], **short(name))
    assert torch.equal(result.adversarial[::2], images[::2])
    assert result.queries[::2].tolist() == [1, 1, 1]
    assert result.success[::2].all()
    assert (result.queries[1::2] > 1).all()


@EVERY
def test_no_radius_no_change(name, threat, run, pictures) -> None:
    images = pictures(3)
    assert torch.equal(run(name, replace(threat, eps=0.0), images).adversarial, images)


@ALONE
def test_each_row_has_its_own_radius(name, threat, run, pictures) -> None:
    images = pictures(4)
    shares = torch.tensor([0.0, 0.2, 1, 4], dtype=torch.float64)
    eps = radii(threat, shares)
    result = run(name, replace(threat, eps=eps), images)
    assert (result.distance.cpu() <= eps + 1e-12).all()
    single = run(name, threat, images[2:3], keys=[2])
    assert torch.allclose(result.adversarial[2], single.adversarial[0], rtol=0, atol=1e-9)


@EVERY
@pytest.mark.parametrize("classes", [2, 3, 100])
def test_any_number_of_classes(name, threat, classes, net, run, pictures) -> None:
    result = run(name, threat, pictures(3), net(classes))
    assert result.outputs.shape == (3, classes)


@EVERY
def test_a_constant_added_to_all_logits_changes_nothing(name, threat, net, run, pictures) -> None:
    class Shifted(nn.Module):
        def __init__(self, model: nn.Module) -> None:
            super().__init__()
            self.model = model

        def forward(self, images: Tensor) -> Tensor:
            return self.model(images) - 100

    images = pictures(6)
    plain, shifted = run(name, threat, images), run(name, threat, images, Shifted(net()).eval())
    assert torch.allclose(plain.adversarial, shifted.adversarial, rtol=0, atol=1e-9)


def portrait(model: nn.Module) -> list[Any]:
    return [
        [(name, module.training) for name, module in model.named_modules()],
        [(name, tensor.clone().tolist()) for name, tensor in model.state_dict().items()],
        [
            (each.requires_grad, None if each.grad is None else each.grad.tolist())
            for each in model.parameters()
        ],
        torch.is_grad_enabled(),
    ]


class Broken(Misclassify):
    """Fails at the third loss, or soon after where none is asked for."""

    asked = 0

    def reached(self, outputs: Tensor, rows: Tensor) -> Tensor:
        return super().reached(outputs, self._counted(rows, 1))

    def loss(self, outputs: Tensor, rows: Tensor) -> Tensor:
        return super().loss(outputs, self._counted(rows, 10))

    def _counted(self, rows: Tensor, weight: int) -> Tensor:
        type(self).asked += weight
        if self.asked > 29:
            raise ArithmeticError("planted")
        return rows


@EVERY
def test_the_model_and_all_random_states_are_left_as_found(
    name, threat, net, pictures, random_states
) -> None:
    images = pictures(5)
    model = Careless(net()).eval().to(images.device)
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    next(model.parameters()).requires_grad_(False)
    labels = net()(images).argmax(1)
    before, states, mine = portrait(model), random_states(), images.clone()
    attack(model, images, Misclassify(labels), threat, attacks[name], **short(name))
    assert (portrait(model), random_states()) == (before, states)
    Broken.asked = 0
    with pytest.raises(ArithmeticError, match="planted"):
        attack(model, images, Broken(labels), threat, attacks[name], **short(name), retire="never")
    assert (portrait(model), random_states()) == (before, states)
    assert torch.equal(images, mine)


@EVERY
def test_streaming_is_the_same_attack(name, threat, net, run, pictures) -> None:
    images, model = pictures(5), net()
    goal = Misclassify(model(images).argmax(1))
    seen = list(stream(model, images, goal, threat, attacks[name], **short(name)))
    result = run(name, threat, images)
    assert [progress.step for progress in seen] == list(range(len(seen)))
    assert all(progress.result is None for progress in seen[:-1])
    assert torch.equal(seen[0].images, images)
    assert seen[-1].result is not None
    assert torch.equal(seen[-1].result.adversarial, result.adversarial)
    assert torch.equal(seen[-1].queries, result.queries)


@pytest.mark.parametrize(("name", "option"), OPTIONS)
@pytest.mark.parametrize("value", [-1, torch.nan, torch.inf, "8", True], ids=repr)
def test_what_would_weaken_it_is_refused_by_name(name, option, value, run, pictures) -> None:
    with pytest.raises(InputError, match=f"^{option} is a .*, not {value!r}"):
        run(name, SERVED[name], pictures(2), **{option: value})


@EACH
def test_it_says_how_much_it_needs(name) -> None:
    assert access_of(attacks[name]) in Access


@EACH
def test_an_endless_radius_is_served_or_refused(name, net, pictures) -> None:
    """The nearest success, found: or a word that a ball is needed."""
    images, model = pictures(3), net()
    goal = Misclassify(model(images).argmax(1))
    try:
        endless = replace(SERVED[name], eps=torch.inf)
        go = partial(attack, model, images, goal, endless, attacks[name])
        good = bool(go(**short(name)).adversarial.isfinite().all())
    except ThreatError as refusal:
        good = "finite eps" in str(refusal)
    assert good
