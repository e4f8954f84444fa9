"""What every corruption promises; a new file joins by existing."""

import inspect

import pytest
import torch

from robustlib.corruptions import corruptions
from robustlib.corruptions._base import SEVERITIES, Corruption, Levels
from robustlib.draws import Draws
from robustlib.errors import InputError
from tests.robustlib.corruptions.conftest import streams

EVERY = pytest.mark.parametrize("name", corruptions)
SHAPES = [(3, 32, 32), (1, 28, 28), (3, 21, 34), (1, 64, 50), (3, 130, 140), (3, 2, 3), (1, 1, 1)]
PAPERS = {
    "gaussian_noise", "shot_noise", "impulse_noise",
    "defocus_blur", "glass_blur", "motion_blur", "zoom_blur",
    "snow", "frost", "fog", "brightness",
    "contrast", "elastic_transform", "pixelate", "jpeg_compression",
}  # fmt: skip

# Draw nothing: every seed gives the same.
FIXED = {"defocus_blur", "zoom_blur", "brightness", "contrast", "pixelate", "jpeg_compression"}
# The paper's constants for small pictures do not grow in every step, measured by the mean square.
UNORDERED = {
    "glass_blur": "between the same two moves of pixels a stronger blur brings them nearer again",
    "frost": "the last severities dim the picture: together with the ice it is as bright as before",
    "elastic_transform": "the pull shrinks while the bend grows",
}


def test_the_papers_fifteen_are_here() -> None:
    assert set(corruptions) >= PAPERS
    assert set(corruptions) >= FIXED | set(UNORDERED)


@EVERY
def test_it_is_called_as_promised(name) -> None:
    promised = inspect.signature(Corruption.__call__).parameters
    given = inspect.signature(corruptions[name]).parameters
    assert [(one.name, one.kind, one.default) for one in given.values()] == [
        (one.name, one.kind, one.default) for one in promised.values() if one.name != "self"
    ]


@EVERY
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_pictures_come_back_as_pictures(name, shape, dtype, scenes, random_states) -> None:
    images = scenes(2, shape, dtype)
    before, states = images.clone(), random_states()
    for severity in (1, 5):
        corrupted = corruptions[name](images, severity=severity, draws=streams(images))
        assert corrupted.shape == images.shape
        assert (corrupted.dtype, corrupted.device) == (dtype, images.device)
        assert corrupted.min() >= 0
        assert corrupted.max() <= 1
        assert not corrupted.isnan().any()
    assert torch.equal(images, before)
    assert random_states() == states


@EVERY
def test_black_and_white_stay_in_the_box(name, device) -> None:
    images = torch.stack([torch.zeros(3, 32, 32), torch.ones(3, 32, 32)]).to(device)
    for severity in SEVERITIES:
        corrupted = corruptions[name](images, severity=severity, draws=streams(images))
        assert corrupted.min() >= 0
        assert corrupted.max() <= 1


@EVERY
def test_a_row_is_corrupted_by_itself(name, scenes) -> None:
    """Neither company, nor order, nor the batch changes it."""
    images = scenes(6, dtype=torch.float32)
    corrupt = corruptions[name]
    whole = corrupt(images, draws=Draws(3, range(6)))
    order = torch.tensor([4, 0, 5, 2], device=images.device)
    some = corrupt(images[order], draws=Draws(3, order.tolist()))
    assert (some - whole[order]).abs().max() < 1e-6
    alone = corrupt(images[1:2], draws=Draws(3, [1]))
    assert (alone - whole[1:2]).abs().max() < 1e-6
    twins = corrupt(images[:1].expand(2, -1, -1, -1), draws=Draws(3, [1, 1]))
    assert (twins[0] - twins[1]).abs().max() < 1e-6


@EVERY
def test_the_seed_is_all_there_is_to_chance(name, scenes) -> None:
    images = scenes(3)
    once, again, other = (
        corruptions[name](images, draws=streams(images, seed)) for seed in (0, 0, 1)
    )
    assert torch.equal(once, again)
    assert torch.equal(once, other) == (name in FIXED)


@EVERY
def test_single_and_double_precision_agree(name, scenes) -> None:
    images = scenes(4, dtype=torch.float32)
    single = corruptions[name](images, draws=streams(images))
    double = corruptions[name](images.double(), draws=streams(images))
    assert (single - double).abs().max() < 1e-5


@EVERY
@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 28, 28)], ids=["signs", "digits"])
def test_severity_is_a_distance(name, shape, scenes) -> None:
    images = scenes(24, shape)
    versions = [corruptions[name](images, severity=s, draws=streams(images)) for s in SEVERITIES]
    distances = [(version - images).square().mean().item() for version in versions]
    assert min(distances) > 0
    assert len(set(distances)) == len(SEVERITIES)
    assert (distances == sorted(distances)) or name in UNORDERED, distances


@pytest.mark.parametrize("name", UNORDERED)
def test_exceptions_are_still_needed(name, scenes) -> None:
    images = scenes(24)
    versions = [corruptions[name](images, severity=s, draws=streams(images)) for s in SEVERITIES]
    distances = [(version - images).square().mean().item() for version in versions]
    assert distances != sorted(distances)


@EVERY
def test_no_pictures_are_no_trouble(name, device) -> None:
    nothing = torch.zeros(0, 3, 32, 32, device=device)
    assert corruptions[name](nothing, draws=Draws(0, [])).shape == nothing.shape


@EVERY
def test_it_has_constants_for_each_size_and_severity(name) -> None:
    levels = vars(inspect.getmodule(corruptions[name]))["_LEVELS"]
    assert isinstance(levels, Levels)
    assert {len(levels.cifar), len(levels.tiny), len(levels.imagenet)} == {len(SEVERITIES)}


GOOD = torch.rand(2, 3, 8, 8)


@EVERY
@pytest.mark.parametrize(
    ("images", "severity", "draws", "told"),
    [
        (GOOD, 0, Draws(0, [0, 1]), "severity is one of 1, 2, 3, 4 and 5, not 0"),
        (GOOD, 6, Draws(0, [0, 1]), "severity is one of"),
        (GOOD, 2.0, Draws(0, [0, 1]), "severity is one of"),
        (GOOD, True, Draws(0, [0, 1]), "severity is one of"),
        (GOOD, "3", Draws(0, [0, 1]), "severity is one of"),
        (GOOD[0], 3, Draws(0, [0, 1, 2]), r"pictures are \[n, c, h, w\].*unsqueeze"),
        (torch.rand(2, 4, 8, 8), 3, Draws(0, [0, 1]), "one or three channels"),
        (torch.rand(2, 3, 0, 8), 3, Draws(0, [0, 1]), "a pixel at least"),
        (GOOD * 255, 3, Draws(0, [0, 1]), "divided by 255"),
        (GOOD * torch.nan, 3, Draws(0, [0, 1]), "images lie in"),
        (GOOD.byte(), 3, Draws(0, [0, 1]), "floating-point"),
        (GOOD, 3, Draws(0, [0]), r"a stream for each of 2 pictures, not 1"),
        (GOOD, 3, 0, r"draws are Draws\(seed, keys\)"),
    ],
)
def test_what_makes_no_sense_is_refused(name, images, severity, draws, told) -> None:
    with pytest.raises(InputError, match=told):
        corruptions[name](images, severity=severity, draws=draws)
