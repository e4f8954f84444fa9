"""Fast passes: a copy proposes, the model decides, and the books say what both were shown."""

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from robustlib import _fast
from robustlib._fast import FastPasses, _folded, _Quick
from robustlib._passes import Passes, Request
from robustlib.attacks.boundary import boundary
from robustlib.attacks.pgd import pgd
from robustlib.attacks.square import square
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError, ModelError
from robustlib.goals import Goal, Misclassify
from robustlib.models import models
from robustlib.questions import Gradient, Scores, WhiteBox
from robustlib.threats import L2, Linf, ThreatModel
from tests.robustlib._slope import layer
from tests.robustlib._ward import behind


@pytest.fixture(autouse=True)
def _worth_it(monkeypatch) -> None:
    """Whatever the machine: what is measured elsewhere is no matter here."""
    monkeypatch.setattr(_fast, "_WORTH", torch.inf)


class Counted(nn.Module):
    """Counts what the model itself is shown; its copy counts for itself."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model, self.shown = model, [0]
        self.eval()

    def __deepcopy__(self, memo: Any) -> "Counted":
        twin = models["small_cnn"](classes=4, width=4)
        twin.load_state_dict(self.model.state_dict())
        return Counted(twin.eval())

    def forward(self, images: Tensor) -> Tensor:
        self.shown[0] += len(images)
        return self.model(images)


@pytest.fixture
def victim() -> nn.Module:
    model = models["small_cnn"](classes=4, width=4).eval()
    numbers = torch.Generator().manual_seed(3)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(generator=numbers)
            module.running_var.uniform_(0.5, 2, generator=numbers)
    return model


@pytest.fixture
def images() -> Tensor:
    return torch.rand(12, 3, 32, 32, generator=torch.Generator().manual_seed(0))


def goal_of(model: nn.Module, images: Tensor) -> Misclassify:
    with torch.no_grad():
        return Misclassify(model(images).argmax(1))


@pytest.mark.parametrize("method", [pgd, square])
def test_what_counts_is_what_the_model_itself_says(method, victim, images) -> None:
    rows = torch.arange(len(images))
    goal = Misclassify((goal_of(victim, images).labels + (rows < 2)) % 4)  # two are wrong already
    result = attack(victim, images, goal, Linf(0.4), method, precision="fast", steps=40)
    with torch.no_grad():
        outputs = victim(result.adversarial)
    assert result.precision == "fast"
    assert int(result.success.sum()) > (2 if method is pgd else 1)
    assert torch.equal(result.success, outputs.argmax(1) != goal.labels)
    assert torch.allclose(result.outputs, outputs, atol=1e-5)
    assert torch.allclose(result.loss, goal.loss(outputs, rows), atol=1e-5)


def test_a_copy_that_sees_successes_everywhere_fools_nobody(victim, images, monkeypatch) -> None:
    """The copy answers the wrong class; the model has the last word, at the cost of a look."""
    goal = goal_of(victim, images)

    class Liar(_Quick):
        def forward(self, images: Tensor, *others: Tensor) -> Tensor:
            return -super().forward(images)

    monkeypatch.setattr(_fast, "_Quick", Liar)
    options: dict[str, Any] = {"steps": 5, "step_size": 1e-7, "precision": "fast"}
    result = attack(victim, images, goal, Linf(1e-6), pgd, **options)
    assert not result.success.any()
    assert result.queries.tolist() == [1 + 5 + 5 + 1] * len(images)
    assert result.backwards.tolist() == [5] * len(images)


def test_the_books_say_what_the_model_and_its_copy_were_shown(victim, images, monkeypatch) -> None:
    copies = []

    class Kept(_Quick):
        def __init__(self, model: nn.Module) -> None:
            copies.append(model)
            super().__init__(model)

    monkeypatch.setattr(_fast, "_Quick", Kept)
    monkeypatch.setattr(_fast, "_folded", lambda model, _: copy.deepcopy(model))
    model, goal = Counted(victim), goal_of(victim, images)
    result = attack(model, images, goal, Linf(0.02), pgd, precision="fast", steps=20, restarts=2)
    timed = len(images) * _fast._TIMES
    shown = model.shown[0] + copies[0].shown[0] - timed  # the copy's own timing is no query
    assert int(result.queries.sum()) + result.probes == shown
    assert torch.equal(result.queries, result.forwards)


def test_a_folded_copy_is_the_same_function_without_normalisation(victim, images) -> None:
    before = {name: tensor.clone() for name, tensor in victim.state_dict().items()}
    folded = _folded(victim, images)
    with torch.no_grad():
        assert torch.allclose(folded(images), victim(images), atol=1e-4)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in folded.modules())
    assert all(torch.equal(before[name], each) for name, each in victim.state_dict().items())
    assert all(parameter.requires_grad for parameter in victim.parameters())


def test_a_model_that_cannot_be_traced_is_only_cast(images) -> None:
    model = models["small_vit"](classes=4, width=16, depth=1).eval()
    goal = goal_of(model, images)
    result = attack(model, images, goal, Linf(0.1), pgd, precision="fast")
    assert result.precision == "fast"
    with torch.no_grad():
        assert torch.equal(result.success, model(result.adversarial).argmax(1) != goal.labels)


@pytest.mark.parametrize("why", ["slow", "stubborn"])
def test_where_it_gains_nothing_it_says_so_and_works_in_float32(why, victim, images, monkeypatch):
    def stubborn(images: Tensor) -> Tensor:
        if images.dtype != torch.float32:
            raise TypeError("planted")
        return images

    if why == "slow":
        monkeypatch.setattr(_fast, "_WORTH", 0.0)
    model = victim if why == "slow" else behind(victim, stubborn)
    goal = goal_of(victim, images)
    fast = attack(model, images, goal, Linf(0.02), pgd, precision="fast")
    full = attack(victim, images, goal, Linf(0.02), pgd)
    assert fast.precision.startswith("float32: ")
    assert fast.record()["precision"] == fast.precision
    assert full.precision == "full"
    assert torch.equal(fast.adversarial, full.adversarial)
    assert torch.equal(fast.queries, full.queries)


@pytest.mark.parametrize(("size", "count"), [(None, 12), (5, 5), (99, 12)])
def test_what_is_timed_is_a_pass_of_the_run_or_a_few(size, count, victim, images) -> None:
    assert FastPasses(victim, size=size).weigh(images, graded=True) == _fast._TIMES * count
    most, many = min(_fast._SAMPLE, size or 99), images.repeat(2, 1, 1, 1)
    assert FastPasses(victim, size=size).weigh(many, graded=False) == _fast._TIMES * most


@pytest.mark.parametrize("size", [None, 8])
def test_a_copy_that_has_run_out_of_memory_stays_with_less(size, victim, images, monkeypatch):
    sizes: list[int] = []

    class Small(_Quick):
        def forward(self, images: Tensor, *others: Tensor) -> Tensor:
            sizes.append(len(images))
            if len(images) > 3:
                raise torch.OutOfMemoryError("planted")
            return super().forward(images)

    passes = FastPasses(victim, size=size)
    monkeypatch.setattr(_fast, "_Quick", Small)
    passes.weigh(images[:3], graded=False)
    request = Request((images,), reached=lambda outputs, _: torch.zeros(len(outputs)) > 0)
    for _ in range(4):
        passes.show([request, Request((images,))])
    assert sum(each > 3 for each in sizes) <= 3  # until it knows, and never again


def test_a_model_that_fails_itself_is_not_said_to_fail_in_bfloat16(victim, images) -> None:
    model, goal = behind(victim, None, Tensor.detach), goal_of(victim, images)
    passes = FastPasses(model)
    passes.weigh(images, graded=True)
    assert passes.precision == "float32: the model fails where it is timed (ModelError)"
    with pytest.raises(ModelError, match="no gradient flows"):
        attack(model, images, goal, Linf(0.1), pgd, precision="fast")
    assert attack(model, images, goal, Linf(0.1), square, precision="fast", steps=2)


@pytest.mark.parametrize("after", [lambda z: z.sum(dim=1), lambda z: z[:, :, None].repeat(1, 1, 3)])
def test_answers_of_any_shape_are_timed(after, victim, images) -> None:
    passes = FastPasses(behind(victim, None, after))
    passes.weigh(images, graded=True)
    assert passes.precision == "fast"


class Squeezed(nn.Module):
    """Channels are weighed by a layer that is registered after the head, and works before it."""

    def __init__(self) -> None:
        super().__init__()
        self.head, self.first = nn.Linear(6, 4), nn.Conv2d(3, 6, 3)
        self.second, self.excite = nn.Conv2d(6, 6, 3), nn.Linear(6, 6)

    def forward(self, images: Tensor) -> Tensor:
        features = self.first(images).relu()
        shares = self.excite(features.mean(dim=(2, 3))).sigmoid()
        return self.head(self.second(features * shares[:, :, None, None]).relu().mean(dim=(2, 3)))


def test_a_layer_that_is_the_last_by_name_only_is_rough_too(images) -> None:
    model = Squeezed().eval()
    goal = goal_of(model, images)
    result = attack(model, images, goal, Linf(0.3), pgd, precision="fast")
    assert result.precision == "fast"
    with torch.no_grad():
        assert torch.equal(result.success, model(result.adversarial).argmax(1) != goal.labels)


def test_requests_that_must_be_sure_are_the_models_own(victim, images) -> None:
    passes = FastPasses(victim)
    assert passes.weigh(images, graded=False) == _fast._TIMES * len(images)
    never = Request((images,), reached=lambda outputs, _: torch.zeros(len(outputs)) > 0)
    rough, sure = passes.show([never, Request((images,))])
    exact = Passes(victim).show([Request((images,))])[0].outputs
    assert torch.equal(sure.outputs, exact)
    assert sure.sure is None
    assert rough.sure is not None
    assert not rough.sure.any()
    assert not torch.equal(rough.outputs, exact)
    assert torch.allclose(rough.outputs, exact, rtol=0.1, atol=0.1)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"exact": True}, "exact is not to be had"),
        ({"budget": 9}, "budget is not to be had"),
        ({"precision": "half"}, "precision is"),
        ({"attack": boundary, "threat": L2(torch.inf)}, "by gradients or scores"),
        ({"model": lambda images: images.flatten(1)}, "must be an nn.Module"),
        ({"images": torch.rand(2, 3, 32, 32, dtype=torch.float64)}, "images of float32"),
        ({"model": nn.Linear(2, 2).double().eval()}, "models of float32"),
    ],
)
def test_what_it_cannot_serve_is_refused(asked, message, victim) -> None:
    images = asked.pop("images", torch.rand(2, 3, 32, 32))
    model, method = asked.pop("model", victim), asked.pop("attack", pgd)
    goal, threat = Misclassify(torch.zeros(2, dtype=torch.int64)), asked.pop("threat", Linf(0.1))
    with pytest.raises(InputError, match=message):
        attack(model, images, goal, threat, method, **{"precision": "fast", **asked})


class Blind(_Quick):
    """It sees no success, not even nearly."""

    def forward(self, images: Tensor, *others: Tensor) -> Tensor:
        return super().forward(images) * 1e-3 + torch.tensor([9.0, 0.0])


@pytest.mark.parametrize("turns", [2, 3, 4, 8, 16])
@pytest.mark.parametrize("turn", [0, 1])
@pytest.mark.parametrize("kind", [Gradient, Scores])
def test_who_asks_by_turns_is_looked_at_whatever_the_turn(kind, turn, turns, monkeypatch) -> None:
    """The copy sees nothing; one question of each turn is about a success, of either kind."""

    def turning(images: Tensor, goal: Goal, threat: ThreatModel, *, draws: Draws) -> WhiteBox:
        other = Scores if kind is Gradient else Gradient
        for number in range(34 * turns):
            if number % turns == turn:
                yield from kind(threat.project(images + threat.eps, images))
            else:
                yield from other(images)
        return images

    monkeypatch.setattr(_fast, "_Quick", Blind)
    goal, images = Misclassify(torch.zeros(3).long()), torch.full((3, 1, 1, 1), 0.4)
    result = attack(layer(), images, goal, Linf(0.2), turning, precision="fast")
    assert result.success.all()


def test_the_last_candidate_is_shown_to_the_model_though_its_copy_has_seen_it(monkeypatch) -> None:
    """The copy sees no success; the attack asks about its last point and returns that very one."""

    def once(images: Tensor, goal: Goal, threat: ThreatModel, *, draws: Draws) -> WhiteBox:
        there = threat.project(images + threat.eps, images)
        yield from Gradient(there)
        return there

    monkeypatch.setattr(_fast, "_Quick", Blind)
    goal, images = Misclassify(torch.zeros(3).long()), torch.full((3, 1, 1, 1), 0.4)
    result = attack(layer(), images, goal, Linf(0.2), once, precision="fast")
    assert result.success.all()
    assert result.queries.tolist() == [3] * 3
