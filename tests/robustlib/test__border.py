"""What comes in is checked, what goes out is promised, and the world is left as it was."""

import random
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import robustlib.attacks.pgd
from robustlib._border import Border, check_promise, home_of
from robustlib.attacks.noise import noise
from robustlib.attacks.pgd import pgd
from robustlib.engine import attack, craft
from robustlib.errors import InputError, ThreatError
from robustlib.goals import Misclassify
from robustlib.questions import Decision, DecisionBased
from robustlib.threats import L2, Linf
from tests.robustlib._slope import BALL, Slope, low


def test_a_model_in_train_mode_is_refused(net, pictures) -> None:
    model = net()
    model[1].train()
    with pytest.raises(InputError, match="its module '1' is in train mode"):
        attack(model, pictures(1), Misclassify(torch.tensor([0])), BALL, pgd)
    with pytest.raises(InputError, match="eval"):
        craft(model.train(), pictures(1), Misclassify(torch.tensor([0])), BALL, pgd)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (torch.full((1, 3), 1.5), r"lie in \[0, 1\].* divided by 255"),
        (torch.full((1, 3), -0.1), "normalisation belongs inside"),
        (torch.tensor([[0.1, torch.nan]]), r"lie in \[0, 1\]"),
        (torch.zeros(1, 3, dtype=torch.uint8), r"not torch.uint8: .* images.float\(\) / 255"),
        (torch.zeros(3), r"not shape \(3,\): .* image.unsqueeze\(0\)"),
        ([[0.1]], "not a builtins.list"),
        (np.zeros((1, 3), np.float32), r"not a numpy.ndarray: .* torch.from_numpy"),
    ],
)
def test_images_are_checked_once(images, message) -> None:
    with pytest.raises(InputError, match=message):
        attack(Slope(), images, Misclassify(torch.tensor([0])), BALL, pgd)


@pytest.mark.parametrize(
    ("goal", "threat", "method", "message"),
    [
        (torch.tensor([0]), BALL, pgd, r"as Misclassify\(labels\), not a Tensor"),
        (low(0.1)[1], 8 / 255, pgd, r"as Linf\(8 / 255\), not 0.03"),
        (low(0.1)[1], "Linf", pgd, "not 'Linf'"),
        (low(0.1)[1], BALL, "pgd", r"not 'pgd'; robustlib.attacks.attacks\['pgd'\]"),
        (low(0.1)[1], BALL, robustlib.attacks.pgd, r"attacks\['pgd'\] is one"),
        (low(0.1)[1], BALL, None, "a function, not None"),
    ],
)
def test_what_other_libraries_take_is_told_from_what_is_taken_here(
    goal, threat, method, message
) -> None:
    with pytest.raises(InputError, match=message):
        attack(Slope(), low(0.1)[0], goal, threat, method)


@pytest.mark.parametrize("name", ["budget", "batch_size", "steps", "restarts"])
@pytest.mark.parametrize("count", [0, -1, 2.5, "10", True])
def test_a_count_is_an_integer_from_one(name, count) -> None:
    images, goal = low(0.1)
    with pytest.raises(InputError, match=f"{name} is a count ≥ 1, not {count!r}"):
        attack(Slope(), images, goal, BALL, pgd, **{name: count})
    attack(Slope(), images, goal, BALL, pgd, **{name: np.int64(2)})


def test_a_device_that_is_not_there_is_told() -> None:
    with pytest.raises(InputError, match="device 'cudda' cannot be used here"):
        attack(Slope(), *low(0.1), BALL, pgd, device="cudda")


def test_images_that_ask_for_gradients_are_images() -> None:
    images, goal = low(0.1)
    assert attack(Slope(), images.requires_grad_(), goal, BALL, pgd).success.all()
    assert images.grad is None


def test_any_integer_is_a_seed_and_nothing_else_is() -> None:
    images, goal = low(0.1)
    for seed in (-1, 2**64):
        assert attack(Slope(), images, goal, BALL, pgd, seed=seed).success.all()
    same = [attack(Slope(), images, goal, BALL, noise, seed=seed) for seed in (3, np.int64(3))]
    assert torch.equal(same[0].adversarial, same[1].adversarial)
    with pytest.raises(InputError, match="an integer, not 'half'"):
        attack(Slope(), images, goal, BALL, pgd, seed="half")


