"""Pictures that open large: each is a link to itself, which zoom.js answers where it runs."""

import re

# A link as it is, with whatever it holds; or a picture that stands in none.
PICTURE = re.compile(
    r'<a\b.*?</a>|(?P<picture><img(?:\s+[\w-]+(?:="[^"]*")?)*\s*/?>)', re.DOTALL | re.IGNORECASE
)
SOURCE = re.compile(r'\ssrc="([^"]+)"')


def zoomable(html: str) -> str:
    """Make each picture of a text that leads nowhere a link to itself.

    Examples:
        >>> zoomable('<img alt="a > b" src="/a.png"> <a href="x"><img src="/b.png"></a>')
        '<a class="zoom" href="/a.png"><img alt="a > b" src="/a.png"></a>
         <a href="x"><img src="/b.png"></a>'
    """
    return PICTURE.sub(_linked, html) if "<img" in html else html


def _linked(found: re.Match[str]) -> str:
    source = SOURCE.search(found["picture"] or "")
    if source is None:
        return found[0]
    picture = re.sub(r"\s*/>$", ">", found[0])  # HTML has no use for the slash
    return f'<a class="zoom" href="{source[1]}">{picture}</a>'
