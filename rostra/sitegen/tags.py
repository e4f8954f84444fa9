"""Finished pages read tag by tag, without a parser that mends what is not well formed.

Ours are well formed: templates escape, and what authors write has passed the sanitiser.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import NamedTuple

# A tag with its attributes; of scripts and styles, which have no tags inside, the whole.
_INSIDE = r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+"""
_TAG = re.compile(
    rf"<!--.*?-->|<![^>]*+>|<(script|style)\b({_INSIDE})>.*?</\1\s*>|<(/?)([a-z][^\s/>]*+)({_INSIDE})>",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([^\s=>"'/]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]++)))?""")


class Tag(NamedTuple):
    """A tag, the text before it, and its attributes as they are written."""

    before: str
    name: str
    closing: bool
    written: str


def tags(html: str) -> Iterator[Tag]:
    """Yield the tags of a page. A last one without a name has the text that is left.

    Examples:
        >>> [(tag.before, tag.name) for tag in tags('<p>a &lt; b<br>c')]
        [('', 'p'), ('a < b', 'br'), ('c', '')]
    """
    new = tuple.__new__  # the named tuple's own is a function more for each of very many
    text, *rest = _TAG.split(html)
    for raw, of_raw, closing, name, written, after in zip(*[iter(rest)] * 6, strict=True):
        if name:
            yield new(Tag, (unescape(text), name.lower(), bool(closing), written))
            text = after
        elif raw:
            yield new(Tag, (unescape(text), raw.lower(), False, of_raw))
            text = after
        else:  # a comment
            text += after
    yield Tag(unescape(text), "", False, "")


def attributes(written: str) -> Mapping[str, str]:
    """Read attributes as a tag has them; one without a value has an empty one.

    The first of a name counts, as in browsers.
    """
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(written):
        found.setdefault(name.lower(), unescape("".join(values)))
    return found
