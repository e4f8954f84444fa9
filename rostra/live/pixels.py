"""Pictures as the 8-bit files that people see and keep: exact, lossless, inside the threat model.

A lossy format or a rounding away from the clean picture would break the very budget that a demo
talks about. All figures that a demo reports are those of the 8-bit picture.
"""

import base64
import io
from collections.abc import Sequence

import torch
from jaxtyping import Float, UInt8
from PIL import Image
from torch import Tensor

URI = "data:image/png;base64,"
_NEAR = 1e-3  # of a grey level: what float32 leaves of a whole number of them


def to_bytes(image: Float[Tensor, "c h w"]) -> UInt8[Tensor, "c h w"]:
    """Round a picture in [0, 1] to the nearest of 256 grey levels.

    Args:
        image: Pixels in [0, 1].

    Returns:
        Pixels from 0 to 255.
    """
    return (image.clamp(0, 1) * 255).round().to(torch.uint8).cpu()


def to_floats(pixels: UInt8[Tensor, "c h w"]) -> Float[Tensor, "c h w"]:
    """The picture that a model reads from an 8-bit file.

    Args:
        pixels: Pixels from 0 to 255.

    Returns:
        Pixels in [0, 1], float32.
    """
    return pixels.to(torch.float32) / 255


def towards(clean: UInt8[Tensor, "c h w"], image: Float[Tensor, "c h w"]) -> UInt8[Tensor, "c h w"]:
    """Round a perturbed picture to 8 bits, each pixel towards the clean one.

    No pixel moves away from the clean picture, so no norm grows and no budget is exceeded.

    Args:
        clean: The clean picture, 0 to 255.
        image: The perturbed picture in [0, 1].

    Returns:
        Pixels from 0 to 255.

    Examples:
        >>> clean = torch.full((1, 1, 2), 100, dtype=torch.uint8)
        >>> towards(clean, torch.tensor([[[107.9, 92.1]]]) / 255)
        tensor([[[107,  93]]], dtype=torch.uint8)
    """
    change = image.detach().cpu().double() * 255 - clean.double()
    whole = change.round()
    levels = torch.where((change - whole).abs() < _NEAR, whole, change.trunc())
    return (clean.double() + levels).clamp(0, 255).to(torch.uint8)


def distances(
    clean: UInt8[Tensor, "c h w"], pixels: UInt8[Tensor, "c h w"]
) -> dict[str, float | int]:
    """How far an 8-bit picture is from the clean one, in all norms that people quote.

    Args:
        clean: The clean picture.
        pixels: The perturbed one.

    Returns:
        linf, l2, l1 of the values in [0, 1]; l0, the number of pixels (not channels) that differ.
    """
    change = (pixels.double() - clean.double()) / 255
    return {
        "linf": float(change.abs().max()),
        "l2": float(change.square().sum().sqrt()),
        "l1": float(change.abs().sum()),
        "l0": int((change != 0).any(0).sum()),
    }


def png(pixels: UInt8[Tensor, "c h w"]) -> bytes:
    """Encode a picture of one or three channels as PNG.

    Args:
        pixels: Pixels from 0 to 255.

    Returns:
        The file's bytes, the same for the same pixels.
    """
    rows = pixels.permute(1, 2, 0).contiguous().numpy()
    image = Image.fromarray(rows[:, :, 0] if rows.shape[2] == 1 else rows)
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=9)
    return file.getvalue()


def from_png(data: bytes) -> UInt8[Tensor, "c h w"]:
    """Decode a PNG that `png` has made.

    Args:
        data: The file's bytes.

    Returns:
        Pixels from 0 to 255.
    """
    with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
        pixels = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
        return pixels.reshape(image.height, image.width, -1).permute(2, 0, 1).contiguous()


def uri(pixels: UInt8[Tensor, "c h w"]) -> str:
    """A picture as the text of a `data:` URI.

    Args:
        pixels: Pixels from 0 to 255.

    Returns:
        The URI of its PNG.
    """
    return URI + base64.b64encode(png(pixels)).decode("ascii")


def film(
    clean: UInt8[Tensor, "c h w"], frames: Sequence[UInt8[Tensor, "c h w"]]
) -> UInt8[Tensor, "c h wide"]:
    """Put perturbations side by side in one picture: grey 128 is zero, one level is one level.

    A perturbation compresses far better than the picture that it makes. Good for changes from
    -128 to 127 levels.

    Args:
        clean: The clean picture.
        frames: Perturbed pictures.

    Returns:
        The strip, `len(frames)` pictures wide.

    Raises:
        ValueError: A change does not fit.
    """
    changes = torch.cat([frame.to(torch.int16) - clean.to(torch.int16) for frame in frames], 2)
    if int(changes.min()) < -128 or int(changes.max()) > 127:
        raise ValueError("a change of more than 127 levels does not fit into a film")
    return (changes + 128).to(torch.uint8)