@pytest.mark.parametrize("threat", [Linf(0.05), L2(0.05)])
@pytest.mark.parametrize("cheat", [lambda images: images + 0.3, lambda images: images * 0 - 0.01])
def test_a_candidate_outside_is_a_bug_of_the_attack_and_is_said_to_be(threat, cheat) -> None:
    def outside(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        yield from Decision(cheat(images))
        return images

    images, _ = low(0.3)
    wish = Misclassify(torch.tensor([0]))
    goal = wish if float(cheat(images)) > 0 else Misclassify(torch.tensor([0]), measure=_downwards)
    with pytest.raises(ThreatError, match="outside offered a candidate for row 0"):
        attack(Slope(), images, goal, threat, outside)


def _downwards(logits: Tensor, labels: Tensor) -> Tensor:
    return logits[:, 0]


def test_a_projection_that_does_not_project_is_caught(monkeypatch, net, pictures) -> None:
    """A peer shipped an L2 projection that divided a norm by itself."""
    monkeypatch.setattr(L2, "project", lambda self, points, images: points.clamp(0, 1))
    model, images = net(), pictures(3)
    with pytest.raises(ThreatError, match="is allowed"):
        attack(model, images, Misclassify(model(images).argmax(1)), L2(0.1), pgd, step_size=1.0)


def test_it_works_inside_inference_mode(net, pictures) -> None:
    model, images = net(), pictures(3)
    goal = Misclassify(model(images).argmax(1))
    plain = attack(model, images, goal, Linf(0.05), pgd)
    with torch.inference_mode():
        inside = attack(model, images.clone(), goal, Linf(0.05), pgd)
    assert torch.equal(plain.adversarial, inside.adversarial)


def drawn() -> list[float]:
    """A number of each of the three global generators."""
    return [float(torch.rand(1)), float(np.random.rand()), random.random()]  # noqa: NPY002


def test_within_the_border_numbers_go_on_from_the_seed_and_outside_from_the_callers() -> None:
    borders = [Border([], torch.device("cpu"), seed=3) for _ in range(2)]
    torch.rand(1)
    start = torch.get_rng_state(), np.random.get_state(), random.getstate()  # noqa: NPY002
    undisturbed = [drawn(), drawn(), drawn()]
    torch.set_rng_state(start[0])
    np.random.set_state(start[1])  # noqa: NPY002
    random.setstate(start[2])
    outside, inside = [], ([], [])
    for turn in (0, 1):
        outside.append(drawn())
        for border, mine in zip(borders, inside, strict=True):
            with border:
                mine.append(drawn())
                assert not torch.is_grad_enabled()
        assert len(inside[0]) == turn + 1
    assert [*outside, drawn()] == undisturbed
    assert inside[0] == inside[1]
    assert inside[0][0] != inside[0][1]


def test_buffers_are_put_back_written_over_or_replaced() -> None:
    model = nn.BatchNorm1d(2)
    border, mean = Border([model], torch.device("cpu"), seed=0), model.running_mean
    with border:
        model.running_mean.add_(1)
        model.running_var = torch.full((2,), 9.0)
    assert model.running_mean is mean
    assert torch.equal(model.running_mean, torch.zeros(2))
    assert torch.equal(model.running_var, torch.ones(2))


@pytest.mark.parametrize(
    ("adversarial", "fits"),
    [
        ([0.5, 0.6], True),
        ([0.5, 0.6 + 1e-7], True),  # one rounding
        ([0.5, 0.6001], False),
        ([0.5, torch.nan], False),
    ],
)
def test_the_promise_allows_one_rounding_and_no_more(adversarial, fits) -> None:
    images = torch.full((2, 2), 0.5)
    found = torch.stack([images[0], torch.tensor(adversarial)])
    if fits:
        told = check_promise(found, images, Linf(0.1), "mine")
        assert told.tolist() == pytest.approx([0.0, 0.1])
        return
    with pytest.raises(ThreatError, match="mine offered a candidate for row 1"):
        check_promise(found, images, Linf(0.1), "mine")


def test_a_model_is_at_home_where_its_numbers_are() -> None:
    assert home_of(nn.Linear(1, 1)) == torch.device("cpu")
    assert home_of(nn.Linear(1, 1, device="meta")) == torch.device("meta")
    assert home_of(nn.Flatten()) is None
    assert home_of(lambda images: images) is None


def test_half_precision_rounds_no_radius_up() -> None:
    images = torch.tensor([[0.97265625]], dtype=torch.bfloat16)  # 0.3 would be 0.30078 in its kind
    for moved in (0.30078125, 0.3046875):  # the last: 0.3 and a rounding of 2 ** -7 more
        assert check_promise(images - moved, images, Linf(0.3), "mine").item() > 0.3
    with pytest.raises(ThreatError, match=r"0\.3085\d+ where 0\.3\d* is allowed"):
        check_promise(images - 0.30859375, images, Linf(0.3), "mine")
