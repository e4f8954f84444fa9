"""Against the cosine transform and the standard's table of steps, block by block."""

import numpy as np
import pytest
import torch
from scipy import fft

from robustlib.corruptions.jpeg_compression import jpeg_compression
from tests.robustlib.corruptions.conftest import streams

STEPS = np.array(  # of luminance, from annex K of the standard
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ]
)


def slow(picture, quality):
    """Grey levels [h, w], of whole blocks."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    steps = np.clip((STEPS * scale + 50) // 100, 1, 255)
    result = np.zeros_like(picture)
    for y in range(0, picture.shape[0], 8):
        for x in range(0, picture.shape[1], 8):
            block = fft.dctn(picture[y : y + 8, x : x + 8] - 128, norm="ortho")
            eighths = np.round(block * 8)  # as its integer arithmetic has them
            kept = np.sign(block) * np.floor(np.abs(eighths) / (8 * steps) + 0.5) * steps
            result[y : y + 8, x : x + 8] = fft.idctn(kept, norm="ortho") + 128
    return result.clip(0, 255)


@pytest.mark.parametrize(("severity", "quality"), [(1, 80), (2, 65), (3, 58), (4, 50), (5, 40)])
def test_grey_pictures_lose_what_the_table_says(severity, quality, scenes) -> None:
    """Up to a rounding; where a wave is halfway between two steps, it may fall to either side."""
    images = scenes(9, (1, 32, 32))
    corrupted = jpeg_compression(images, severity=severity, draws=streams(images)) * 255
    levels = (images * 255).round().cpu().numpy()
    wanted = np.stack([slow(picture, quality) for picture in levels[:, 0]])
    gaps = np.abs(corrupted[:, 0].cpu().numpy() - wanted)
    exact = gaps.reshape(9, 4, 8, 4, 8).max(axis=(2, 4)) < 0.6
    assert exact.mean() > 0.93


def test_colours_come_back_in_their_order(device) -> None:
    images = torch.zeros(3, 3, 16, 24, device=device)
    for channel in range(3):
        images[channel, channel] = 0.8
    corrupted = jpeg_compression(images, severity=1, draws=streams(images))
    assert (corrupted - images).abs().max() < 0.03
