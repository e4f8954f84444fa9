"""Markdown with formulas, as an entry's author writes it, to safe HTML and to plain text."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape
from urllib.parse import unquote, urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from rostra.sitegen.formulas import FormulaError, mathml

_TAGS = "p br em strong code pre a img ul ol li blockquote h3 h4 hr table thead tbody tr th td"
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt"}}
_SCHEMES = {"http", "https", "mailto"}
FORMULA = re.compile(r"\$\$(?P<display>[^$]+)\$\$|\$(?P<inline>(?!\s)[^$\n]+(?<!\s))\$(?!\d)")
# Formulas pass the sanitiser as these marks, which no author can write (they are removed first).
OPEN, CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
AT_ROOT = re.compile(r'((?:href|src)=")/(?!/)')  # as `to_html` writes what is in the site
HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
# A line may end anywhere in Chinese; the blank that a browser would show there is not meant.
BROKEN_HAN = re.compile(f"(?<=[{HAN}])\n(?=[{HAN}])")


# One line of words, with no sign that Markdown or HTML could mean something by.
WORDS = re.compile(r"[^\W\d_][^\\`*_\[\]<>&$\x00-\x1f\x7f-\xa0\ue000\ue001]*(?<!\s)")
MANY = 2**16  # texts that are kept, also from one build of a running server to the next


def _formula(state: StateInline, silent: bool) -> bool:
    """The inline rule: `$x$` inside the text, `$$x$$` on its own line, never inside code."""
    match = FORMULA.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content = (match["display"] or match["inline"]).strip()
        token.meta = {"display": match["display"] is not None}
    state.pos = match.end()
    return True


def _parser() -> MarkdownIt:
    # Raw HTML is shown as text; headings of an abstract stand below those of its page.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.inline.ruler.before("escape", "formula", _formula)
    return parser


_PARSER = _parser()


def _clean(text: str) -> str:
    return BROKEN_HAN.sub("", text.replace(OPEN, "").replace(CLOSE, ""))


def _tokens(text: str) -> list[tuple[str, bool]]:
    blocks = (block.children or [] for block in _PARSER.parse(text))
    return [
        (t.content, t.meta["display"]) for inline in blocks for t in inline if t.type == "formula"
    ]


def wrong_formulas(text: str) -> list[tuple[str, str]]:
    r"""Find the formulas that cannot be drawn, each with the reason.

    Examples:
        >>> wrong_formulas(r"At $x + \delta$ the loss is $\los$, for `$5`.")
        [('\\los', "'\\los' is not known; for a name: \\operatorname{los}")]
    """
    found = []
    for latex, display in _tokens(text) if "$" in text else ():
        try:
            mathml(latex, display)
        except FormulaError as error:
            found.append((latex, error.args[0]))
    return found


@lru_cache(maxsize=MANY)
def to_html(text: str, inline: bool = False, draw: Callable[[str, bool], str] = mathml) -> str:
    """Render Markdown to safe HTML, formulas as MathML.

    Addresses without a host begin at the site's root, as the checker reads them. A picture of this
    site is shown; one of another is a link, so that nobody is seen elsewhere for reading here.

    Args:
        text: Markdown with `$formulas$`.
        inline: without paragraphs around it, for a title.
        draw: how else formulas are written: from LaTeX, and whether it stands on its own line.

    Examples:
        >>> to_html("**Safe**: <script>x</script> [a](javascript:x)", inline=True)
        '<strong>Safe</strong>: &lt;script&gt;x&lt;/script&gt; [a](javascript:x)'
    """
    if WORDS.fullmatch(text):  # most titles and names are nothing else
        return text if inline else f"<p>{text}</p>"
    if draw is not mathml and "$" not in text:  # there is nothing to draw
        return to_html(text, inline)
    drawn: list[str] = []
    parse = _PARSER.parseInline if inline else _PARSER.parse
    tokens = parse(_clean(text))
    for token in tokens:
        token.children = [*_pictures(token.children, shown=not inline)] if token.children else None
    for child in (child for token in tokens for child in token.children or []):
        if child.type == "link_open":
            child.attrs["href"] = _rooted(str(child.attrs["href"]))
        if child.type == "formula":
            child.type, latex = "text", child.content
            child.content = f"{OPEN}{len(drawn)}{CLOSE}"
            drawn.append(draw(latex, child.meta["display"]))
    rendered = _PARSER.renderer.render(_lowered(tokens), _PARSER.options, {})
    safe = nh3.clean(
        rendered,
        tags=set(_TAGS.split()),
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return MARK.sub(lambda match: drawn[int(match[1])], safe).strip()


def _pictures(tokens: list[Token], shown: bool) -> Iterator[Token]:
    """Pictures of this site where they are shown; others as links, inside a link as words."""
    linked = False
    for token in tokens:
        linked = (linked or token.type == "link_open") and token.type != "link_close"
        if token.type != "image":
            yield token
            continue
        address, alt = str(token.attrs["src"]), _line(token.children or [])
        words = Token("text", "", 0, content=alt)
        if shown and _is_local(address):
            token.attrs = {"src": _rooted(address), "alt": ""}
            yield token
        elif linked or urlsplit(address).scheme not in ("http", "https"):
            yield words
        else:
            yield Token("link_open", "a", 1, attrs={"href": address})
            yield words
            yield Token("link_close", "a", -1)


def _is_local(address: str) -> bool:
    """Whether an address is a path inside the site, and does not climb out of it."""
    path = unquote(address)
    climbs = ".." in path.split("/") or "\\" in path
    return not (climbs or path.startswith("//") or urlsplit(address).scheme)


def _rooted(address: str) -> str:
    """Begin a path at the site's root; other addresses stay.

    Examples:
        >>> [_rooted(one) for one in ("talks/", "/talks/", "#below", "https://a.example/b")]
        ['/talks/', '/talks/', '#below', 'https://a.example/b']
    """
    inside = _is_local(address) and urlsplit(address).path
    return "/" + address.lstrip("/") if inside else address


def _lowered(tokens: list[Token]) -> list[Token]:
    """Headings of an entry start at level 3, below those of the page that they stand in."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3" if token.tag in ("h1", "h2") else "h4"
    return tokens


