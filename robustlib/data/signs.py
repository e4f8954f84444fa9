"""Traffic signs, rendered here: unlimited, seeded, every picture from its own number."""

import numpy as np
import numpy.typing as npt
import torch

from robustlib.data._base import Dataset
from robustlib.data._sign_shapes import EXTENT, SIGNS, TEMPLATE_SIZE, templates
from robustlib.errors import InputError

SIZE = 32
_OVER = 3  # samples per pixel and direction
_CHUNK = 32  # pictures at once: their samples fit the processor's cache
_SPLITS = {"train": 0x7261696E, "test": 0x74657374}

F = npt.NDArray[np.floating]  # float32 throughout
U = npt.NDArray[np.uint64]


def signs(count: int, *, seed: int = 0, first: int = 0, split: str = "train") -> Dataset:
    """Render traffic signs in random pose, light, weather, blur and surroundings.

    Row `i` depends on (split, seed, first + i) and on nothing else: not on `count`, batch or
    machine. Its class is (first + i) mod 16. Only operations that IEEE 754 rounds exactly and
    integers are used, and the pictures are rounded to 8 bits, so they are the same everywhere.

    Args:
        count: how many pictures, from 0.
        seed: which endless sequence, from 0.
        first: where in the sequence to begin, from 0.
        split: `"train"` or `"test"`: two families of sequences without a common picture.

    Returns:
        RGB pictures, 32 x 32, each value a multiple of 1 / 255.

    Raises:
        InputError: a negative number or an unknown split.

    Examples:
        >>> some, more = signs(3, seed=7), signs(20, seed=7)
        >>> bool((some.images == more.images[:3]).all())
        True
        >>> [some.classes[label] for label in some.labels]
        ['stop', 'yield', 'no entry']
    """
    if not isinstance(count, int):
        raise InputError(f"signs have no end: say how many with count, not {count!r}")
    if min(count, seed, first) < 0:
        raise InputError(f"count, seed and first start from 0, got {count}, {seed}, {first}")
    if split not in _SPLITS:
        raise InputError(f"split must be one of {', '.join(_SPLITS)}, got {split!r}")
    rows = np.arange(first, first + count, dtype=np.uint64)
    pictures = np.empty((count, SIZE, SIZE, 3), dtype=np.uint8)
    for start in range(0, count, _CHUNK):
        part = slice(start, start + _CHUNK)
        pictures[part] = _render(rows[part], _Numbers(_SPLITS[split], seed, rows[part]))
    images = torch.from_numpy(pictures).permute(0, 3, 1, 2).to(torch.float32).contiguous() / 255
    labels = torch.from_numpy((rows % len(SIGNS)).astype(np.int64))
    return Dataset(images, labels, tuple(SIGNS), tuple(name for name, _ in SIGNS.values()))


