"""`attack`, `stream` and `craft`: the promises that no single attack shows."""

import functools
import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from robustlib.attacks.pgd import pgd
from robustlib.attacks.square import square
from robustlib.data.signs import signs
from robustlib.engine import attack, craft, stream
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.questions import Decision, DecisionBased
from robustlib.run import load_model
from robustlib.threats import Linf
from tests.robustlib._slope import BALL, Slope, low, stairs


def test_verdicts_in_single_precision_hardly_depend_on_the_batch(pictures) -> None:
    """The promise *verdicts*: ≤ 0.2 % of rows differ."""
    numbers = torch.Generator().manual_seed(0)
    first, second = (torch.randn(size, generator=numbers) for size in ((32, 12), (5, 32)))
    model = lambda images: ((images - 0.5) @ first.T).relu() @ second.T  # noqa: E731
    images = pictures(3000, (12,), torch.float32)
    goal = Misclassify(model(images).argmax(1))
    verdicts = [
        attack(model, images, goal, Linf(0.06), pgd, steps=20, batch_size=size).success
        for size in (3000, 37)
    ]
    assert 0.3 < verdicts[0].float().mean() < 0.7
    assert (verdicts[0] != verdicts[1]).float().mean() <= 0.002


def test_verdicts_on_a_convolutional_net_hardly_depend_on_the_batch() -> None:
    """The same promise of a model of the zoo, on the pictures it was made for."""
    model, some = load_model("signs_standard"), signs(200, seed=3, split="test")
    goal = Misclassify(some.labels)
    verdicts = [
        attack(model, some.images, goal, Linf(4 / 255), pgd, steps=5, batch_size=size).success
        for size in (64, 7)
    ]
    assert 0.2 < verdicts[0].float().mean() < 0.8
    assert (verdicts[0] != verdicts[1]).float().mean() <= 0.002


def test_closing_the_stream_cancels_the_attack() -> None:
    ended: list[str] = []

    def endless(images: Any, goal: Any, threat: Any, *, draws: Any) -> DecisionBased:
        try:
            for number in itertools.count():
                yield Decision(images + 1e-3 * number)
        finally:
            ended.append("closed")
        return images

    model = Slope()
    progress = stream(model, *low(0.1), BALL, endless)
    steps = [next(progress).step for _ in range(3)]
    progress.close()
    assert steps == [0, 1, 2]
    assert ended == ["closed"]
    assert len(model.shown) == 2 + 3  # two looks tell whether it answers at random


def test_a_stream_leaves_the_caller_its_random_numbers() -> None:
    torch.rand(1)
    start = torch.get_rng_state()
    undisturbed = [torch.rand(1).item() for _ in range(9)]
    torch.set_rng_state(start)
    progress = stream(Slope(), *low(0.1), Linf(0.05), stairs_within, steps=3)
    drawn = [torch.rand(1).item() for _ in progress]
    assert drawn == undisturbed[: len(drawn)]


def stairs_within(images: Any, goal: Any, threat: Any, *, steps: int, draws: Any) -> DecisionBased:
    for number in range(steps):
        torch.rand(9)
        yield from Decision(images + 0.01 * number)
    return images


def test_wrong_arguments_fail_at_the_call() -> None:
    with pytest.raises(InputError):
        stream(Slope().train(), *low(0.1), BALL, pgd)


def test_progress_tells_the_latest_and_the_best() -> None:
    images, goal = low(0.25, 0.45)
    seen = list(stream(Slope(), images, goal, BALL, stairs))
    assert [progress.images[0, 0].item() for progress in seen] == pytest.approx(
        [0.25, 0.35, 0.45, 0.55, 0.55]
    )
    assert [progress.queries.tolist() for progress in seen] == [
        [1, 1], [2, 2], [3, 2], [4, 2], [4, 2],
    ]  # fmt: skip
    assert [progress.success.tolist() for progress in seen][:3] == [
        [False, False], [False, True], [False, True],
    ]  # fmt: skip
    assert seen[-1].result is not None
    assert torch.equal(seen[-1].best, seen[-1].result.adversarial)


def test_a_record_is_flat_and_plain() -> None:
    record = attack(Slope(), *low(0.25, 0.45), BALL, stairs, seed=9, steps=1).record()
    assert record["attack"] == "stairs"
    assert record["option_steps"] == "1"
    assert (record["images"], record["successes"], record["robust_accuracy"]) == (2, 1, 0.5)
    assert record["seed"] == 9
    assert all(isinstance(value, str | int | float) for value in record.values())


def test_of_no_images_no_mean_is_told() -> None:
    record = attack(Slope(), *low(), BALL, stairs).record()
    assert (record["images"], record["successes"]) == (0, 0)
    assert math.isnan(record["robust_accuracy"])
    assert math.isnan(record["mean_distance"])
    assert math.isnan(record["max_distance"])


def test_a_bound_attack_keeps_its_name() -> None:
    result = attack(Slope(), *low(0.25), BALL, functools.partial(stairs, steps=1))
    assert result.attack == "stairs"


def test_craft_costs_k_passes_and_returns_the_last_point() -> None:
    model = Slope()
    images, goal = low(0.45, 0.75)
    last = craft(model, images, goal, Linf(0.2), pgd, steps=3)
    assert len(model.shown) == 3
    assert all(len(shown) == 2 for shown in model.shown)
    assert last[:, 0].tolist() == pytest.approx([0.65, 0.95])
    assert craft(model, images[:0], Misclassify(goal.labels[:0]), BALL, pgd).shape == (0, 1)


def test_craft_is_the_textbook_loop(net, pictures) -> None:
    """Against a slow, obvious second implementation, from the same random start."""
    model, images = net(), pictures(5)
    labels = model(images).argmax(1)
    ours = craft(model, images, Misclassify(labels), Linf(0.03), pgd, steps=7, step_size=0.01)
    theirs = craft(model, images, Misclassify(labels), Linf(0.03), pgd, steps=1, step_size=1e-30)
    for _ in range(7):
        theirs.requires_grad_()
        loss = nn.functional.cross_entropy(model(theirs), labels, reduction="sum")
        (gradient,) = torch.autograd.grad(loss, theirs)
        stepped = theirs.detach() + 0.01 * gradient.sign()
        theirs = (images + (stepped - images).clamp(-0.03, 0.03)).clamp(0, 1)
    assert torch.allclose(ours, theirs, rtol=0, atol=1e-12)


def test_craft_gives_a_training_model_no_gradients(net, pictures) -> None:
    model, images = net(), pictures(3)
    goal = Misclassify(model(images).argmax(1))
    last = craft(model, images, goal, Linf(0.03), pgd)
    assert not last.requires_grad
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_the_whole_attack_and_its_pieces_agree(net, pictures) -> None:
    """Square in one go, and by hand in two halves with their keys passed along."""
    model, images = net(), pictures(10)
    labels: Callable[[slice], Misclassify] = lambda part: Misclassify(  # noqa: E731
        model(images[part]).argmax(1)
    )
    whole = attack(model, images, labels(slice(None)), Linf(0.05), square, steps=20)
    go = functools.partial(attack, model, threat=Linf(0.05), attack=square, steps=20)
    parts = [
        go(images[part], labels(part), keys=range(10)[part]) for part in (slice(0, 4), slice(4, 10))
    ]
    joined = torch.cat([part.adversarial for part in parts])
    assert torch.allclose(whole.adversarial, joined, rtol=0, atol=1e-9)
