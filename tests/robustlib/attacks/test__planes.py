import pytest
import torch

from robustlib.attacks._planes import onto, shortest
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


@pytest.mark.parametrize("threat", [Linf, L2, L1])
def test_of_several_planes_the_nearest_within_the_box_is_taken(threat) -> None:
    """The second is nearer than the first, and the third, nearest of all, is outside the box."""
    points = torch.tensor([[0.5, 0.0]])
    gradients = torch.tensor([[[1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]])
    way = shortest(points, gradients, torch.tensor([[0.4, 0.2, 0.1]]), threat(torch.inf))
    assert way.tolist() == [[0.0, pytest.approx(0.2)]]
