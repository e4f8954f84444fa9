"""The promises of every attack on drawn victims, pictures and terms: few of them here, with
ROSTRA_GATES=all as many as hours allow."""

import os
import warnings
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from robustlib.attacks import attacks
from robustlib.conformance._robustlib import refusal
from robustlib.doubts import Doubt, MixedRows, NoSlope, Probabilities, RandomAnswers
from robustlib.engine import AttackResult, attack
from robustlib.errors import InputError, ModelError
from robustlib.goals import Goal, Misclassify, Target
from robustlib.questions import Access, access_of
from robustlib.threats import ThreatModel
from tests.robustlib.attacks._fails import Failing, FailingGoal, PlantedError, failing
from tests.robustlib.attacks._norms import TOGETHER, agree, moved, threats
from tests.robustlib.attacks._quick import short
from tests.robustlib.attacks.test_contract import portrait

EXAMPLES = 60 if os.environ.get("ROSTRA_GATES") == "all" else 2
EACH = pytest.mark.parametrize("name", list(attacks))
ALONE = pytest.mark.parametrize("name", [name for name in attacks if name not in TOGETHER])
MANY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
SHAPES = [(2, 6, 6), (1, 3, 8), (3, 4, 4), (9,)]
LABELS_FIRST = {"brendel_bethge", "minimal"}
"""They see labels and gradients in turn: whether a broken row is shown once more, for the other
kind, is a matter of how long its company goes on."""
LAYOUTS = {
    "channels last": lambda images: (
        images.to(memory_format=torch.channels_last) if images.ndim == 4 else images
    ),
    "turned": lambda images: images.transpose(0, -1).contiguous().transpose(0, -1),
    "every other": lambda images: images.repeat_interleave(2, dim=-1)[..., ::2],
    "expanded": lambda images: images[:1].expand_as(images),
}


def served(name: str) -> list[ThreatModel]:
    return [threat for threat in threats(name) if not refusal(name, threat)]


def wish(labels: Tensor, name: str, *, towards: bool) -> Goal:
    """Misclassification, or towards the next class where the attack goes anywhere by itself."""
    if towards and name not in ("deepfool", "super_deepfool", *STARTING):
        return Target((labels + 1) % 4)
    return Misclassify(labels)


STARTING = [name for name in attacks if "starts" in (attacks[name].__kwdefaults__ or {})]


@ALONE
@MANY
@given(data=st.data())
def test_a_row_is_its_own_whatever_stands_beside_it(name, data, net, pictures, labels_of) -> None:
    """*Logic* in float64 to 1e-9, *exact* to the bit."""
    exact, count = data.draw(st.booleans(), "exact"), data.draw(st.integers(2, 7), "count")
    shape, threat = data.draw(st.sampled_from(SHAPES)), data.draw(st.sampled_from(served(name)))
    dtype = torch.float32 if exact else torch.float64
    model = net(shape=shape, dtype=dtype, seed=data.draw(st.integers(0, 99), "net"))
    images = pictures(count, shape, dtype, seed=data.draw(st.integers(0, 99), "pictures"))
    goal = wish(labels_of(model, images), name, towards=data.draw(st.booleans(), "towards"))
    keys = data.draw(st.lists(st.integers(0, 2**40), min_size=count, max_size=count), "keys")
    rows = torch.tensor(data.draw(st.permutations(range(count)), "order"))
    rows = rows[: data.draw(st.integers(1, count), "company")]
    terms = {**short(name), "seed": data.draw(st.integers(0, 2**40), "seed"), "exact": exact}
    whole = attack(model, images, goal, threat, attacks[name], keys=keys, **terms)
    terms |= {} if exact else {"batch_size": data.draw(st.integers(2, 5), "batch")}
    own = [keys[row] for row in rows]
    part = attack(model, images[rows], goal.take(rows), threat, attacks[name], keys=own, **terms)
    assert torch.allclose(part.adversarial, whole.adversarial[rows], rtol=0, atol=1e-9)
    assert torch.equal(part.success, whole.success[rows])
    most = 1 if name in LABELS_FIRST else 0
    for more in (part.queries - whole.queries[rows], part.backwards - whole.backwards[rows]):
        assert more.abs().max() <= most
    assert not exact or torch.equal(part.adversarial, whole.adversarial[rows])


@EACH
@MANY
@given(data=st.data())
def test_all_is_as_found_after_a_failure_at_any_call(
    name, data, net, pictures, labels_of, random_states
) -> None:
    images, call = pictures(3), data.draw(st.integers(1, 25), "call")
    plain, who = net(), data.draw(st.sampled_from(["model", "goal", "attack", "nobody"]))
    model = Failing(plain, call if who == "model" else None)
    goal = FailingGoal(labels_of(plain, images), left=[call if who == "goal" else -1])
    method = failing(attacks[name], call) if who == "attack" else attacks[name]
    plain[0].requires_grad_(False)
    before, states, mine = portrait(model), random_states(), images.clone()
    try:
        attack(model, images, goal, served(name)[0], method, **short(name))
    except PlantedError:
        pass
    finally:
        after = portrait(model)
    assert (after, random_states()) == (before, states)
    assert torch.equal(images, mine)