def _mix(values: U) -> U:
    """Scramble 64-bit integers (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


class _Numbers:
    """One endless stream of random numbers for each row, by counting and scrambling.

    Torch promises no number to be the same in its next release; integer arithmetic does.
    """

    def __init__(self, split: int, seed: int, rows: U) -> None:
        origin = _mix(np.array([split], dtype=np.uint64)) ^ _mix(np.array([seed], dtype=np.uint64))
        self._keys = _mix(_mix(origin) + rows)[:, None]
        self._counter = 0

    def bits(self, count: int) -> U:
        """The next integers of each row, [row, count]."""
        self._counter += count
        ticks = np.arange(self._counter - count, self._counter, dtype=np.uint64)
        return _mix(self._keys + (ticks + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15))

    def between(self, low: float, high: float, *shape: int) -> F:
        """Uniform numbers, [row, *shape]."""
        bits = self.bits(int(np.prod(shape, dtype=int))) >> np.uint64(40)
        uniform = bits.astype(np.float32) * np.float32(2**-24)
        return np.float32(low) + np.float32(high - low) * uniform.reshape(-1, *shape)

    def one_of(self, table: F) -> F:
        """An entry of the table for each row."""
        return table[(self.bits(1)[:, 0] % np.uint64(len(table))).astype(np.intp)]

    def noise(self, *shape: int) -> F:
        """Triangular noise in (-1, 1), 16 bits a draw, [row, *shape]."""
        pairs = self.bits(int(np.prod(shape, dtype=int)) // 2).astype("<u8").view("<u2")
        first, second = pairs.reshape(len(pairs), 2, -1).astype(np.float32).swapaxes(0, 1)
        return ((first - second) * np.float32(2**-16)).reshape(-1, *shape)


def _render(rows: U, numbers: _Numbers) -> npt.NDArray[np.uint8]:
    scene = _surroundings(numbers)
    sign, cover = _placed(rows, numbers)
    scene = scene * (1 - cover) + _aged(sign, numbers)
    for change in (_lit, _weathered, _blurred):
        scene = change(scene, numbers)
    scene = scene + numbers.between(0.0, 0.06, 1, 1, 1) * numbers.noise(SIZE, SIZE, 3)
    return (np.clip(scene, 0, 1) * 255 + np.float32(0.5)).astype(np.uint8)


def _colours(*rows: tuple[float, float, float]) -> F:
    return np.array(rows, dtype=np.float32)


_SKIES = _colours(
    (0.42, 0.62, 0.88),
    (0.66, 0.78, 0.92),
    (0.80, 0.82, 0.84),
    (0.93, 0.72, 0.52),
    (0.30, 0.36, 0.52),
)
_HILLS = _colours(
    (0.20, 0.34, 0.16),
    (0.34, 0.46, 0.20),
    (0.52, 0.36, 0.28),
    (0.58, 0.57, 0.55),
    (0.62, 0.42, 0.14),
)
_GROUNDS = _colours(
    (0.36, 0.36, 0.38),
    (0.30, 0.48, 0.20),
    (0.86, 0.88, 0.92),
    (0.62, 0.54, 0.40),
    (0.50, 0.50, 0.48),
)
_PIXELS = np.arange(SIZE, dtype=np.float32)


def _surroundings(numbers: _Numbers) -> F:
    """Sky, hills before it, and the ground: [row, y, x, 3]."""
    y = _PIXELS[:, None, None]
    sky, hills, ground = (
        numbers.one_of(table)[:, None, None, :] + numbers.between(-0.07, 0.07, 1, 1, 3)
        for table in (_SKIES, _HILLS, _GROUNDS)
    )
    sky = sky + numbers.between(-0.006, 0.012, 1, 1, 1) * y
    coarse, fine = np.float32(0.18), np.float32(0.07)
    texture = _stretched(numbers.noise(8, 8)) * coarse + numbers.noise(SIZE, SIZE) * fine
    skyline = numbers.between(2, 24, 1, 1) + 5 * _stretched_line(numbers.noise(8))[:, None, :]
    horizon = numbers.between(14, 34, 1, 1)
    scene: F = sky
    for colour, edge in ((hills, skyline), (ground, horizon)):
        cover = np.clip(y - edge[..., None] + 0.5, 0, 1)
        scene = _blend(scene, colour + texture[..., None], cover)
    return scene


def _blend(below: F, above: F | np.float32, cover: F) -> F:
    return below + (above - below) * cover


def _stretched_line(values: F) -> F:
    """Eight values along the last axis to 32, linear in between."""
    position = np.clip((_PIXELS + 0.5) / 4 - 0.5, 0, 6.999)
    left = position.astype(np.intp)
    right = (position - left).astype(np.float32)
    return _blend(values[..., left], values[..., left + 1], right)


def _stretched(values: F) -> F:
    """8 x 8 values to 32 x 32."""
    return _stretched_line(_stretched_line(values).swapaxes(-1, -2)).swapaxes(-1, -2)


def _placed(rows: U, numbers: _Numbers) -> tuple[F, F]:
    """The sign of each row in a random pose: colour times coverage, and coverage."""
    scale = np.float32(TEMPLATE_SIZE / (2 * EXTENT))
    x, y = (
        np.clip((axis + np.float32(EXTENT)) * scale, 0, TEMPLATE_SIZE - 1).astype(np.int32)
        for axis in _pose(numbers)
    )
    label = (rows % len(SIGNS)).astype(np.int32)[:, None, None]
    packed = templates().view("<u4").ravel()
    return _averaged(packed[(label * TEMPLATE_SIZE + y) * TEMPLATE_SIZE + x])


def _pose(numbers: _Numbers) -> tuple[F, F]:
    """Where in its drawing each sample lies, seen from a random side: x and y, [row, y, x]."""
    tan_half = numbers.between(-0.13, 0.13, 1, 1)  # a cosine may differ in its last bit, this not
    cos, sin = (1 - tan_half**2) / (1 + tan_half**2), 2 * tan_half / (1 + tan_half**2)
    height = numbers.between(8.5, 14.0, 1, 1)
    width = height * numbers.between(0.8, 1.0, 1, 1)
    lean_x, lean_y = numbers.between(-0.012, 0.012, 1, 1), numbers.between(-0.012, 0.012, 1, 1)
    ticks = (np.arange(SIZE * _OVER, dtype=np.float32) + np.float32(0.5)) / _OVER - SIZE / 2
    x = ticks[None, None, :] - numbers.between(-2.5, 2.5, 1, 1)
    y = ticks[None, :, None] - numbers.between(-2.5, 2.5, 1, 1)
    depth = 1 + lean_x * x + lean_y * y
    across = (cos / width * x + sin / width * y) / depth
    down = (cos / height * y - sin / height * x) / depth
    return across, down


def _averaged(samples: npt.NDArray[np.uint32]) -> tuple[F, F]:
    """Samples of four packed bytes to pixels; the bytes of two channels are summed in one."""
    pairs = [(samples >> np.uint32(shift)) & np.uint32(0x00FF00FF) for shift in (0, 8)]
    for axis in (1, 2):
        pairs = [_summed(pair, axis) for pair in pairs]
    channels = [pair >> np.uint32(half) & np.uint32(0xFFFF) for half in (0, 16) for pair in pairs]
    share = np.float32(1 / (255 * _OVER**2))
    pixels = np.stack(channels, axis=-1).astype(np.float32) * share
    return pixels[..., :3], pixels[..., 3:]


def _summed(samples: npt.NDArray[np.uint32], axis: int) -> npt.NDArray[np.uint32]:
    step = (slice(None),) * axis
    total = samples[(*step, slice(0, None, _OVER))].copy()
    for first in range(1, _OVER):
        total += samples[(*step, slice(first, None, _OVER))]
    return total


def _aged(sign: F, numbers: _Numbers) -> F:
    """Faded colours and dirt."""
    grey = sign[..., :1] * 0.3 + sign[..., 1:2] * 0.6 + sign[..., 2:] * 0.1
    sign = _blend(sign, grey, numbers.between(0.0, 0.35, 1, 1, 1))
    dirt = np.clip(_stretched(numbers.noise(8, 8)) - 0.1, 0, 1)[..., None]
    return sign * (1 - dirt * numbers.between(0.0, 0.7, 1, 1, 1))


def _lit(scene: F, numbers: _Numbers) -> F:
    """Brightness, colour of the light, a bright side and the edge of a shadow."""
    x, y = _PIXELS[:, None] - np.float32(15.5), _PIXELS[:, None, None] - np.float32(15.5)
    slope_x, slope_y = numbers.between(-1, 1, 1, 1, 1), numbers.between(-1, 1, 1, 1, 1)
    tilt = (slope_x * x + slope_y * y) * np.float32(1 / 16)
    gain = numbers.between(0.3, 1.05, 1, 1, 1) * numbers.between(0.93, 1.07, 1, 1, 3)
    offset = numbers.between(-3, 1.5, 1, 1, 1)
    shade = np.clip((tilt + offset) * 3, 0, 1) * numbers.between(0.15, 0.45, 1, 1, 1)
    return scene * (gain * (1 + tilt * numbers.between(0.0, 0.12, 1, 1, 1))) * (1 - shade)


def _weathered(scene: F, numbers: _Numbers) -> F:
    """Clear, fog, rain or snow."""
    kind = numbers.between(0, 1, 1, 1, 1)
    fog = np.where(kind < 0.35, numbers.between(0.15, 0.65, 1, 1, 1), 0)
    scene = _blend(scene, numbers.between(0.7, 0.88, 1, 1, 1), fog)
    rain, snow = _drops(numbers, 40, 5, 0.35), _drops(numbers, 24, 1, 0.8)
    falling = np.where(kind > 0.88, snow, np.where(kind > 0.76, rain, 0))
    return _blend(scene, np.float32(0.85), falling)


def _drops(numbers: _Numbers, count: int, length: int, strength: float) -> F:
    """Cover by drops at random places, each drawn downwards and a little to the left."""
    area = SIZE * SIZE
    places = (numbers.bits(count) % np.uint64(area)).astype(np.intp)
    cover = np.zeros((len(places), area), dtype=np.float32)
    for step in range(length):
        drawn = (places + step * SIZE - step // 2) % area
        np.put_along_axis(cover, drawn, np.float32(strength), axis=1)
    return cover.reshape(-1, SIZE, SIZE, 1)


def _blurred(scene: F, numbers: _Numbers) -> F:
    """Out of focus, or moving: three taps along each axis."""
    places = np.arange(SIZE)
    for axis in (1, 2):
        weight = np.clip(numbers.between(-0.1, 0.3, 1, 1, 1), 0, 1)
        before = scene.take(np.maximum(places - 1, 0), axis)
        after = scene.take(np.minimum(places + 1, SIZE - 1), axis)
        scene = scene * (1 - 2 * weight) + (before + after) * weight
    return scene
