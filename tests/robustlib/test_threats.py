import itertools
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.optimize import brentq, linprog
from torch import Tensor

from robustlib.draws import Draws
from robustlib.errors import ThreatError
from robustlib.threats import L0, L1, L2, Linf

BOTH = pytest.mark.parametrize("threat", [Linf, L2])
LENGTHS = pytest.mark.parametrize("threat", [Linf, L2, L1])
ALL = pytest.mark.parametrize("threat", [Linf, L2, L1, L0])


def slow_l2(point: np.ndarray, image: np.ndarray, eps: float) -> np.ndarray:
    """The KKT conditions, solved for the multiplier by root finding in float64.

    min ‖p - point‖² with ‖p - image‖ ≤ eps and 0 ≤ p ≤ 1 has p = clip((point + m image) / (1 + m)).
    """

    def at(multiplier: float) -> np.ndarray:
        return np.clip((point + multiplier * image) / (1 + multiplier), 0, 1)

    def excess(multiplier: float) -> float:
        return float(np.linalg.norm(at(multiplier) - image)) - eps

    return at(0) if excess(0) <= 0 else at(brentq(excess, 0, 1e9, xtol=1e-14, maxiter=500))


def beside(size: int, reach: float, walls: bool, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Three images, with pixels at the walls or without, and a point at some reach of each."""
    numbers = np.random.default_rng(seed)
    images = numbers.random((3, size))
    if walls:
        images = np.clip(1.6 * images - 0.3, 0, 1)
    return images, images + reach * numbers.standard_normal((3, size))


BESIDE = some.builds(
    beside,
    size=some.integers(1, 40),
    reach=some.sampled_from([0.01, 0.3, 2.0, 50.0]),
    walls=some.booleans(),
    seed=some.integers(0, 10_000),
)


@settings(max_examples=150)
@given(pictures=BESIDE, eps=some.floats(1e-3, 4))
def test_l2_projection_equals_a_slow_oracle(pictures, eps) -> None:
    images, points = pictures
    fast = L2(eps).project(torch.tensor(points), torch.tensor(images)).numpy()
    slow = np.stack([slow_l2(*pair, eps) for pair in zip(points, images, strict=True)])
    assert np.abs(fast - slow).max() <= 1e-7


def slow_linf(point: float, image: float, eps: float) -> float:
    """The nearest number between max(0, image - eps) and min(1, image + eps)."""
    return min(max(point, max(0.0, image - eps)), min(1.0, image + eps))


@settings(max_examples=150)
@given(pictures=BESIDE, eps=some.floats(0, 1) | some.just(float("inf")))
def test_linf_projection_equals_a_slow_oracle(pictures, eps) -> None:
    images, points = pictures
    fast = Linf(eps).project(torch.tensor(points), torch.tensor(images)).numpy()
    pairs = zip(points.flat, images.flat, strict=True)
    slow = np.array([slow_linf(*pair, eps) for pair in pairs]).reshape(images.shape)
    assert np.array_equal(fast, slow)


def slow_l1(point: np.ndarray, image: np.ndarray, eps: float) -> np.ndarray:
    """The KKT conditions: p = clip(image + soft(point - image, m)), the multiplier by search."""
    shift = point - image

    def at(multiplier: float) -> np.ndarray:
        return np.clip(image + np.sign(shift) * np.maximum(abs(shift) - multiplier, 0), 0, 1)

    def excess(multiplier: float) -> float:
        return float(abs(at(multiplier) - image).sum()) - eps

    top = float(abs(shift).max())
    return at(0) if excess(0) <= 0 else at(brentq(excess, 0, top, xtol=1e-15, maxiter=500))


@settings(max_examples=150)
@given(pictures=BESIDE, eps=some.floats(1e-3, 12))
def test_l1_projection_equals_a_slow_oracle(pictures, eps) -> None:
    images, points = pictures
    fast = L1(eps).project(torch.tensor(points), torch.tensor(images)).numpy()
    slow = np.stack([slow_l1(*pair, eps) for pair in zip(points, images, strict=True)])
    assert np.abs(fast - slow).max() <= 1e-9


@settings(max_examples=60)
@given(pictures=BESIDE, length=some.floats(1e-3, 12))
def test_a_step_in_l1_is_the_best_of_its_length(pictures, length) -> None:
    """Beside a linear program: the highest point of the slope within the length and the box."""
    images, slopes = pictures
    found = L1(1.0).ascend(torch.tensor(images), torch.tensor(slopes), length).numpy()
    assert found.min() >= 0
    assert found.max() <= 1
    assert abs(found - images).sum(axis=1).max() <= length + 1e-9
    for image, slope, point in zip(images, slopes, found, strict=True):
        up, down = 1 - image, image
        best = linprog(
            np.concatenate([-slope, slope]),
            A_ub=np.ones((1, 2 * len(image))),
            b_ub=[length],
            bounds=[(0, wall) for wall in np.concatenate([up, down])],
        )
        assert slope @ (point - image) == pytest.approx(-best.fun, abs=1e-7, rel=1e-7)


@settings(max_examples=60)
@given(
    pictures=some.builds(
        beside,
        size=some.integers(1, 7),
        reach=some.sampled_from([0.3, 2.0]),
        walls=some.booleans(),
        seed=some.integers(0, 10_000),
    ),
    eps=some.floats(0, 8),
)
def test_l0_projection_equals_the_best_of_all_choices(pictures, eps) -> None:
    images, points = pictures
    fast = L0(eps).project(torch.tensor(points), torch.tensor(images)).numpy()
    for image, point, found in zip(images, points, fast, strict=True):
        assert (found != image).sum() <= eps
        choices = (
            np.where(chosen, np.clip(point, 0, 1), image)
            for chosen in itertools.product([False, True], repeat=len(image))
            if sum(chosen) <= eps
        )
        nearest = min(np.linalg.norm(point - choice) for choice in choices)
        assert np.linalg.norm(point - found) == pytest.approx(nearest, abs=1e-12)


def test_l0_counts_a_pixel_once_whatever_its_channels() -> None:
    images = torch.zeros(1, 3, 2, 2)
    points = images.clone()
    points[0, :, 0, 0], points[0, 1, 1, 1] = 0.5, 0.9
    assert L0(2).distance(points, images).tolist() == [2]
    assert torch.equal(L0(2.9).project(points, images), points)
    kept = L0(1).project(points, images)  # 3 x 0.25 are less than 0.81
    assert kept.flatten().nonzero().tolist() == [[7]]
    assert L0(1).distance(points.mean(1), images.mean(1)).tolist() == [2]


def test_a_random_start_in_l0_has_as_many_pixels_as_may_change() -> None:
    images = torch.rand(9, 3, 5, 5, generator=torch.Generator().manual_seed(0))
    starts = [L0(4.5).random_start(images, Draws(seed, range(9))) for seed in range(2)]
    for found in starts:
        assert L0(9).distance(found, images).tolist() == [4] * 9
    assert not torch.equal(*starts)


def test_l2_projection_beats_clipping_a_rescaled_point() -> None:
    """What peers do, rescale and clip, leaves the ball half used at a corner of the box."""
    image, point = torch.tensor([[0.0, 0.0]]), torch.tensor([[-3.0, 4.0]])
    rescaled = (image + 0.5 * (point - image) / 5).clamp(0, 1)
    exact = L2(0.5).project(point, image)
    assert rescaled.norm() == pytest.approx(0.4)
    assert torch.allclose(exact, torch.tensor([[0.0, 0.5]]))


RADII = [0.0, 1e-4, 8 / 255, 0.5, 1.0]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(
    ("threat", "eps"),
    [(norm, eps) for norm in (Linf, L2, L1, L0) for eps in RADII]
    + [(L2, 3.0), (L1, 12.0), (L1, 300.0), (L0, 40)],
)
def test_projections_are_feasible_to_one_rounding(threat, dtype, eps) -> None:
    """Of a pixel, in Linf and in L2 of a small radius; the others keep that back."""
    generator = torch.Generator().manual_seed(0)
    images = (torch.rand(64, 3, 16, 16, generator=generator) * 1.4 - 0.2).clamp(0, 1).to(dtype)
    points = images + torch.randn(images.shape, generator=generator).to(dtype)
    inside = threat(eps).project(points, images)
    assert inside.min() >= 0
    assert inside.max() <= 1
    exact = threat in (L0, L1) or (threat is L2 and eps >= 0.5)
    rounding = 0 if exact else torch.finfo(dtype).eps
    assert threat(eps).distance(inside.double(), images.double()).max() <= eps + rounding


@ALL
def test_a_point_inside_stays_where_it_is(threat) -> None:
    images = torch.rand(5, 7, generator=torch.Generator().manual_seed(0))
    near = (images + 0.001).clamp(0, 1)
    assert torch.equal(threat(7.0 if threat is L0 else 1.0).project(near, images), near)
    assert torch.equal(threat(torch.inf).project(near, images), near)
    assert torch.equal(threat(0.0).project(near, images), images)


@BOTH
def test_the_steepest_direction_leaves_out_what_stands_at_a_wall(threat) -> None:
    gradient = torch.tensor([[3.0, -4.0, 5.0, -6.0]])
    point = torch.tensor([[0.5, 0.0, 1.0, 0.5]])
    direction = threat(1.0).steepest(gradient, point)
    wanted = [1, 0, 0, -1] if threat is Linf else [3 / 45**0.5, 0, 0, -6 / 45**0.5]
    assert torch.allclose(direction, torch.tensor([wanted], dtype=torch.float32))


@pytest.mark.parametrize("scale", [1e-38, 1e-20, 1e30])
def test_a_tiny_or_huge_gradient_still_has_a_direction(scale) -> None:
    gradient = torch.tensor([[3.0, 4.0]]) * scale
    direction = L2(1.0).steepest(gradient, torch.full((1, 2), 0.5))
    assert torch.allclose(direction, torch.tensor([[0.6, 0.8]]))


@ALL
def test_no_gradient_no_direction(threat) -> None:
    assert torch.equal(threat(1.0).steepest(torch.zeros(2, 3), torch.rand(2, 3)), torch.zeros(2, 3))


def distances(threat: Linf | L2, count: int = 4000, size: int = 2) -> Tensor:
    images = torch.full((count, size), 0.5)
    return threat.distance(threat.random_start(images, Draws(0, range(count))), images)


@LENGTHS
def test_random_starts_are_uniform_in_the_ball(threat) -> None:
    """P(distance ≤ r eps) = r^d in each norm, in d dimensions."""
    found = distances(threat(0.4))
    for part in (0.3, 0.6, 0.9):
        assert abs((found <= part * 0.4).float().mean() - part**2) < 0.03


@ALL
def test_an_endless_ball_starts_at_the_image(threat) -> None:
    assert distances(threat(torch.inf)).max() == 0


@LENGTHS
def test_one_radius_a_row(threat) -> None:
    images = torch.full((3, 2, 2, 2), 0.5)
    for shape in [(3,), (3, 1, 1, 1)]:
        placed = threat(torch.tensor([0.0, 0.1, 0.2]).reshape(shape)).placed(images)
        found = placed.distance(placed.project(images + 9, images), images)
        assert torch.allclose(found, torch.tensor([0.0, 0.1, 0.2]))
        assert placed.take(torch.tensor([2, 0])).radius(images[:2]).tolist() == [
            pytest.approx(0.2),
            0.0,
        ]
    assert threat(0.1).take(torch.tensor([2, 0])).eps == 0.1


@ALL
@pytest.mark.parametrize("eps", [-0.1, float("nan"), torch.tensor([0.1, -0.1])])
def test_a_radius_is_not_negative(threat, eps) -> None:
    with pytest.raises(ThreatError, match="eps is a radius"):
        threat(eps)


@pytest.mark.parametrize("eps", [8, 1.001, torch.tensor([0.1, 8.0])])
def test_grey_levels_are_no_radius_in_linf(eps) -> None:
    """A ball that holds every picture: 8 was meant as 8 / 255."""
    with pytest.raises(ThreatError, match=r"at most 1.* as 8/255"):
        Linf(eps)
    assert L2(eps).eps is eps if isinstance(eps, Tensor) else L2(eps).eps == eps
    assert [Linf(eps).eps for eps in (1.0, torch.inf)] == [1.0, torch.inf]


@ALL
@pytest.mark.parametrize("eps", ["8/255", None, [0.1], np.full(3, 0.1), True, np.True_])
def test_a_radius_is_a_number_or_a_tensor(threat, eps) -> None:
    with pytest.raises(ThreatError, match=f"for each row, not {type(eps).__name__}"):
        threat(eps)
    for number in (np.float32(0.5), Fraction(1, 2)):
        assert threat(number).eps == 0.5
        assert type(threat(number).eps) is float


@ALL
def test_as_many_radii_as_images(threat) -> None:
    with pytest.raises(ThreatError, match="one radius for each of 3 images"):
        threat(torch.tensor([0.1, 0.2])).placed(torch.rand(3, 4))


def test_a_threat_model_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Linf(0.1).eps = 0.2  # type: ignore[misc]
