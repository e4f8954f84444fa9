"""What must never stand in a public file, by its shape; and where secrets are instead."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from rostra.sitegen import reading
from rostra.sitegen.messages import say

MAIL = say("a mail address")
PASSWORD = say("a password")
JOIN = say("a join link")

# What it is; pieces of which each text has one that has the shape, as most texts have none; the
# shape. No piece has an `i`: there is a capital of it that only patterns take for one.
_SHAPES = (
    (MAIL, ("@",), re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")),
    # A key that carries a credential in an address.
    (
        PASSWORD,
        ("pwd=", "pass", "tk=", "token="),
        re.compile(
            r"(?<=[?&#])(?:pwd|passwd|password|passcode|pass|tk|token|access_token)=[^\s&#'\"]+",
            re.IGNORECASE,
        ),
    ),
    (PASSWORD, ("@",), re.compile(r"(?<=://)[^\s/@:'\"]+:[^\s/@'\"]+(?=@)")),
    # "Password: 4711" in a text; a word without a digit is prose ("Passwords: a history").
    (
        PASSWORD,
        ("pass", "pwd"),
        re.compile(
            r"\b(?:password|passcode|passwd|pwd)\s{0,9}(?:[:：]\s{0,9}(?=\S{0,80}\d)|=\s{0,9})\S+",
            re.IGNORECASE,
        ),
    ),
    (
        PASSWORD,
        ("密码", "口令", "入会码"),
        re.compile(r"(?:密码|口令|入会码)\s{0,9}[:：=是为]*\s{0,9}[A-Za-z0-9]{0,80}\d[A-Za-z0-9]*"),
    ),
    (
        JOIN,
        (
            *("zoom.", "meet.g", "teams.", "webex", ".tencent", "vc.fe", "vmeet", "meet.j"),
            "bluejeans",
        ),
        re.compile(
            r"https?://(?:[\w-]+\.){0,9}(?:zoom\.(?:us|com\.cn)/(?:j|w|s|my)/|meet\.google\.com/[a-z]"
            r"|teams\.(?:microsoft|live)\.com/(?:l/meetup-join|meet)/|webex\.com/(?:meet|join)/"
            r"|webex\.com/\S{0,200}/j\.php|meeting\.tencent\.com/(?:dm|s|p)/|vc\.feishu\.cn/j/"
            r"|vooov?meeting\.com/(?:dm|s|p)/|meet\.jit\.si/|bluejeans\.com/\d)\S*",
            re.IGNORECASE,
        ),
    ),
)


def private(text: str, without: str = "") -> Iterator[tuple[str, int, str]]:
    """Find what looks private: what it is, where it starts, and its text.

    One kind may be left out.

    Examples:
        >>> [(kind, start) for kind, start, _ in private("write to ann@uni.example")]
        [('a mail address', 9)]
        >>> list(private("accuracy (mAP@0.5) on password guessing"))
        []
    """
    folded = text.casefold()
    for kind, hints, shape in _SHAPES:
        if kind != without and any(hint in folded for hint in hints):
            yield from ((kind, match.start(), match[0]) for match in shape.finditer(text))


def variable(name: str) -> str:
    """The environment variable that holds a secret.

    Examples:
        >>> variable("zoom-weekly")
        'ROSTRA_SECRET_ZOOM_WEEKLY'
    """
    return "ROSTRA_SECRET_" + name.upper().replace("-", "_")


def secret(name: str, folder: Path) -> str | None:
    """Look up a secret: `$ROSTRA_SECRET_NAME`, else the folder's `secrets.yaml`.

    Returns:
        Its value, or None where neither knows it.

    Raises:
        EntryError: if `secrets.yaml` cannot be read.
    """
    value = os.environ.get(variable(name))
    if value:
        return value
    found = kept(folder / "secrets.yaml").get(name)
    return str(found) if found is not None else None


def withheld(name: str, folder: Path) -> object:
    """Look up a text under embargo, as `secret` does; it may have both languages.

    Returns:
        Its value, or None where it is not known here.
    """
    value = os.environ.get(variable(name))
    return value or kept(folder / "secrets.yaml").get(name)


def kept(path: Path) -> Mapping[str, object]:
    """Read a file of secrets; none is there: none are kept."""
    if not path.exists():
        return {}
    document = reading.read(path.resolve())  # secrets are often kept elsewhere, and linked to
    # A fault of this file is read in logs: it is told without the line that it stands in.
    document.faults = [replace(fault, source="") for fault in document.faults]
    document.require()
    return document.data if isinstance(document.data, dict) else {}
