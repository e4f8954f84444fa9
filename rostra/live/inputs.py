"""What visitors bring: files and drawings, made into the picture that a model can read.

Nothing is decoded before its size is known. Whatever is changed on the way in is said.
"""

import base64
import io
import struct
import warnings
from dataclasses import dataclass, field
from typing import Final

import torch
from jaxtyping import UInt8
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from rostra.live.words import MESSAGES, VisitorError, say

FILE_LIMIT: Final = 2_000_000  # bytes
PIXEL_LIMIT: Final = 4_000_000  # a picture is decoded whole before it is made small
FORMATS: Final = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
_INNER: Final = 20 / 28  # how much of the picture the strokes fill
_BROKEN: Final = (OSError, SyntaxError, ValueError, IndexError, EOFError, struct.error)
_INK: Final = 40  # grey levels: fainter strokes are the page, not the drawing


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture as a model reads it, and what was done to it on the way.

    Args:
        pixels: 0 to 255, [channels, size, size].
        notes: What was changed: keys of `words.MESSAGES` and what fills them.
    """

    pixels: UInt8[Tensor, "c h w"]
    notes: tuple[tuple[str, dict[str, object]], ...] = field(default=())

    def said(self, language: str) -> list[str]:
        """The notes in one language.

        Args:
            language: "en" or "zh".

        Returns:
            One sentence per note.
        """
        return [say(MESSAGES, key, language, **values) for key, values in self.notes]


def limit_decoding() -> None:
    """Let Pillow refuse, everywhere in this process, what `opened` would refuse anyway."""
    Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def from_uri(uri: str) -> bytes:
    """Read the bytes of a base64 `data:` URI.

    Args:
        uri: As a browser's FileReader gives it.

    Returns:
        The file's bytes.

    Raises:
        VisitorError: It is no such URI, or the file is too large.
    """
    head, comma, body = uri.partition(",")
    if not comma or not head.startswith("data:") or not head.endswith(";base64"):
        raise VisitorError("unknown" if body or not head.startswith("data:") else "empty")
    if len(body) > FILE_LIMIT * 4 // 3 + 4:
        raise VisitorError("heavy")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:  # also of letters that are not ASCII
        raise VisitorError("unknown") from None


def uploaded(data: bytes, channels: int, size: int) -> Picture:
    """Make a visitor's file into a model's picture: upright, middle cut out, resized.

    Args:
        data: The file's bytes.
        channels: 1 or 3.
        size: Height and width that the model reads.

    Returns:
        The picture and what was changed.

    Raises:
        VisitorError: It cannot be used; the message says what could be.
    """
    image, notes = _plain(opened(data))
    if channels == 1:
        return _handwriting(image.convert("L"), size, notes)
    if image.size != (size, size):
        width, height = image.size
        notes.append(("cropped", {"width": width, "height": height, "size": size}))
    fitted = ImageOps.fit(image, (size, size), Image.Resampling.BOX)
    return Picture(_tensor(fitted), tuple(notes))


def opened(data: bytes) -> Image.Image:
    """Open a file that may be anything, and decode it only if it is small enough.

    Args:
        data: The file's bytes.

    Returns:
        The decoded picture.

    Raises:
        VisitorError: Empty, too large, animated, damaged, or no picture at all.
    """
    if not data:
        raise VisitorError("empty")
    if len(data) > FILE_LIMIT:
        raise VisitorError("heavy")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"<svg" in data[:4000].lower():
        raise VisitorError("svg")
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        _check(image)
        image.load()
    except VisitorError:
        raise
    except UnidentifiedImageError:
        raise VisitorError("unknown") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise VisitorError("large", limit=PIXEL_LIMIT // 10**6) from None
    except _BROKEN:
        raise VisitorError("damaged") from None
    return image


def _check(image: Image.Image) -> None:
    pixels = image.width * image.height
    if pixels > PIXEL_LIMIT:
        raise VisitorError("large", megapixels=round(pixels / 10**6), limit=PIXEL_LIMIT // 10**6)
    # A phone's JPEG may hold more pictures (depth, brightness); the first one is the photo.
    frames = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
    if frames > 1:
        raise VisitorError("animated", frames=frames)


def _plain(image: Image.Image) -> tuple[Image.Image, list[tuple[str, dict[str, object]]]]:
    """Turn a picture upright and into red, green and blue, 8 bits each; say what changed."""
    notes: list[tuple[str, dict[str, object]]] = []
    try:
        image = ImageOps.exif_transpose(image)
    except _BROKEN:
        raise VisitorError("damaged") from None
    if image.mode == "CMYK":
        notes.append(("cmyk", {}))
    if image.mode.startswith("I"):
        notes.append(("deep", {}))
        image = _eight_bits(image)
    if image.has_transparency_data:
        colours = image.convert("RGBA")
        if colours.getchannel("A").getextrema() != (255, 255):
            notes.append(("transparent", {}))
        image = Image.alpha_composite(Image.new("RGBA", colours.size, "white"), colours)
    return image.convert("RGB"), notes


def _eight_bits(image: Image.Image) -> Image.Image:
    """The upper 8 of 16 bits a pixel; Pillow would take what is above 255 for white."""
    return image.convert("I").point(lambda level: level * (1 / 257) + 0.5).convert("L")


def _tensor(image: Image.Image) -> UInt8[Tensor, "c h w"]:
    pixels = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
    return pixels.reshape(image.height, image.width, -1).permute(2, 0, 1).contiguous()


def drawn(data: bytes, size: int) -> Picture:
    """Make a drawing into a picture: strokes centred by weight, as handwriting data sets do.

    Args:
        data: A PNG of strokes, dark on bright or bright on dark.
        size: Height and width that the model reads.

    Returns:
        The picture, bright strokes on black, one channel, and what was done.

    Raises:
        VisitorError: Nothing was drawn, or the file cannot be used.
    """
    image, notes = _plain(opened(data))
    return _handwriting(image.convert("L"), size, notes)


def exact(data: bytes, channels: int, size: int) -> Picture:
    """Take a picture as it is: one that this server has given out before, in a link.

    Args:
        data: The file's bytes.
        channels: 1 or 3.
        size: Height and width that the model reads.

    Returns:
        The picture, unchanged.

    Raises:
        VisitorError: It has not the model's size, or more than 8 bits a colour.
    """
    image = opened(data)
    if image.size != (size, size) or image.mode.startswith("I"):
        raise VisitorError("unknown")
    return Picture(_tensor(image.convert("L" if channels == 1 else "RGB")))


def _handwriting(
    grey: Image.Image, size: int, notes: list[tuple[str, dict[str, object]]]
) -> Picture:
    edge = [
        *grey.crop((0, 0, grey.width, 1)).tobytes(),
        *grey.crop((0, 0, 1, grey.height)).tobytes(),
    ]
    if sum(edge) > 127 * len(edge):
        grey = ImageOps.invert(grey)
    box = grey.point(lambda level: 255 * (level > _INK)).getbbox()
    if box is None:
        raise VisitorError("blank")
    scale = size * _INNER / max(box[2] - box[0], box[3] - box[1])
    width, height = (max(1, round(scale * side)) for side in (box[2] - box[0], box[3] - box[1]))
    strokes = grey.crop(box).resize((width, height), Image.Resampling.BOX)
    paper = Image.new("L", (size, size))
    paper.paste(strokes, _corner(strokes, size))
    return Picture(_tensor(paper), (*notes, ("drawn", {"size": size})))


def _corner(strokes: Image.Image, size: int) -> tuple[int, int]:
    """Where strokes go so that their centre of mass is the picture's centre, all inside."""
    weight = _tensor(strokes)[0].double()
    total = float(weight.sum())
    middle_x = float((weight.sum(0) * torch.arange(strokes.width)).sum()) / total
    middle_y = float((weight.sum(1) * torch.arange(strokes.height)).sum()) / total
    left = round((size - 1) / 2 - middle_x)
    top = round((size - 1) / 2 - middle_y)
    return (
        min(max(left, 0), size - strokes.width),
        min(max(top, 0), size - strokes.height),
    )
