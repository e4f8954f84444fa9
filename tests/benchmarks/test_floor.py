"""The bare passes: as many as were noted, of the same sizes, and nothing else on the clock."""

import pytest
import torch
from torch import Tensor, nn

from benchmarks import _floor
from robustlib.attacks.pgd import pgd
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import Linf


class Seen(nn.Module):
    """Remembers how many rows it was shown, and whether for a gradient."""

    def __init__(self) -> None:
        super().__init__()
        self.passes: list[tuple[int, bool]] = []
        self.layer = nn.Linear(4, 3).eval().requires_grad_(False)

    def forward(self, images: Tensor) -> Tensor:
        self.passes.append((len(images), images.requires_grad and torch.is_grad_enabled()))
        outputs: Tensor = self.layer(images.flatten(1))
        return outputs


def test_what_is_noted_is_shown_again_pass_by_pass() -> None:
    model, images = Seen().eval(), torch.rand(5, 1, 2, 2)
    goal = Misclassify(model(images).argmax(1))
    with _floor.noted() as passes:
        attack(model, images, goal, Linf(1e-3), pgd, steps=3, retire="never")
    model.passes.clear()
    _floor.seconds(model, images, goal.labels, passes)
    assert model.passes == passes
    assert sum(graded for _, graded in passes) == 3


def test_more_rows_than_there_are_begin_again_with_the_first() -> None:
    shown: list[Tensor] = []
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 3)).eval()
    model.register_forward_pre_hook(lambda _, asked: shown.append(asked[0]))
    images = torch.rand(2, 1, 2, 2)
    _floor.seconds(model, images, torch.tensor([0, 1]), [(5, False), (1, True)])
    assert torch.equal(shown[0], images[[0, 1, 0, 1, 0]])
    assert torch.equal(shown[1], images[:1])


def test_laying_out_costs_nothing_on_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that ticks at each reading: two readings a pass, whatever was copied before."""
    ticks = iter(range(100))
    monkeypatch.setattr(_floor.time, "process_time", lambda: float(next(ticks)))
    monkeypatch.setattr(_floor, "bare", lambda *_: next(ticks))
    assert _floor.seconds(nn.Identity(), torch.rand(1, 2), torch.zeros(1), [(3, True)] * 4) == 8
