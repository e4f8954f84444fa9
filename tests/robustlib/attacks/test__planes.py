import pytest
import torch

from robustlib.attacks._planes import onto, straight
from robustlib.conformance._planes import DISTANCES
from robustlib.threats import L1, L2, Linf


@pytest.mark.parametrize("threat", [Linf, L2, L1])
@pytest.mark.parametrize("scale", [1.0, 1e-12, 1e12])
def test_the_way_onto_a_plane_is_the_shortest_and_arrives(threat, scale) -> None:
    generator = torch.Generator().manual_seed(0)
    points = (1.6 * torch.rand(60, 3, 4, generator=generator).double() - 0.3).clamp(0, 1)
    gradient = torch.randn(60, 3, 4, generator=generator).double()
    gradient[::7] *= torch.rand(3, 4, generator=generator) < 0.5  # slopes of zero
    ends = torch.where(gradient > 0, 1.0, 0.0), torch.where(gradient > 0, 0.0, 1.0)
    most, least = (((end - points) * gradient).sum((1, 2)) for end in ends)
    rise = (least + (most - least) * torch.rand(60, generator=generator)) * scale
    way = onto(points, gradient * scale, rise, threat(torch.inf))
    assert torch.allclose((gradient * way).sum((1, 2)) * scale, rise, rtol=1e-9, atol=1e-9 * scale)
    assert ((points + way >= -1e-12) & (points + way <= 1 + 1e-12)).all()
    falls = -gradient * rise.sign()[:, None, None]
    exact = torch.tensor(
        [
            DISTANCES[threat](point, fall, height)
            for point, fall, height in zip(
                points.flatten(1), falls.flatten(1), (rise.abs() / scale).tolist(), strict=True
            )
        ]
    )
    length = threat(torch.inf).distance(points + way, points)
    assert torch.allclose(length, exact.double(), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("threat", [Linf, L2, L1])
def test_out_of_reach_it_goes_to_the_corner_and_without_a_slope_nowhere(threat) -> None:
    points, gradient = (
        torch.tensor([[0.5, 0.0, 1.0]] * 2),
        torch.tensor([[1.0, -2.0, 0.0], [0] * 3]),
    )
    way = onto(points, gradient, torch.tensor([9.0, 9.0]), threat(torch.inf))
    assert way.tolist() == [[0.5, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize(("threat", "most"), [(Linf, 0.1), (L2, 0.02**0.5), (L1, 0.2)])
def test_straight_over_the_nearest_of_several_boundaries(threat, most) -> None:
    """Leads of -0.4 and -0.2 with slopes of 1, in two pixels; the third has no slope at all."""
    gradients = torch.tensor([[[1.0, 1.0], [1.0, -1.0], [0.0, 0.0]]])
    leads = torch.tensor([[-0.4, -0.2, -0.1]])
    way = straight(torch.full((1, 2), 0.5), gradients, leads, threat(torch.inf))
    length = threat(torch.inf).distance(way, 0 * way)
    assert length.item() == pytest.approx(most + 1e-4)
    assert (gradients[:, 1] * way).sum().item() >= 0.2


def test_straight_leaves_out_what_has_no_room() -> None:
    gradients, leads = torch.tensor([[[2.0, 1.0]]]), torch.tensor([[-0.5]])
    way = straight(torch.tensor([[1.0, 0.5]]), gradients, leads, L2(torch.inf))
    assert way.tolist() == [[0, pytest.approx(0.5 + 1e-4)]]
