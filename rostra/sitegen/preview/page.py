"""One HTML file that needs no other: style sheets and pictures within it, no script at all."""

import base64
import hashlib
import mimetypes
import re
from pathlib import Path

from rostra.sitegen import theme

STYLES = theme.FOLDER / "assets/stylesheets"
SHEETS = ("tokens.css", "site.css", "pages.css", "prose.css")
FETCHED_FACE = re.compile(r"@font-face \{[^}]*url\([^}]*\}\n?")
DARK = re.compile(r'^\[data-md-color-scheme="slate"\] (\{[^}]*\})', re.MULTILINE)
HEADING = re.compile(r"(</?h)([1-5])(?=[\s>])")
PICTURE = re.compile(r'(<img\b[^>]*?\s)src="/([^"]*)"')
ROOTED = re.compile(r'(?<=[\s"])(href)="/(?!/)([^"]*)"')


def styles(own: str) -> str:
    """Join the site's style sheets and `own`; what is dark there follows the reader's system."""
    sheets = [(STYLES / name).read_text(encoding="utf-8") for name in SHEETS]
    return followed("\n".join([FETCHED_FACE.sub("", sheet) for sheet in sheets] + [own]))


def followed(sheet: str) -> str:
    """Let the rules of the dark palette hold where the reader's system is dark.

    Examples:
        >>> print(followed('[data-md-color-scheme="slate"] { --a: b; }').splitlines()[-1])
        @media (prefers-color-scheme: dark) { :root { --a: b; } }
    """
    dark = [
        f"@media (prefers-color-scheme: dark) {{ :root {rule} }}" for rule in DARK.findall(sheet)
    ]
    return "\n".join([sheet, *dark])


def policy(style: str) -> str:
    """Write the page's security policy: this one style, pictures within the file, and no more."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'"


def standing_alone(article: str, project: Path, address: str) -> str:
    """Make an article of the site part of another page.

    Headings go one level down, links lead to the published site, pictures are taken in.

    Args:
        article: its HTML, whose links begin at the root.
        project: the folder whose `docs/` has the pictures.
        address: of the site.
    """
    lower = HEADING.sub(lambda found: f"{found[1]}{int(found[2]) + 1}", article)
    seen = PICTURE.sub(
        lambda found: f'{found[1]}src="{_within(project / "docs", found[2])}"', lower
    )
    return ROOTED.sub(lambda found: f'{found[1]}="{address.rstrip("/")}/{found[2]}"', seen)


def _within(docs: Path, name: str) -> str:
    """A picture as the text of its address; of one that is not there its words remain."""
    path = (docs / name).resolve()
    if not path.is_relative_to(docs.resolve()) or not path.is_file():
        return "data:,"
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