@EACH
@MANY
@given(data=st.data())
def test_any_layout_is_the_same_pictures(name, data, net, pictures, labels_of) -> None:
    shape, threat = data.draw(st.sampled_from(SHAPES)), data.draw(st.sampled_from(served(name)))
    laid = LAYOUTS[data.draw(st.sampled_from(sorted(LAYOUTS)))](pictures(3, shape))
    model, plain = net(shape=shape), laid.clone(memory_format=torch.contiguous_format)
    goal = Misclassify(labels_of(model, plain))
    one, other = (
        attack(model, images, goal, threat, attacks[name], **short(name))
        for images in (laid, plain)
    )
    agree(one, other, torch.arange(3))


@EACH
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
def test_each_precision_keeps_ball_and_box(name, dtype, net, pictures, labels_of) -> None:
    model, images = net(dtype=dtype), pictures(4, dtype=dtype)
    labels = labels_of(model, images)
    for threat in served(name):
        result = attack(model, images, Misclassify(labels), threat, attacks[name], **short(name))
        change = result.adversarial.double() - images.double()
        assert result.adversarial.dtype == dtype
        assert 0 <= result.adversarial.min() <= result.adversarial.max() <= 1
        allowed = threat.eps + torch.finfo(dtype).eps * max(1, threat.eps)
        assert moved(change, threat).max() <= allowed
        assert torch.equal(labels_of(model, result.adversarial) != labels, result.success)


def test_verdicts_in_single_precision_hardly_depend_on_the_batch(net, pictures, labels_of) -> None:
    """The promise *verdicts*, of all attacks together: at most 0.2 % of their rows differ."""
    model, images = net(dtype=torch.float32), pictures(32, dtype=torch.float32)
    goal, verdicts = Misclassify(labels_of(model, images)), []
    for name in attacks:
        if name not in TOGETHER:
            runs = [
                attack(model, images, goal, served(name)[0], attacks[name], batch_size=size,
                       **short(name)).success
                for size in (32, 5)
            ]  # fmt: skip
            verdicts.append(runs[0] != runs[1])
    assert torch.stack(verdicts).double().mean() <= 0.002


def troubled(name: str, net, pictures, **changes: Any) -> AttackResult:
    """The attack where something is wrong with its arguments."""
    model = net().eval()
    given = {"model": model, "images": pictures(4)} | changes
    labels = given.pop("labels", torch.zeros(4, dtype=torch.int64))
    goal, threat = Misclassify(labels), served(name)[0]
    return attack(given["model"], given["images"], goal, threat, attacks[name], **short(name))


@EACH
def test_what_is_wrong_is_refused_by_name(name, net, pictures) -> None:
    half = pictures(4)
    cases = [
        (InputError, "classes lie in 0 … 3", {"labels": torch.tensor([0, 1, 2, 4])}),
        (InputError, "classes lie in 0 … 3", {"labels": torch.tensor([0, 1, 2, -1])}),
        (InputError, "images lie in", {"images": half.masked_fill(half == 1, torch.nan)}),
        (InputError, "images lie in", {"images": 255 * half}),
        (InputError, "images lie in", {"images": half - 0.5}),
        (InputError, "eval mode", {"model": nn.Sequential(net(), nn.Dropout())}),
        (ModelError, "answered NaN", {"model": lambda images: net()(images) * torch.nan}),
    ]
    for error, words, changes in cases:
        with pytest.raises(error, match=words):
            troubled(name, net, pictures, **changes)


@EACH
def test_what_hides_a_weakness_is_told_by_name(name, net, pictures) -> None:
    """To who sees it: labels hide probabilities, and who asks for no slope misses none."""
    plain, level = net(), access_of(attacks[name])
    chance: list[tuple[type[Doubt], Any]] = [
        (RandomAnswers, lambda images: nn.functional.dropout(plain(images), 0.5, training=True)),
        (RandomAnswers, lambda images: plain(images + 0.1 * torch.randn_like(images))),
        (MixedRows, lambda images: plain(images) - plain(images).mean(dim=0)),
    ]
    if level > Access.DECISION:
        chance.append((Probabilities, lambda images: plain(images).softmax(dim=1)))
    if level == Access.WHITE_BOX:
        chance.append((NoSlope, lambda images: plain(images.detach()) + 0 * images.sum()))
    labels = plain(pictures(4)).argmax(1)
    for kind, model in chance:
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            troubled(name, net, pictures, model=model, labels=labels)
        assert kind in {each.category for each in heard}
