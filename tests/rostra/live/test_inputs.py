"""What visitors bring: each bad file gets its own clear words, and good ones become pictures."""

import base64
import io
import random
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
import torch
from PIL import Image, ImageDraw, ImageOps

from rostra.live import inputs
from rostra.live.inputs import FILE_LIMIT
from rostra.live.words import LANGUAGES, VisitorError


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def bomb(side: int = 10_000) -> bytes:
    """A PNG of `side` x `side` black pixels that is small as a file."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(side + 1)) for _ in range(side)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def photo() -> Image.Image:
    """Red left, green middle, blue right: 90 x 30."""
    image = Image.new("RGB", (90, 30), (200, 0, 0))
    image.paste((0, 200, 0), (30, 0, 60, 30))
    image.paste((0, 0, 200), (60, 0, 90, 30))
    return image


def animation() -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "a PNG of 100 megapixels": (bomb, "large"),
    "a PNG of 4.4 megapixels": (lambda: bomb(2_100), "large"),
    "a truncated JPEG": (lambda: saved(photo(), "JPEG")[:-400], "damaged"),
    "a truncated PNG": (lambda: saved(photo(), "PNG")[:60], "damaged"),
    "an SVG": (lambda: b"<?xml version='1.0'?>\n<svg xmlns='...'/>", "svg"),
    "nothing": (lambda: b"", "empty"),
    "an animated GIF": (animation, "animated"),
    "a TIFF": (lambda: saved(photo(), "TIFF"), "unknown"),
    "a web page": (lambda: b"<html><img src=x>", "unknown"),
    "a pickle": (lambda: b"\x80\x04\x95cposix\nsystem\n", "unknown"),
    "a heavy file": (lambda: bytes(FILE_LIMIT + 1), "heavy"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("channels", [1, 3])
def test_a_bad_file_gets_clear_words(name: str, channels: int) -> None:
    file, key = BAD[name]
    with pytest.raises(VisitorError) as refused:
        inputs.uploaded(file(), channels, 32)
    assert refused.value.key == key
    english, chinese = (refused.value.text(language) for language in LANGUAGES)
    assert "{" not in english + chinese
    assert english.endswith(".")
    assert chinese.endswith("。")


def test_a_pixel_bomb_is_refused_before_it_is_decoded() -> None:
    file = bomb()
    assert len(file) < 200_000
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(VisitorError):
        inputs.opened(file)
    seconds = time.perf_counter() - start
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seconds < 0.5
    assert peak < 10_000_000


def test_the_middle_is_cut_out_and_said() -> None:
    picture = inputs.uploaded(saved(photo(), "PNG"), 3, 10)
    assert picture.pixels.shape == (3, 10, 10)
    assert torch.equal(picture.pixels[1], torch.full((10, 10), 200, dtype=torch.uint8))
    assert int(picture.pixels[0].max()) == int(picture.pixels[2].max()) == 0
    assert picture.said("en") == ["Used the middle of the 90 × 30 picture, resized to 10 × 10."]
    assert picture.said("zh") == ["已取 90 × 30 图片的中间部分，缩放为 10 × 10。"]


def test_a_cmyk_jpeg_is_read_and_said() -> None:
    file = saved(Image.new("CMYK", (32, 32), (0, 255, 255, 0)), "JPEG")
    picture = inputs.uploaded(file, 3, 32)
    red, green, blue = picture.pixels.float().mean((1, 2)).tolist()
    assert red > 200
    assert max(green, blue) < 60
    assert picture.notes[0][0] == "cmyk"


def test_transparency_is_put_on_white_and_said() -> None:
    picture = inputs.uploaded(saved(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG"), 3, 8)
    assert int(picture.pixels.min()) == 255
    assert [key for key, _ in picture.notes] == ["transparent"]
    opaque = inputs.uploaded(saved(Image.new("RGBA", (8, 8), (0, 0, 0, 255)), "PNG"), 3, 8)
    assert opaque.notes == ()  # a browser's canvas writes such files


def test_a_phones_picture_is_turned_upright() -> None:
    image = Image.new("RGB", (32, 32), "black")
    image.paste((255, 255, 255), (0, 0, 32, 8))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: the top is stored at the left
    turned = inputs.uploaded(saved(image.rotate(90), "PNG", exif=exif), 3, 32).pixels
    assert int(turned[:, :8].min()) == 255
    assert int(turned[:, 8:].max()) == 0


def test_a_phones_photo_may_carry_more_than_itself() -> None:
    image, depth = Image.new("RGB", (40, 30), "teal"), Image.new("L", (20, 15))
    file = saved(image, "MPO", save_all=True, append_images=[depth])
    assert file.startswith(b"\xff\xd8")  # a JPEG to whoever looks at its name or its beginning
    alone = inputs.uploaded(saved(image, "JPEG"), 3, 32)
    assert torch.equal(inputs.uploaded(file, 3, 32).pixels, alone.pixels)


def test_a_phones_drawing_is_turned_upright_and_read_like_any_picture() -> None:
    upright = Image.new("L", (60, 60), "white")
    ImageDraw.Draw(upright).line((10, 10, 50, 10, 20, 50), fill="black", width=6)
    exif = Image.Exif()
    exif[0x0112] = 6
    as_stored = saved(upright.rotate(90), "PNG", exif=exif)
    meant = inputs.drawn(saved(upright, "PNG"), 28).pixels
    for read in (inputs.drawn(as_stored, 28), inputs.uploaded(as_stored, 1, 28)):
        assert torch.equal(read.pixels, meant)
    print_ready = Image.merge("CMYK", [*[Image.new("L", (60, 60))] * 3, ImageOps.invert(upright)])
    read = inputs.uploaded(saved(print_ready, "JPEG", quality=100), 1, 28)
    assert [key for key, _ in read.notes] == ["cmyk", "drawn"]
    assert int((read.pixels.int() - meant.int()).abs().max()) < 16
    clear = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    clear.paste("black", mask=ImageOps.invert(upright))
    read = inputs.uploaded(saved(clear, "PNG"), 1, 28)
    assert [key for key, _ in read.notes] == ["transparent", "drawn"]
    assert int((read.pixels.int() - meant.int()).abs().max()) < 2


def test_sixteen_bits_are_rounded_to_eight_and_said() -> None:
    levels = struct.pack("<4H", 0, 257, 32768, 65535)
    grey = Image.frombytes("I;16", (2, 2), levels)
    picture = inputs.uploaded(saved(grey, "PNG"), 3, 2)
    assert picture.pixels[0].flatten().tolist() == [0, 1, 128, 255]
    assert [key for key, _ in picture.notes] == ["deep"]
    with pytest.raises(VisitorError):
        inputs.exact(saved(grey, "PNG"), 1, 2)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # of what Pillow reads anyway
@pytest.mark.parametrize("kind", inputs.FORMATS)
def test_whatever_a_file_holds_a_visitor_is_answered(kind: str) -> None:
    """Bytes changed, lost and doubled at random, with a fixed seed: a picture or clear words."""
    dice = random.Random(kind)
    exif = Image.Exif()
    exif[0x0112] = 6
    options = {} if kind in ("BMP", "GIF") else {"exif": exif}
    whole = [saved(photo(), kind, **options), *([animation()] if kind == "GIF" else [])]
    answered = 0
    for _ in range(400):
        file = bytearray(dice.choice(whole))
        for _ in range(dice.randint(1, 6)):
            start = dice.randrange(len(file))
            lost, found = dice.choices((0, 1, 1, 9), k=2)
            file[start : start + lost] = dice.randbytes(found)
        try:
            read = inputs.uploaded(bytes(file), dice.choice((1, 3)), 32)
        except VisitorError:
            answered += 1
        else:
            assert read.pixels.shape[1:] == (32, 32)
    assert answered > 0


@pytest.mark.parametrize(("paper", "ink"), [("white", "black"), ("black", "white")])
def test_a_drawing_is_centred_by_weight_bright_on_black(paper: str, ink: str) -> None:
    image = Image.new("RGB", (280, 280), paper)
    ImageDraw.Draw(image).rectangle((200, 20, 239, 179), fill=ink)
    pixels = inputs.drawn(saved(image, "PNG"), 28).pixels
    assert pixels.shape == (1, 28, 28)
    lit = (pixels[0] > 127).nonzero().double()
    assert (lit.min(0).values.tolist(), lit.max(0).values.tolist()) == ([4, 12], [23, 16])
    assert float(pixels.double().sum()) == 255 * 20 * 5


def test_an_uploaded_digit_is_treated_as_a_drawing() -> None:
    image = Image.new("L", (100, 140), 250)
    ImageDraw.Draw(image).line((50, 20, 50, 120), fill=10, width=12)
    file = saved(image, "JPEG")
    assert torch.equal(inputs.uploaded(file, 1, 28).pixels, inputs.drawn(file, 28).pixels)


@pytest.mark.parametrize("colour", ["white", "black"])
def test_an_empty_drawing_is_said(colour: str) -> None:
    with pytest.raises(VisitorError) as refused:
        inputs.drawn(saved(Image.new("L", (280, 280), colour), "PNG"), 28)
    assert refused.value.key == "blank"


def test_a_picture_of_ours_comes_back_unchanged() -> None:
    pixels = torch.randint(0, 256, (3, 32, 32), generator=torch.Generator().manual_seed(0))
    image = Image.fromarray(pixels.to(torch.uint8).permute(1, 2, 0).numpy())
    back = inputs.exact(saved(image, "PNG"), 3, 32)
    assert torch.equal(back.pixels, pixels.to(torch.uint8))
    assert back.notes == ()
    with pytest.raises(VisitorError):
        inputs.exact(saved(image, "PNG"), 3, 28)


@pytest.mark.parametrize(
    ("uri", "key"),
    [
        ("data:image/png;base64,", "empty"),
        ("data:,", "empty"),
        ("http://example.org/x.png", "unknown"),
        ("data:image/png;base64,!!!!", "unknown"),
        ("data:image/png;base64,é", "unknown"),
        ("data:image/png;base64," + "A" * (FILE_LIMIT * 4 // 3 + 8), "heavy"),
        ("", "unknown"),
    ],
)
def test_only_data_uris_are_read(uri: str, key: str) -> None:
    with pytest.raises(VisitorError) as refused:
        inputs.opened(inputs.from_uri(uri))
    assert refused.value.key == key


def test_a_data_uri_holds_the_file() -> None:
    assert inputs.from_uri("data:x;base64," + base64.b64encode(b"abc").decode()) == b"abc"


def test_pillow_refuses_bombs_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    inputs.limit_decoding()
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(bomb()))
    with pytest.raises(VisitorError) as refused:
        inputs.opened(bomb())
    assert refused.value.key == "large"
