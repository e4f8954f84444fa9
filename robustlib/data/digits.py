"""Real handwritten digits, from scikit-learn's file, resized and varied."""

import gzip
import hashlib
import zlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor
from torch.nn import functional

from robustlib.data._base import Dataset
from robustlib.draws import Draws
from robustlib.errors import DataError, InputError

SIZE = 28
_COUNT, _TEST = 1797, 360  # the last fifth of the file is never trained on
_SHA256 = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"
_NAMES = tuple("0123456789")
_NAMES_ZH = tuple("零一二三四五六七八九")


def digits(
    count: int | None = None, *, seed: int = 0, split: str = "train", file: Path | None = None
) -> Dataset:
    """Scikit-learn's 1,797 real handwritten digits, white on black, resized to 28 x 28.

    The originals are 8 x 8 counts of ink from 0 to 16 (UCI, optical recognition). They are
    enlarged with a sharp edge and set in a margin, as a digit drawn on a screen would be. The
    file's last 360 digits are the test split, so that no digit is in both.

    Args:
        count: how many varied digits; each is a random original, turned, sheared, scaled, moved,
            thicker or thinner, sharper or softer. `None`: each original once, unvaried.
        seed: of the variation; row `i` depends on (split, seed, i) alone.
        split: `"train"` or `"test"`.
        file: another place of `digits.csv.gz`.

    Returns:
        Grey pictures, 1 x 28 x 28.

    Raises:
        DataError: the file is missing, truncated or another one.
        InputError: a negative count or an unknown split.

    Examples:
        >>> digits(split="test").images.shape
        torch.Size([360, 1, 28, 28])

    Source: alpaydin1998optdigits
    """
    if split not in ("train", "test"):
        raise InputError(f"split must be train or test, got {split!r}")
    if count is not None and count < 0:
        raise InputError(f"count starts from 0, got {count}")
    ink, labels = _read(file or _shipped())
    part = slice(-_TEST, None) if split == "test" else slice(None, -_TEST)
    ink, labels = ink[part], labels[part]
    if count is None:
        return Dataset(_drawn(ink, _plain(len(ink))), labels, _NAMES, _NAMES_ZH)
    draws = Draws(seed, range(count)).child(int(split == "test"))
    chosen = draws.randint(len(ink), 1)[:, 0]
    images = _drawn(ink[chosen], draws.uniform(len(_RANGES)))
    return Dataset(images, labels[chosen], _NAMES, _NAMES_ZH)


def _shipped() -> Path:
    found = find_spec("sklearn")  # reads no code of scikit-learn: importing it takes a second
    if found is None or found.origin is None:
        raise DataError("digits come with scikit-learn, which is not installed: pip install it")
    return Path(found.origin).parent / "datasets" / "data" / "digits.csv.gz"


@lru_cache(maxsize=2)
def _read(file: Path) -> tuple[Float[Tensor, "n 8 8"], Int64[Tensor, " n"]]:
    try:
        text = gzip.decompress(file.read_bytes())
    except FileNotFoundError as error:
        raise DataError(f"no file {file}: install scikit-learn again, or name another") from error
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{file} is truncated or no gzip file ({error}): fetch it again") from error
    came = hashlib.sha256(text).hexdigest()
    if came != _SHA256:
        raise DataError(
            f"{file} is not scikit-learn's digits.csv.gz: SHA-256 of its text should be {_SHA256}, "
            f"got {came}"
        )
    table = np.array([line.split(b",") for line in text.split()], dtype=np.float32)
    ink = torch.from_numpy(table[:, :64] / 16).view(-1, 8, 8)
    return ink, torch.from_numpy(table[:, 64].astype(np.int64))


# turn, shear (radians), width, height, right, down (in half pictures), threshold of ink, edge
_RANGES = torch.tensor(
    [
        (-0.22, 0.22),
        (-0.2, 0.2),
        (0.82, 1.12),
        (0.82, 1.12),
        (-0.14, 0.14),
        (-0.14, 0.14),
        (0.3, 0.55),
        (1.5, 6.0),
    ]
)


def _plain(count: int) -> Tensor:
    """The middle of each range."""
    return torch.full((count, len(_RANGES)), 0.5)


def _drawn(
    ink: Float[Tensor, "n 8 8"], uniform: Float[Tensor, "n 8"]
) -> Float[Tensor, "n 1 28 28"]:
    """Enlarged to 28 x 28, the digit itself to about 21, with each choice taken from [0, 1)."""
    if not len(ink):  # affine_grid refuses an empty batch
        return ink.new_empty(0, 1, SIZE, SIZE)
    low, high = _RANGES.T
    turn, shear, wide, tall, right, down, threshold, edge = (low + (high - low) * uniform).T
    cos, sin, margin = turn.cos(), turn.sin(), SIZE / 21
    to_ink = torch.stack(
        [
            torch.stack([cos, sin + shear, right], dim=1) * (margin / wide)[:, None],
            torch.stack([-sin, cos, down], dim=1) * (margin / tall)[:, None],
        ],
        dim=1,
    )
    places = functional.affine_grid(to_ink, [len(ink), 1, SIZE, SIZE], align_corners=False)
    large = functional.grid_sample(ink[:, None], places, mode="bicubic", align_corners=False)
    return ((large - threshold[:, None, None, None]) * edge[:, None, None, None] + 0.5).clamp(0, 1)
