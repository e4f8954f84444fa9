"""Packed parts are opened and escapes undone; test_leaks has what is then found in them."""

import base64
import gzip
import zlib

import pytest

from rostra.sitegen.unpacking import MOST, parts, plain, unescaped

TEXT = "信任 & trust".encode()


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(TEXT),
        gzip.compress(gzip.compress(TEXT)),
        b"%PDF-1.4\nstream\n" + zlib.compress(TEXT),
        b"url(data:text/plain;base64," + base64.b64encode(TEXT) + b")",
    ],
)
def test_what_is_packed_is_seen(content: bytes) -> None:
    assert any(TEXT in part for part, _ in parts(content))


def test_a_bomb_is_opened_only_so_far() -> None:
    bomb = gzip.compress(bytes(2 * MOST))
    assert max(len(part) for part, _ in parts(bomb)) <= MOST


def test_what_is_broken_is_passed_by() -> None:
    broken = gzip.compress(TEXT)[:12]
    assert [part for part, _ in parts(broken) if TEXT in part] == []


@pytest.mark.parametrize(
    "written",
    [
        b"&#20449;&#x4efb; &amp; trust",
        b"\\u4fe1\\u4efb \\u0026 trust",
        b"%E4%BF%A1%E4%BB%BB%20%26%20trust",
        b"&amp;#20449;&amp;#20219; &amp;amp; trust",
    ],
)
def test_escapes_are_undone(written: bytes) -> None:
    assert unescaped(written) == TEXT


def test_tags_are_no_part_of_a_text() -> None:
    assert b"trust" in plain(b"tr<b>us</b>t")
