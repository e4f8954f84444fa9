"""Pictures of the library's data sets and of users' files, whole or the first so many."""

from pathlib import Path

import numpy as np
import pytest
import torch

from robustlib.data.signs import signs
from robustlib.errors import DataError, UnknownNameError
from rostra.laboratory.pictures import of_model, pictures_of

IMAGES = torch.rand(5, 3, 4, 4, generator=torch.Generator().manual_seed(0))
LABELS = torch.tensor([0, 1, 2, 0, 1])


def test_a_data_sets_test_pictures(tmp_path: Path) -> None:
    found = pictures_of("signs", 6)
    assert torch.equal(found.images, signs(6, seed=0, split="test").images)
    assert len(found) == 6
    assert found.classes == signs(1, seed=0, split="test").classes
    assert found.told == "signs, split test: 6 drawn with seed 0"


def test_those_of_a_models_card_whole_or_the_first() -> None:
    some, more = of_model("signs_robust", 3), of_model("signs_robust", 9)
    assert torch.equal(some.images, more.images[:3])
    assert some.told.endswith(": the first 3 of 1000")


@pytest.mark.parametrize("kind", ["npz", "bytes.npz", "dict.pt", "pair.pt"])
@pytest.mark.parametrize("count", [None, 2, 9])
def test_a_file_of_arrays(tmp_path: Path, kind: str, count: int | None) -> None:
    file = tmp_path / f"mine.{kind}"
    levels = (IMAGES * 255).round().byte()
    if kind == "npz":
        np.savez(file, images=IMAGES.numpy(), labels=LABELS.numpy())
    elif kind == "bytes.npz":
        np.savez(file, images=levels.numpy(), labels=LABELS.numpy().astype(np.uint8))
    else:
        torch.save(
            {"images": IMAGES, "labels": LABELS} if "dict" in kind else [IMAGES, LABELS], file
        )
    found = pictures_of(str(file), count)
    wanted = levels.float() / 255 if "bytes" in kind else IMAGES
    assert torch.equal(found.images, wanted[:count])
    assert torch.equal(found.labels, LABELS[:count])
    assert found.labels.dtype == torch.int64
    assert ("the first 2 of 5" if count == 2 else "all of 5") in found.told


@pytest.mark.parametrize(
    ("images", "labels", "said"),
    [
        (IMAGES, LABELS[:3], "labels n integers"),
        (IMAGES, LABELS.float(), "labels n integers; .* torch.float32"),
        (IMAGES[0, 0, 0], LABELS[:4], "labels n integers"),
        (torch.rand(5, 8, 8, 3), LABELS, "channels at the end"),
    ],
)
def test_what_does_not_fit_is_told(tmp_path: Path, images, labels, said) -> None:
    file = tmp_path / "mine.npz"
    np.savez(file, images=images.numpy(), labels=labels.numpy())
    with pytest.raises(DataError, match=said):
        pictures_of(str(file), None)


def test_a_missing_a_broken_and_a_strange_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no"):
        pictures_of(str(tmp_path / "none.npz"), None)
    for name in ("broken.npz", "broken.pt"):
        (tmp_path / name).write_bytes(b"PK\3\4 and then nothing")
        with pytest.raises(DataError, match=r"is not the (archive|file of tensors)"):
            pictures_of(str(tmp_path / name), None)
    torch.save({"x": IMAGES}, tmp_path / "other.pt")
    with pytest.raises(DataError, match="a dict of something else came"):
        pictures_of(str(tmp_path / "other.pt"), None)
    with pytest.raises(UnknownNameError, match="signs"):
        pictures_of("sings", 1)


def test_a_file_that_would_run_something_is_refused(tmp_path: Path) -> None:
    torch.save([IMAGES, tmp_path], tmp_path / "path.pt")
    with pytest.raises(DataError, match="not the file of tensors"):
        pictures_of(str(tmp_path / "path.pt"), None)
