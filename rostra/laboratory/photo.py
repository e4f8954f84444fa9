"""`rostra attack` on a picture file: in as the model sees it, out as a file that still fools it."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from robustlib.engine import AttackResult
    from robustlib.goals import Goal
    from robustlib.questions import Attack
    from robustlib.threats import ThreatModel
    from robustlib.types import Classifier

DRAWS = 32
"""Random roundings that are tried where no plain one holds."""
_BITS = 1e-3
"""Of a grey level: what rounding in 32 bits may have added."""
_WIDE = 256
"""Pixels that a picture of changes has across, at least."""


@dataclass(frozen=True, eq=False)
class Photo:
    """A picture as the model sees it.

    Args:
        image: [1, channels, height, width], whole grey levels over 255.
        told: What was done to the file's picture.
    """

    image: "Tensor"
    told: str


def photo_of(file: Path, shape: tuple[int, int, int] | None) -> Photo:
    """Read a picture: turned as its camera says, cropped in the middle, scaled.

    Args:
        file: PNG, JPEG or what else Pillow reads.
        shape: Channels, height and width that the model reads; None: colours, as large as it is.

    Raises:
        DataError: It is no picture.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    from robustlib.errors import DataError

    try:
        with Image.open(file) as opened:
            upright = _shallow(ImageOps.exif_transpose(opened))
            whole, clear = _flat(upright, "L" if shape and shape[0] == 1 else "RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError) as error:
        raise DataError(f"{file} is no picture that can be read: PNG or JPEG, say") from error
    except OSError as error:
        if error.filename is not None:
            raise
        raise DataError(f"{file} is no whole picture: {error}") from error
    wide, high = whole.size
    size = (shape[2], shape[1]) if shape else whole.size
    made = whole if whole.size == size else ImageOps.fit(whole, size, Image.Resampling.LANCZOS)
    told = [f"{wide} x {high} pixels"]
    told += ["what is transparent made white"] * clear
    cropped = wide * size[1] != high * size[0]
    told += ["cropped to the middle"] * cropped
    told += [f"scaled to {size[0]} x {size[1]}, which the model reads"] * (whole.size != size)
    return Photo(_tensor(made), ", ".join(told))


def _shallow(picture: Any) -> Any:
    """Sixteen bits a pixel as eight, which Pillow would cut off at 255."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda level: level * (1 / 257) + 0.5).convert("L")


def _flat(picture: Any, mode: str) -> tuple[Any, bool]:
    """Without transparency: on white, and whether there was any."""
    from PIL import Image

    if not picture.has_transparency_data:
        return picture.convert(mode), False
    above = picture.convert("RGBA")
    white = Image.new("RGBA", above.size, "white")
    return Image.alpha_composite(white, above).convert(mode), True


def _tensor(picture: Any) -> "Tensor":
    import numpy as np
    import torch

    levels = torch.from_numpy(np.array(picture))
    levels = levels[None] if levels.ndim == 2 else levels.permute(2, 0, 1)
    return levels[None].float() / 255


@dataclass(frozen=True, eq=False)
class Written:
    """What an attack on a picture has come to.

    Args:
        result: The attack's own.
        levels: The adversarial picture in whole grey levels over 255.
        holds: Whether that one reaches the goal within eps.
        how: How it was rounded.
    """

    result: "AttackResult"
    levels: "Tensor"
    holds: bool
    how: str


def attacked(
    model: "Classifier",
    image: "Tensor",
    goal: "Goal",
    threat: "ThreatModel",
    attack: "Attack",
    *,
    seed: int = 0,
    **options: Any,
) -> Written:
    """Attack one picture so that it holds in a file of 8 bits a colour.

    An attack stops where the goal is just reached, and rounding may undo that. Then it is run on
    to the highest loss, and rounded again.

    Args:
        model: The victim.
        image: Of whole grey levels.
        goal: What is wanted.
        threat: What may be changed; the rounded picture stays within it, too.
        attack: The attack.
        seed: Of the run.
        options: The attack's own.

    Returns:
        The rounded picture that holds, if one is found; else the nearest rounding.
    """
    from robustlib.engine import attack as run

    result = run(model, image, goal, threat, attack, seed=seed, **options)
    found = _rounded(model, result, image, goal, threat, seed=seed)
    if found.holds or not bool(result.success):
        return found
    deeper = run(model, image, goal, threat, attack, seed=seed, retire="never", **options)
    return _rounded(model, deeper, image, goal, threat, seed=seed)


def _rounded(
    model: "Classifier",
    result: "AttackResult",
    image: "Tensor",
    goal: "Goal",
    threat: "ThreatModel",
    *,
    seed: int,
) -> Written:
    first = None
    for how, levels in roundings(result.adversarial, image, seed):
        within = within_threat(levels, image, threat)
        first = levels if first is None and within else first
        if within and reached(model, levels, goal):
            return Written(result, levels, True, how)
    kept = image if first is None else first
    return Written(result, kept, False, "to the nearest level")


def roundings(adversarial: "Tensor", image: "Tensor", seed: int) -> "Iterator[tuple[str, Tensor]]":
    """Pictures of whole grey levels near a point: plain ones, then random ones."""
    from robustlib.draws import Draws

    exact = adversarial.double() * 255
    clean = (image.double() * 255).round()
    shift = exact - clean
    yield "to the nearest level", _levels(clean + shift.round(), image)
    size, way = shift.abs(), shift.sign()  # of what is whole but for the last bits, the same
    yield "away from the picture", _levels(clean + way * (size - _BITS).ceil(), image)
    yield "towards the picture", _levels(clean + way * (size + _BITS).floor(), image)
    draws = Draws(seed, range(len(image)))
    for _ in range(DRAWS):
        chance = draws.uniform(*image.shape[1:]).to(exact)
        yield "at random", _levels((exact + chance).floor(), image)


def _levels(levels: "Tensor", image: "Tensor") -> "Tensor":
    return (levels.clamp(0, 255).to(image.dtype) / 255).to(image)


def within_threat(levels: "Tensor", image: "Tensor", threat: "ThreatModel") -> bool:
    """Whether a picture lies within the threat model, but for a rounding of the last bit."""
    distance = threat.distance(levels.double(), image.double())
    radius = threat.radius(image).double()
    return bool((distance <= radius + 1e-6 * radius.clamp(min=1)).all())


def reached(model: "Classifier", image: "Tensor", goal: "Goal") -> bool:
    """Whether a picture, by itself, reaches the goal."""
    return bool(goal.to(image.device).reached(answer(model, image), _first(image)))


def answer(model: "Classifier", image: "Tensor") -> "Tensor":
    """The model's outputs for one picture.

    Raises:
        InputError: It fails on such a picture, or answers no scores.
    """
    import torch

    from robustlib.errors import InputError

    try:
        with torch.no_grad():
            found = model(image)
    except Exception as error:  # whatever a model raises at what it was not made for
        what = f"a picture of shape {tuple(image.shape[1:])} (--size says what it reads)"
        raise InputError(f"the model fails on {what}: {error}") from error
    if not isinstance(found, torch.Tensor) or found.ndim != 2:
        raise InputError(f"a model answers logits [1, k], not a {type(found).__name__} of others")
    return found


def _first(image: "Tensor") -> "Tensor":
    import torch

    return torch.zeros(1, dtype=torch.int64, device=image.device)


def named(outputs: "Tensor", classes: Sequence[str]) -> str:
    """What a model says of a picture: the class, and how sure it is."""
    label = int(outputs.argmax())
    share = float(outputs.softmax(dim=1)[0, label])
    return f"{class_name(label, classes)}, {share:.1%}"


def class_name(label: int, classes: Sequence[str]) -> str:
    """A class's name, where names are known."""
    return classes[label] if label < len(classes) else f"class {label}"


def class_of(word: str, classes: Sequence[str], count: int) -> int:
    """The class that a word or a number names.

    Raises:
        UnknownNameError: There is no class of that name.
        InputError: There is none of that number.
    """
    from robustlib.errors import InputError, UnknownNameError

    lower = [each.lower() for each in classes]
    if word.lower() in lower:
        return lower.index(word.lower())
    if not word.isdecimal() and classes:  # to Python, "²" is a digit
        raise UnknownNameError(word, classes, kind="class")
    if not word.isdecimal() or int(word) >= count:
        raise InputError(f"a class is a number in 0 … {count - 1}, not {word!r}")
    return int(word)


def saved(levels: "Tensor", file: Path) -> "Tensor":
    """Write a picture of whole grey levels as PNG, and read back what stands there."""
    from PIL import Image

    from robustlib.card import write_aside

    write_aside(file, _png(_picture(levels)))
    with Image.open(file) as opened:
        return _tensor(opened).to(levels)


def changes(levels: "Tensor", image: "Tensor") -> tuple[bytes, int]:
    """A PNG of what has changed, grey where nothing has, and by how much it is magnified."""
    shift = ((levels - image).cpu().double() * 255).round()
    factor = max(1, int(127 // float(shift.abs().max().clamp(min=1))))
    shown = _picture((128 + factor * shift).clamp(0, 255) / 255)
    times = -(-_WIDE // shown.width)
    return _png(shown.resize((shown.width * times, shown.height * times), 0)), factor  # 0: nearest


def _picture(image: "Tensor") -> Any:
    from PIL import Image

    levels = (image[0].double() * 255).round().byte().cpu().numpy()
    return Image.fromarray(levels[0] if len(levels) == 1 else levels.transpose(1, 2, 0))


def _png(picture: Any) -> bytes:
    content = io.BytesIO()
    picture.save(content, format="PNG")
    return content.getvalue()
