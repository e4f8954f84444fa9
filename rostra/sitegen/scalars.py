"""Texts of YAML as YAML 1.2 and its authors mean them: plain values, and lines that were folded."""

import re
from collections.abc import Callable, Iterator

# The core schema of YAML 1.2, chapter 10.3: first match wins, the rest is text.
_SCALARS: tuple[tuple[re.Pattern[str], Callable[[str], object]], ...] = (
    (re.compile(r"|~|null|Null|NULL"), lambda text: None),
    (re.compile(r"true|True|TRUE"), lambda text: True),
    (re.compile(r"false|False|FALSE"), lambda text: False),
    (re.compile(r"[-+]?[0-9]{1,300}"), int),
    (re.compile(r"0o[0-7]{1,300}"), lambda text: int(text[2:], 8)),
    (re.compile(r"0x[0-9a-fA-F]{1,300}"), lambda text: int(text[2:], 16)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?\.(inf|Inf|INF)"), lambda text: float(text.replace(".", ""))),
    (re.compile(r"\.(nan|NaN|NAN)"), lambda text: float("nan")),
)


# What parts two Chinese characters, or one of their wide marks from whatever stands beside it.
_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_WIDE = "\u3001-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_GAP = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])|(?<=[{_WIDE}])\s+(?=\S)|(?<=\S)\s+(?=[{_WIDE}])")


def unfolded(value: str, source: str) -> str:
    r"""Take out the blanks that folded lines leave in Chinese, which is written without any.

    A blank goes where a line of the source ends between two Chinese characters or beside a wide
    mark. One that was typed inside a line stays, and so does every fold beside a Latin word.

    Args:
        value: as YAML folds it.
        source: the lines that it was read from.

    Examples:
        >>> unfolded("不改样本， 也不 改标签 at all", "不改样本，\n  也不 改标签\n  at all")
        '不改样本，也不 改标签 at all'
    """
    ends = ["\n" in gap for gap in _GAP.findall(source)]
    if not any(ends) or len(ends) != len(_GAP.findall(value)):  # escapes wrote some of them
        return value
    folds = iter(ends)
    return _GAP.sub(lambda gap: "" if next(folds) and gap[0] == " " else gap[0], value)


def scalar(text: str) -> object:
    """Read a plain (unquoted) scalar by the core schema of YAML 1.2.

    Examples:
        >>> [scalar(text) for text in ("12:30", "no", "012", "true", "1e3", "~", "2022-03-06")]
        ['12:30', 'no', 12, True, 1000.0, None, '2022-03-06']
    """
    return next((read(text) for rule, read in _SCALARS if rule.fullmatch(text)), text)


def texts(
    value: object, at: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Find all texts of some data, each with the way to it.

    Examples:
        >>> list(texts({"a": ["x", 1, {"b": "y"}]}))
        [(('a', 0), 'x'), (('a', 2, 'b'), 'y')]
    """
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts(inner, (*at, key))
