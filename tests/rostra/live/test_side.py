"""One side of the stage: the slider's steps in each attack's terms, and what a model says."""

import math
import time
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from robustlib.engine import Progress
from rostra.live.settings import Settings, Source
from rostra.live.side import PROBES, Side, options, probabilities, server

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


class Watched(nn.Module):
    """Notes its passes, and how many pictures it is shown at a time that are not the same."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body
        self.most = self.passes = 0
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        self.passes += 1
        self.most = max(self.most, len(images.unique(dim=0)))
        return self.body(images)


def test_attacks_of_all_visitors_are_answered_together() -> None:
    """And each sees, to the bit, what it would see alone."""
    net = Watched(plane(6))
    black = [BLACK + number for number in range(4)]
    settings = [Settings(SOURCE, steps=60, seed=number) for number in range(4)]
    sides = [
        Side("standard", net, picture, run, 6, user=f"10.0.0.{number}")
        for number, (picture, run) in enumerate(zip(black, settings, strict=True))
    ]
    streams = [side.stream() for side in sides]
    seen: list[list[Progress]] = [[] for _ in sides]
    for _ in range(62):
        for mine, stream in zip(seen, streams, strict=True):
            mine.append(next(stream))
    assert net.most > 2
    for picture, run, mine in zip(black, settings, seen, strict=True):
        alone = Side("standard", plane(6), picture, run, 6)
        losses = [float(one.loss[0]) for one in alone.stream()]
        assert [float(one.loss[0]) for one in mine] == losses[: len(mine)]


def test_a_visitor_who_leaves_is_not_worked_for() -> None:
    net = Watched(plane(6))
    side = Side("standard", net, BLACK, Settings(SOURCE, steps=1000), 6)
    going = side.stream()
    next(going)
    going.close()
    assert wait_for(lambda: server()._held.total() == 0)
    shown = net.passes
    time.sleep(0.1)
    assert net.passes == shown < 1000


def test_after_a_fault_of_the_server_the_next_visitor_has_a_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failing = server()
    assert server() is failing
    monkeypatch.setattr(failing._shift, "turn", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        list(Side("standard", plane(6), BLACK, Settings(SOURCE, steps=2), 6).stream())
    side = Side("standard", plane(6), BLACK, Settings(SOURCE, eps=1, steps=2), 6)
    assert list(side.stream())[-1].result is not None
    assert server() is not failing


def wait_for(condition: Callable[[], bool]) -> bool:
    for _ in range(500):
        if condition():
            return True
        time.sleep(0.01)
    return False