def addresses(text: str) -> list[tuple[str, str | None]]:
    """Find where the links and pictures of a text lead, a picture's with its words.

    Examples:
        >>> addresses("[a](x/) and ![a plot](y.png), `[b](z)`")
        [('x/', None), ('y.png', 'a plot')]
    """
    found: list[tuple[str, str | None]] = []
    if "]" not in text and "<" not in text:
        return found
    for token in (one for block in _PARSER.parse(text) for one in block.children or []):
        if token.type == "link_open":
            found.append((str(token.attrs["href"]), None))
        elif token.type == "image":
            found.append((str(token.attrs["src"]), token.content.strip()))
    return found


def absolute(html: str, home: str) -> str:
    """Begin what `to_html` begins at the site's root at its home: it is read elsewhere.

    Examples:
        >>> absolute('<a href="/people/ann/">Ann</a>', "https://a.example/lab/")
        '<a href="https://a.example/lab/people/ann/">Ann</a>'
    """
    return AT_ROOT.sub(lambda found: found[1] + escape(home), html) if home else html


@lru_cache(maxsize=MANY)
def to_plain(text: str, home: str = "") -> str:
    r"""Render Markdown to plain text: what a calendar or a mail shows. Links keep their address.

    Args:
        text: Markdown.
        home: the address of the site, where links into it are read elsewhere.

    Examples:
        >>> to_plain("**Bold** claims,\nsee [the paper](https://a.example/p).")
        'Bold claims, see the paper (https://a.example/p).'
        >>> to_plain("By [Ann](people/ann/)", "https://a.example/lab/")
        'By Ann (https://a.example/lab/people/ann/)'
    """
    if WORDS.fullmatch(text):
        return text
    found = ""
    bullet = gap = ""
    for token in _PARSER.parse(_clean(text)):
        if token.type == "list_item_open":
            bullet = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            gap = "\n\n"
        elif token.type in ("inline", "fence", "code_block"):
            line = _line(token.children, home) if token.children else token.content.rstrip()
            found += (gap or ("\n" if bullet else "\n\n")) + bullet + line
            bullet = gap = ""
    return found.strip()


def _line(tokens: list[Token], home: str = "") -> str:
    """The words of one block, in order."""
    words = []
    address = ""
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif token.type == "link_open":
            address = _at_home(str(token.attrs["href"]), home)
        elif token.type == "link_close":
            words.append(f" ({address})" if words[-1:] != [address] else "")
        elif token.type == "image":
            source = _at_home(str(token.attrs["src"]), home)
            words.append(f"{_line(token.children or [])} ({source})".lstrip())
        elif token.type == "formula":
            words.append(f"${token.content}$")
        else:
            words.append(token.content)
    return "".join(words)


def _at_home(address: str, home: str) -> str:
    """An address of the site, whole if it is known where that is; others stay."""
    rooted = _rooted(address)
    return home + rooted[1:] if home and rooted.startswith("/") else address
