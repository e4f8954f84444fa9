"""Held against iterates by autograd, closed forms at planes, and the attack on the model itself."""

from functools import partial

import pytest
import torch
from torch import Tensor, nn

from robustlib.attacks.deepfool import deepfool
from robustlib.attacks.hop_skip_jump import hop_skip_jump
from robustlib.attacks.mi_fgsm import mi_fgsm
from robustlib.attacks.pgd import pgd
from robustlib.attacks.square import square
from robustlib.attacks.transfer import transfer
from robustlib.engine import Surrogate, attack, craft
from robustlib.ensemble import Ensemble
from robustlib.errors import AccessError, InputError
from robustlib.goals import Misclassify, Target
from robustlib.losses import cross_entropy
from robustlib.questions import Access
from robustlib.threats import L1, L2, Linf


class Labels(nn.Module):
    """Tells the label and nothing else."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, images: Tensor) -> Tensor:
        return self.model(images).argmax(1)


@pytest.fixture
def three(net, pictures):
    """A victim, two other models of four classes, and images with the victim's labels."""
    victim, one, other = (net(seed=seed) for seed in (0, 1, 2))
    images = pictures(6)
    return victim, one, other, images, Misclassify(victim(images).argmax(1), cross_entropy)


@pytest.mark.parametrize("method", [pgd, mi_fgsm, deepfool])
@pytest.mark.parametrize("threat", [Linf(0.05), L2(0.3)], ids=str)
def test_a_surrogate_that_is_the_victim_gives_the_attack_itself(method, threat, three) -> None:
    victim, _, _, images, goal = three
    result = attack(
        Labels(victim).eval(),
        images,
        goal,
        threat,
        transfer,
        surrogates={"surrogate": victim},
        method=method,
        retire="never",
    )
    itself = craft(victim, images, goal, threat, method)
    fooled = victim(itself).argmax(1) != goal.labels
    assert torch.equal(result.success, fooled)
    assert torch.allclose(result.adversarial[fooled], itself[fooled], rtol=0, atol=1e-12)
    assert result.queries.tolist() == [2] * 6  # the clean look, and the last


def by_hand(images: Tensor, loss, *, eps: float, steps: int) -> Tensor:
    """MI-FGSM on a loss of images."""
    point, velocity = images.clone(), torch.zeros_like(images)
    for _ in range(steps):
        point = point.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(loss(point), point)
        velocity = velocity + gradient / gradient.flatten(1).abs().mean(1)[:, None, None, None]
        point = (point + eps / steps * velocity.sign()).detach()
        point = point.clamp(images - eps, images + eps).clamp(0, 1)
    return point


@pytest.mark.parametrize("fused", ["losses", "logits"])
def test_an_ensemble_is_followed_as_by_autograd(fused, three, monkeypatch) -> None:
    victim, one, other, images, goal = three
    labels = goal.labels

    def total(point: Tensor) -> Tensor:
        if fused == "logits":
            return cross_entropy((one(point) + 3 * other(point)) / 4, labels).sum()
        return (cross_entropy(one(point), labels) + cross_entropy(other(point), labels)).sum() / 2

    both = Ensemble([one, other], [1, 3]).eval()
    surrogates = {"one": one, "other": other} if fused == "losses" else {"both": both}
    seen = {"surrogates": surrogates, "of": tuple(surrogates), "retire": "never"}
    method = partial(mi_fgsm, steps=4)
    shown = []
    victim.register_forward_pre_hook(lambda _, asked: shown.append(asked[0].clone()))
    attack(victim, images, goal, Linf(0.05), transfer, method=method, **seen)
    assert torch.allclose(shown[-1], by_hand(images, total, eps=0.05, steps=4), rtol=0, atol=1e-12)


@pytest.mark.parametrize("threat", [Linf, L2, L1])
def test_it_crosses_a_plane_that_the_surrogate_has_too(threat, plane) -> None:
    """The surrogate's plane lies elsewhere, but the same way: the nearest point is known."""
    nearer = nn.Sequential(plane.model, Shift(0.3)).eval()
    exact = plane.exact(threat)
    room = exact.isfinite()
    goal = Misclassify(plane.labels[room])
    for factor, reached in ((1.02, True), (0.98, False)):
        result = attack(
            plane.model,
            plane.images[room],
            goal,
            threat(factor * exact[room]),
            transfer,
            surrogates={"surrogate": nearer},
            method=partial(pgd, steps=200, halvings=5),
        )
        assert bool((result.success == reached).all())


class Shift(nn.Module):
    """Adds to the first logit."""

    def __init__(self, by: float) -> None:
        super().__init__()
        self.by = by

    def forward(self, logits: Tensor) -> Tensor:
        return logits + torch.tensor([self.by, 0.0]).to(logits)


def test_the_victim_is_shown_every_so_many_candidates(three) -> None:
    victim, one, _, images, goal = three
    asked = {"method": partial(pgd, steps=6), "surrogates": {"surrogate": one}, "retire": "never"}
    queries = {
        every: attack(victim, images, goal, Linf(0.05), transfer, every=every, **asked).queries
        for every in (None, 1, 2, 4)
    }
    looks = {every: 2 + (6 // every if every else 0) for every in queries}
    assert {every: found.unique().tolist() for every, found in queries.items()} == {
        every: [count] for every, count in looks.items()
    }


def test_a_row_that_is_fooled_on_the_way_asks_no_more(three) -> None:
    victim, _, _, images, goal = three
    asked = {"method": partial(pgd, steps=9), "surrogates": {"surrogate": victim}, "every": 1}
    result = attack(victim, images, goal, Linf(0.2), transfer, **asked)
    assert result.success.all()
    assert (result.queries < 8).any()
    assert (result.queries <= 11).all()


@pytest.mark.parametrize("method", [partial(square, steps=20), partial(hop_skip_jump, steps=1)])
def test_attacks_that_see_less_work_on_surrogates_too(method, three) -> None:
    victim, one, other, images, goal = three
    threat = Linf(0.3)
    for names in (("one",), ("one", "other")):
        surrogates = {name: {"one": one, "other": other}[name] for name in names}
        terms = {"surrogates": surrogates, "of": names, "method": method}
        result = attack(victim, images, goal, threat, transfer, **terms)
        assert result.queries.max() == 2
        assert torch.equal(result.success, victim(result.adversarial).argmax(1) != goal.labels)


def test_a_target_is_aimed_at(three) -> None:
    victim, _, _, images, goal = three
    wanted = (goal.labels + 1) % 4
    aim = Target(wanted)
    method = partial(pgd, steps=40)
    terms = {"surrogates": {"surrogate": victim}, "method": method}
    result = attack(victim, images, aim, Linf(0.5), transfer, **terms)
    assert torch.equal(result.success, victim(result.adversarial).argmax(1) == wanted)
    assert result.success.any()


def test_what_is_not_given_or_not_allowed_is_told(three) -> None:
    victim, one, _, images, goal = three
    with pytest.raises(InputError, match="no model 'surrogate'"):
        attack(victim, images, goal, Linf(0.1), transfer)
    hidden = {"surrogate": Surrogate(one, Access.DECISION)}
    with pytest.raises(AccessError, match="Gradient of the surrogate"):
        attack(victim, images, goal, Linf(0.1), transfer, surrogates=hidden)
