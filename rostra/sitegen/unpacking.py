"""What a file says to the programs that read it: packed parts opened, escapes undone."""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from urllib.parse import unquote_to_bytes

MOST = 32_000_000  # bytes of one packed part that are looked at
DEEPEST = 3  # an archive in an image in an archive
ROUNDS = 3  # HTML in JSON in HTML
TAG = re.compile(rb"<[^<>]{0,5000}>")
ENTITY = re.compile(rb"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
PERCENT = re.compile(rb"%[0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2})*")  # a sign to begin with is found fast
ESCAPE = re.compile(
    rb"\\(?:(u[0-9a-fA-F]{4}(?:\\u[0-9a-fA-F]{4})*)|x([0-9a-fA-F]{2})|([nrt])|([^\w\s]))"
)
DATA = re.compile(rb";base64,([A-Za-z0-9+/\s]{8,}={0,2})")
PACKED = re.compile(rb"\x1f\x8b\x08|stream\r?\n(?=[\x08-\x78])|zTXt|iTXt|iCCP")
UNSEEN = (b"\xc2\xad", b"\xe2\x80\x8b", b"\xe2\x80\x8c", b"\xe2\x80\x8d", b"\xef\xbb\xbf")


def parts(content: bytes, depth: int = 0) -> Iterator[tuple[bytes, bool]]:
    """Yield what a file is made of: itself, and what is packed in it.

    Opened are gzip, the compressed texts of PNG, the streams of PDF, data: addresses, and texts
    of two bytes a character, as EXIF has them.

    Yields:
        A part, and whether it is binary: there any byte may stand beside a text.
    """
    binary = b"\0" in content
    yield content, binary
    if binary:
        yield content.replace(b"\0", b""), True
        yield from ((wide, True) for wide in _wide(content))
    if not is_plain(content) and depth < DEEPEST:
        for inner in (*_inflated(content), *_embedded(content)):
            yield from parts(inner, depth + 1)


def is_plain(content: bytes) -> bool:
    """Whether it is a text as it stands: no byte of a binary one, and nothing packed in it."""
    return not (b"\0" in content or b"base64," in content or b"%PDF" in content[:1024])


def _wide(content: bytes) -> Iterator[bytes]:
    """The file as UTF-16, from both of its bytes, where it has more than plain letters."""
    for coding in ("utf-16-le", "utf-16-be"):
        for start in (0, 1):
            if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"UNICODE\0" in content:
                yield content[start:].decode(coding, "ignore").encode("utf-8", "ignore")


def _inflated(content: bytes) -> Iterator[bytes]:
    for match in PACKED.finditer(content):
        start = match.start() if match[0][:1] == b"\x1f" else match.end()
        if match[0] in (b"zTXt", b"iTXt", b"iCCP"):  # keyword, zeros, method: then the packed text
            start = content.find(b"\x78", start, start + 300)
        while start >= 0:
            try:
                yield zlib.decompressobj(wbits=47).decompress(content[start:], MOST)
                break
            except zlib.error:
                near = match[0][:1] in b"zi" and start < match.end() + 300
                start = content.find(b"\x78", start + 1, match.end() + 300) if near else -1


def _embedded(content: bytes) -> Iterator[bytes]:
    for match in DATA.finditer(content):
        try:
            yield base64.b64decode(match[1])
        except binascii.Error:
            continue


def unescaped(text: bytes) -> bytes:
    r"""Undo what HTML, JSON, addresses and calendars do to signs, as often as it was done.

    Examples:
        >>> unescaped(rb"a&amp;b %26 \u0026 Tom&#39;s\, yes").decode()
        "a&b & & Tom's, yes"
    """
    if b"\0" in text and b"<x:xmpmeta" not in text:
        return text  # pictures and fonts: what could be an escape in them is chance
    for unseen in UNSEEN:
        text = text.replace(unseen, b"") if unseen[:1] in text else text
    text = text.replace(b"\r\n ", b"").replace(b"\r\n\t", b"") if b"\r\n" in text else text
    for _ in range(ROUNDS):
        before = text
        text = ENTITY.sub(_entity, text) if b"&" in text else text
        text = ESCAPE.sub(_escape, text) if b"\\" in text else text
        text = PERCENT.sub(_percent, text) if b"%" in text else text
        if text == before:
            break
    return text


def _entity(match: re.Match[bytes]) -> bytes:
    return _sign(match[0])


@lru_cache(maxsize=4096)
def _sign(entity: bytes) -> bytes:
    return unescape(entity.decode("ascii")).encode("utf-8", "replace")


def _percent(match: re.Match[bytes]) -> bytes:
    return unquote_to_bytes(match[0])


def _escape(match: re.Match[bytes]) -> bytes:
    units, byte, gap, sign = match.groups()
    if units:
        pairs = bytes.fromhex(units.replace(b"\\", b"").replace(b"u", b"").decode("ascii"))
        return pairs.decode("utf-16-be", "replace").encode()
    return bytes.fromhex(byte.decode()) if byte else b" " if gap else sign


def plain(text: bytes) -> bytes:
    """Take the markup out of a text: a word may have a tag in its middle."""
    return TAG.sub(b"", text)
