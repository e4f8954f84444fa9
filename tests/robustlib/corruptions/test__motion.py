"""Lines of pixels, against a plain loop."""

import math

import pytest
import torch

from robustlib.corruptions._motion import moved


def slow(image, radius, sigma, angle):
    """One picture [h, w], pixel by pixel."""
    height, width = image.shape
    weights = [math.exp(-(step**2) / (2 * sigma**2)) for step in range(2 * radius + 1)]
    result = torch.zeros_like(image)
    for y in range(height):
        for x in range(width):
            for step, weight in enumerate(weights):
                down = math.ceil(step * math.sin(math.radians(angle)) - 0.5)
                right = math.ceil(step * math.cos(math.radians(angle)) - 0.5)
                there = min(max(y + down, 0), height - 1), min(max(x + right, 0), width - 1)
                result[y, x] += weight / sum(weights) * image[there]
    return result


def test_each_picture_moves_along_its_own_line() -> None:
    images = torch.rand(4, 2, 7, 9, dtype=torch.float64)
    angles = [0.0, 37.0, -90.0, 130.0]
    found = moved(images, 3, 1.7, torch.tensor(angles))
    for row, angle in enumerate(angles):
        for channel in range(2):
            wanted = slow(images[row, channel], 3, 1.7, angle)
            assert torch.allclose(found[row, channel], wanted, atol=1e-12)


def test_a_dot_becomes_its_weights() -> None:
    dot = torch.zeros(1, 1, 1, 9)
    dot[..., 8] = 1
    trail = moved(dot, 2, 1.0, torch.zeros(1)).flatten()
    weights = torch.tensor([math.exp(-(step**2) / 2) for step in range(5)])
    weights = weights / weights.sum()
    assert trail[:4].tolist() == [0] * 4
    for step in range(5):  # beyond the edge the dot goes on
        assert trail[8 - step].item() == pytest.approx(weights[step:].sum().item())
