"""A talk's card: the picture that search engines show beside it, drawn from its entry alone.

SVG is among the formats of Google's image and video thumbnails, and needs no font and no library.
"""

import re
import unicodedata
from collections.abc import Iterator
from html import escape

from rostra.sitegen.feeds._base import PAGES
from rostra.sitegen.fields import in_language
from rostra.sitegen.prose import to_plain
from rostra.sitegen.site import Site
from rostra.sitegen.spoken import spoken_day
from rostra.sitegen.talk import Talk, titled

WIDTH, HEIGHT, MARGIN = 1280, 720, 96
SIZE, LEADING, LINES = 64, 80, 5
NARROW = 0.56  # of an em: about a letter's width; wide characters have the whole
WORD = re.compile("[^ ]* |[^ ]+")  # with the blank after it
PAPER, INK = "#fbfaf7", "#1b1f24"


def card_path(talk: Talk, language: str) -> str:
    """Where the card lies below the site."""
    return f"{PAGES[language]}talks/{talk.ref}/card.svg"


def card(talk: Talk, site: Site, language: str) -> str:
    """Draw the card: the title, who speaks, when, and in which series."""
    who = ", ".join(in_language(person.name, language) for person in talk.speakers)
    series = to_plain(in_language(talk.series.name, language))
    lines = wrapped(titled(talk, language), (WIDTH - 2 * MARGIN) / SIZE)
    title = "".join(
        _text(line, MARGIN + SIZE + number * LEADING, SIZE, weight=700)
        for number, line in enumerate(lines)
    )
    below = (WIDTH - 2 * MARGIN) / 36
    people = _text(wrapped(who, below, 1)[0], HEIGHT - 148, 36) if who else ""
    when = f"{spoken_day(talk.start, language)} · {series}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" xml:lang="{language}">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>\n'
        f'<rect width="24" height="{HEIGHT}" fill="{site.colours.accent}"/>\n'
        f"{title}{people}{_text(wrapped(when, below, 1)[0], HEIGHT - MARGIN, 36)}</svg>\n"
    )


def _text(words: str, y: int, size: int, weight: int = 400) -> str:
    return (
        f'<text x="{MARGIN}" y="{y}" font-family="sans-serif" font-size="{size}" '
        f'font-weight="{weight}" fill="{INK}">{escape(words)}</text>\n'
    )


def wrapped(text: str, ems: float, lines: int = LINES) -> list[str]:
    """Break a text into lines of a width; what does not fit ends in an ellipsis.

    Examples:
        >>> wrapped("A talk about trust", 7), wrapped("论信任与隐私", 4), wrapped("one two", 3, 1)
        (['A talk about', 'trust'], ['论信任与', '隐私'], ['one…'])
    """
    found = [""]
    for piece in _pieces(text, ems):
        if found[-1] and _ems(found[-1] + piece.rstrip()) > ems:
            found.append("")
        found[-1] += piece if found[-1] else piece.lstrip()
    found = [line.rstrip() for line in found]
    return found if len(found) <= lines else [*found[: lines - 1], found[lines - 1] + "…"]


def _pieces(text: str, ems: float) -> Iterator[str]:
    """Where a line may break: after a blank, around each wide character, in a word too long."""
    most = int(ems / NARROW)
    for word in WORD.findall(text):
        if word.isascii():
            yield from (word[at : at + most] for at in range(0, len(word), most))
        else:
            yield from _parts(word, ems)


def _parts(word: str, ems: float) -> list[str]:
    found = [""]
    for letter in word:
        last = found[-1][-1:]
        apart = last and (_wide(last) or _wide(letter))
        if apart or _ems(found[-1] + letter) > ems:
            found.append("")
        found[-1] += letter
    return found


def _wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _ems(text: str) -> float:
    wide = 0 if text.isascii() else sum(map(_wide, text))
    return NARROW * len(text) + (1 - NARROW) * wide
