"""The renderer: frozen, seeded by row, recognisable by its own drawings."""

import hashlib
import time

import pytest
import torch

from robustlib.data._sign_shapes import SIGNS, templates
from robustlib.data.signs import signs
from robustlib.errors import InputError

FROZEN_DRAWINGS = "d94a17ced0a2a0e072085d9afbca64017d6acacf4db057a1d6f1c6c3ac5f99e5"
FROZEN_PICTURES = "ae339d3315a9673d52a76d584b59c6052cd6c6d672cbc80a0b48209f7879ff6c"


def bytes_of(images):
    return (images * 255).round().byte().numpy().tobytes()


def test_the_renderer_is_frozen():
    """The zoo was trained on these pictures: whoever changes one pixel trains it again."""
    assert hashlib.sha256(templates().tobytes()).hexdigest() == FROZEN_DRAWINGS
    some, others = signs(256, seed=0), signs(256, seed=7, first=100, split="test")
    pictures = bytes_of(some.images) + bytes_of(others.images)
    assert hashlib.sha256(pictures).hexdigest() == FROZEN_PICTURES


def test_a_row_depends_on_its_own_number_only():
    many = signs(100, seed=3)
    part = signs(9, seed=3, first=77)
    assert torch.equal(many.images[77:86], part.images)
    assert torch.equal(many.labels[77:86], part.labels)


def test_no_picture_is_in_both_splits_or_under_two_seeds():
    sets = [signs(64, seed=seed, split=split) for seed in (0, 1) for split in ("train", "test")]
    pictures = {bytes_of(image) for a_set in sets for image in a_set.images}
    assert len(pictures) == 4 * 64


def test_sixteen_rows_in_succession_hold_every_class_once():
    assert signs(16, seed=5, first=40).labels.sort().values.tolist() == list(range(len(SIGNS)))


def test_pictures_are_multiples_of_one_255th_in_the_unit_interval():
    images = signs(50, seed=1).images
    assert images.dtype == torch.float32
    assert images.shape == (50, 3, 32, 32)
    assert torch.equal((images * 255).round() / 255, images)
    assert images.min() >= 0
    assert images.max() <= 1


def test_colours_are_where_their_drawings_have_them():
    """Averaged over poses, the middle of a stop sign is red and that of a parking sign blue."""
    seen = signs(3200, seed=2)
    middle = seen.images[:, :, 14:18, 14:18].mean(dim=(2, 3))
    red, _, blue = middle[seen.labels == seen.classes.index("no stopping")].mean(dim=0)
    assert red > 1.3 * blue
    red, _, blue = middle[seen.labels == seen.classes.index("roundabout")].mean(dim=0)
    assert blue > 1.3 * red


def test_left_and_right_are_mirror_images():
    left, right = (templates()[list(SIGNS).index(name)] for name in ("turn left", "turn right"))
    assert (left == right[:, ::-1]).mean() > 0.999
    assert not (left == right).all()


def test_it_renders_a_thousand_pictures_a_second():
    signs(32)  # draws the templates
    start = time.process_time()
    signs(1000, seed=9)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "wrong",
    [{"count": -1}, {"count": None}, {"count": 1, "seed": -1}, {"count": 1, "split": "valid"}],
)
def test_wrong_arguments_are_refused(wrong):
    with pytest.raises(InputError):
        signs(**wrong)


def test_no_pictures_are_pictures_too():
    assert signs(0).images.shape == (0, 3, 32, 32)
