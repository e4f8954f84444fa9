"""The distances of the two ways, found again by walking both of them in small steps."""

import dataclasses

import pytest
import torch

from robustlib.conformance.second_basin import planted, second_basin
from tests.robustlib.conformance._subjects import faulty, ours


def test_the_two_ways_are_as_long_as_they_are_said_to_be() -> None:
    known, farther = planted(ours("pgd Linf"))
    for sign, exact in ((1, known.exact), (-1, farther)):
        for length, wrong in ((exact - 1e-4, False), (exact + 1e-4, True)):
            moved = known.images.clone()
            moved[:, 0, 0, 0] += sign * length
            assert torch.equal(known.model(moved).argmax(1) == 1, torch.full((8,), wrong))
            assert 0 <= moved.min() <= moved.max() <= 1


def test_the_slope_at_the_picture_leads_to_the_farther_way() -> None:
    known, _ = planted(ours("pgd Linf"))
    point = known.images.clone().requires_grad_()
    (slope,) = torch.autograd.grad(known.model(point)[:, 0].sum(), point)
    assert (slope[:, 0, 0, 0] > 0).all()  # the margin falls downwards


@pytest.mark.parametrize("attack", ["pgd Linf", "pgd L2", "fmn L1", "minimal Linf"])
def test_sound_attacks_get_out(attack) -> None:
    assert second_basin(ours(attack)).kept


def test_of_several_attacks_the_nearer_way_is_asked() -> None:
    alone = ours("fmn L2")
    assert second_basin(alone).told == "8 of 8 got out, 0 by the nearer way"
    assert not second_basin(dataclasses.replace(alone, whole=True)).kept


def test_a_success_where_none_can_be_is_noticed() -> None:
    lie = faulty("pgd Linf", lambda found, known: known.images.copy_(found))
    assert not second_basin(lie).kept
