"""Searched again by chance: no random point nearer than the nearest is answered otherwise."""

import pytest
import torch

from robustlib.draws import Draws
from robustlib.threats import L1, L2, Linf


@pytest.mark.parametrize("norm", [Linf, L2, L1])
def test_no_random_point_within_the_distance_has_another_answer(exact_net, norm) -> None:
    images = exact_net.images.repeat_interleave(4000, 0)
    eps = 0.999 * exact_net.exact(norm).repeat_interleave(4000)
    ball = norm(eps[:, None])
    draws = Draws(0, range(len(images)), dtype=torch.float64)
    points = ball.random_start(images, draws)
    answers = exact_net.model(points).argmax(1)
    assert torch.equal(answers, exact_net.labels.repeat_interleave(4000))


def test_a_little_more_than_the_distance_is_enough_for_some_point(exact_net) -> None:
    """Of the points whose nearest piece chance can hit at all."""
    images = exact_net.images.repeat_interleave(4000, 0)
    eps = 1.3 * exact_net.exact(Linf).repeat_interleave(4000)
    draws = Draws(0, range(len(images)), dtype=torch.float64)
    points = Linf(eps[:, None].clamp(max=1)).random_start(images, draws)
    other = exact_net.model(points).argmax(1) != exact_net.labels.repeat_interleave(4000)
    assert other.view(-1, 4000).any(1).double().mean() > 0.8
