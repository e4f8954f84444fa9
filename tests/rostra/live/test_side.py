"""One side of the stage: the slider's steps in each attack's terms, and what a model says."""

import math
import threading
import time
from collections.abc import Iterator

import pytest
import torch
from torch import nn

from rostra.live import side as sides
from rostra.live.settings import Settings, Source
from rostra.live.side import PROBES, Side, options, probabilities

SOURCE = Source("digits")
BLACK = torch.zeros(1, 28, 28, dtype=torch.uint8)


def test_steps_become_what_the_attack_understands() -> None:
    assert options(Settings(SOURCE, attack="pgd", steps=7)) == {"retire": "never", "steps": 7}
    assert options(Settings(SOURCE, attack="fgsm", steps=7)) == {"retire": "never"}
    asked = {"retire": "reached", "steps": 7 * PROBES}
    assert options(Settings(SOURCE, attack="square", steps=7)) == asked


def test_probabilities_are_per_mille_most_likely_first() -> None:
    logits = torch.tensor([math.log(0.2), math.log(0.7), math.log(0.1)])
    assert probabilities(logits) == [(1, 700), (0, 200), (2, 100)]


def plane(label: int) -> nn.Module:
    """A model that says `label` of a black picture, by a hair."""
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.zero_()
        net[1].bias[label] = 1e-3
        net[1].weight[3] = 1.0
    return net.eval()


def test_without_a_label_the_models_own_answer_is_attacked() -> None:
    side = Side("standard", plane(6), BLACK, Settings(SOURCE, eps=1, steps=2), None)
    assert side.label == 6
    assert side.phase(over=False) == "clean"
    for _ in side.stream():
        pass
    side.finish()
    assert side.phase(over=True) == "fooled"
    assert side.view(over=True)["probs"][0][0] == 3


def test_the_curve_begins_where_the_attack_does() -> None:
    """The look at the clean picture is no step of an attack: n steps are n + 1 points."""
    side = Side("robust", plane(6), BLACK, Settings(SOURCE, eps=1, steps=7), 6)
    for _ in side.stream():
        pass
    assert len(side.losses) == 8
    assert side.at is not None


def test_a_misread_picture_is_wrong_before_and_after() -> None:
    side = Side("standard", plane(6), BLACK, Settings(SOURCE), 2)
    assert side.phase(over=False) == side.phase(over=True) == "wrong"
    assert side.view(over=False)["cost"] is None


def test_a_win_that_rounding_undoes_is_told_with_its_distance() -> None:
    """The plane is 1e-3 away along all 784 numbers: in 8 bits nothing of that is left."""
    side = Side("standard", plane(6), BLACK, Settings(SOURCE, "deepfool", "l2", 1, 40), 6)
    assert side.view(over=False)["unrounded"] is None
    for _ in side.stream():
        pass
    side.finish()
    view = side.view(over=True)
    assert view["phase"] == "rounded"
    assert view["cost"]["l2"] == 0
    norm, distance = view["unrounded"]
    assert norm == "L2"
    assert distance == pytest.approx(1e-3 / math.sqrt(784), rel=0.05)


def test_time_counts_the_attack_alone() -> None:
    side = Side("standard", plane(6), BLACK, Settings(SOURCE, steps=3), 6)
    assert side.seconds == 0
    for _ in side.stream():
        pass
    assert 0 < side.seconds < 5


def test_attacks_of_two_visitors_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Around a turn the engine sets random states that belong to the whole process."""
    inside, most = 0, 0

    def counting(*_: object, **__: object) -> Iterator[None]:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.05)
        inside -= 1
        yield from ()

    monkeypatch.setattr(sides, "stream", counting)
    visitors = [Side("standard", plane(6), BLACK, Settings(SOURCE), 6) for _ in range(4)]
    threads = [threading.Thread(target=list, args=(visitor.stream(),)) for visitor in visitors]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    waited = time.perf_counter() - start  # counts once what each would count if it counted waiting
    assert sum(visitor.seconds for visitor in visitors) <= waited
