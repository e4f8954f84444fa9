"""A mail: its subject on the first line, then the body, wrapped for any reader."""

import textwrap

from rostra.sitegen.channels._base import Announcement
from rostra.sitegen.fields import HAN

WIDTH = 72


def mail(announcement: Announcement) -> str:
    """Write the announcement as a plain mail."""
    subject, _, body = announcement.text("_mail.txt.j2").strip().partition("\n")
    lines = [wrapped(line) for line in body.splitlines()]
    return "\n".join([subject, *lines]) + "\n"


def wrapped(line: str) -> str:
    """Break a long line between words; Chinese has none to break between, and no reader needs it.

    Examples:
        >>> print(wrapped("To appear: " + "word " * 14))
        To appear: word word word word word word word word word word word word
        word word
    """
    if HAN.search(line):
        return line
    return textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)
