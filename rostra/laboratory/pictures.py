"""Pictures by what stands at the command line: a data set of the library, or a file of arrays."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from robustlib.data._base import Dataset
    from robustlib.recipe import Source

FILES = ".npz", ".pt"
MANY = 1000


@dataclass(frozen=True, eq=False)
class Pictures:
    """What is attacked.

    Args:
        images: In [0, 1], one row each.
        labels: Their true classes.
        told: Which they are and how they were chosen, for a report.
        classes: The names of the classes, where they are known.
    """

    images: "Tensor"
    labels: "Tensor"
    told: str
    classes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many."""
        return len(self.images)


def pictures_of(spec: str, count: int | None) -> Pictures:
    """The pictures that a word names.

    Args:
        spec: A name in `robustlib.data`, whose test split is meant; or a `.npz` or `.pt` file
            that holds `images` and `labels`. Images are numbers in [0, 1] or bytes.
        count: How many: of a data set drawn, by default a thousand; of a file the first, by
            default all.

    Returns:
        The pictures.

    Raises:
        UnknownNameError: No data set of that name.
        DataError: The file is missing, or holds something else.
    """
    from robustlib.data import data

    if Path(spec).suffix in FILES:
        return _in_file(Path(spec), count)
    chosen = data[spec](MANY if count is None else count, split="test")
    return of_dataset(chosen, f"{spec}, split test: {len(chosen)} drawn with seed 0")


def card_pictures(name: str, count: int | None) -> "Dataset":
    """The test pictures that the recipe of a model of the zoo names: all, or the first so many."""
    import torch

    from robustlib.run import pictures_of as named

    whole = named(_test_of(name))
    return whole if count is None else whole.take(torch.arange(min(count, len(whole))))


def of_model(name: str, count: int | None) -> Pictures:
    """The same, and in words which they are."""
    test, whole = _test_of(name), card_pictures(name, None)
    images, labels = whole.images[:count], whole.labels[:count]
    which = "all" if len(images) == len(whole) else f"the first {len(images)}"
    told = f"{test.name}, split {test.split}, seed {test.seed}: {which} of {len(whole)}"
    return Pictures(images, labels, told, whole.classes)


def _test_of(name: str) -> "Source":
    from robustlib.recipe import recipe
    from robustlib.run import zoo

    return recipe(zoo()[name].recipe).test


def of_dataset(found: "Dataset", told: str) -> Pictures:
    """Those of a data set."""
    return Pictures(found.images, found.labels, told, found.classes)


def _in_file(file: Path, count: int | None) -> Pictures:
    from robustlib.errors import DataError

    if not file.is_file():
        raise DataError(f"there is no {file}: --data takes a data set's name, a .npz or a .pt file")
    images, labels = _arrays(file)
    images = images.float() / 255 if not images.is_floating_point() else images.float()
    _check(file, images, labels)
    some = slice(count)
    whole, images = len(images), images[some]
    which = "all" if len(images) == whole else f"the first {len(images)}"
    return Pictures(images, labels[some].long(), f"{file.name}: {which} of {whole}")


def _arrays(file: Path) -> tuple["Tensor", "Tensor"]:
    """Both tensors; nothing that stands in the file is run."""
    import torch

    from robustlib.data._files import archive_of
    from robustlib.errors import DataError

    if file.suffix == ".npz":
        found = archive_of(file, ("images", "labels"))
        return torch.from_numpy(found[0]), torch.from_numpy(found[1])
    try:
        kept = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # what a broken or a strange file raises has many names
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(f"{file} is not the file of tensors that it should be: {reason}") from error
    return _pair(file, kept)


def _pair(file: Path, kept: Any) -> tuple["Tensor", "Tensor"]:
    from torch import Tensor

    from robustlib.errors import DataError

    pair = (kept.get("images"), kept.get("labels")) if isinstance(kept, dict) else kept
    if not isinstance(pair, list | tuple) or list(map(type, pair)) != [Tensor, Tensor]:
        raise DataError(
            f'{file} holds a dict of tensors, {{"images": …, "labels": …}}, or a pair of them; '
            f"a {type(kept).__name__} of something else came"
        )
    return pair[0], pair[1]


def _check(file: Path, images: "Tensor", labels: "Tensor") -> None:
    from robustlib.errors import DataError

    whole = not labels.is_floating_point() and labels.ndim == 1
    if not whole or images.ndim < 2 or len(images) != len(labels):
        raise DataError(
            f"{file}: images are [n, channels, height, width] and labels n integers; "
            f"{list(images.shape)} and {labels.dtype} {list(labels.shape)} came"
        )
    if images.ndim == 4 and images.shape[1] > 4 >= images.shape[3]:
        raise DataError(
            f"{file}: images are [n, channels, height, width]; {list(images.shape)} looks like "
            "channels at the end: images.transpose(0, 3, 1, 2) puts them first"
        )
