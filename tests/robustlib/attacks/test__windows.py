import pytest
import torch

from robustlib.attacks._windows import Window, bumps


def test_windows_reach_every_edge_and_differ_between_images() -> None:
    window = Window((3, 3), (6, 6))
    masks = window.at(torch.rand(400, 2, generator=torch.Generator().manual_seed(0))).mask[:, 0]
    assert torch.equal(masks.flatten(1).sum(1), torch.full((400,), 9))
    assert masks.any(0).all()
    assert len(masks.flatten(1).unique(dim=0)) == 16


@pytest.mark.parametrize("order", [1, 2])
def test_the_bump_is_a_hill_above_a_hollow(order) -> None:
    upright, lying = bumps(6, 6, order)
    assert upright.norm(p=order) == pytest.approx(1)
    assert torch.equal(lying, upright.T)
    assert (upright[:3] > 0).all()
    assert (upright[3:] < 0).all()


def test_the_pixels_of_windows_are_those_under_their_masks() -> None:
    placed = Window((2, 3), (5, 6)).at(
        torch.rand(20, 2, generator=torch.Generator().manual_seed(1))
    )
    canvas = torch.arange(20 * 2 * 5 * 6.0).view(20, 2, 5, 6)
    picked = canvas[placed.pixels]
    assert picked.shape == (20, 2, 3, 2)
    under = canvas[placed.mask.expand_as(canvas)].view(20, 2, 2, 3)
    assert torch.equal(picked.permute(0, 3, 1, 2), under)
