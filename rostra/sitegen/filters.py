"""What templates may do with an entry's values: languages, dates, prose, initials, calendars."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from babel import Locale
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup

from rostra.sitegen.calendar_links import calendar_links
from rostra.sitegen.fields import HAN, Bilingual, in_language, language_of
from rostra.sitegen.person import Person
from rostra.sitegen.prose import to_html, to_plain
from rostra.sitegen.spoken import place_of, spoken_date, spoken_day, spoken_time, zone_name
from rostra.sitegen.talk import titled
from rostra.sitegen.topics import slug_of
from rostra.sitegen.videos import paragraphs, video
from rostra.sitegen.zoom import zoomable

Text = str | Bilingual


def iso_date(moment: datetime) -> str:
    """Write the day as lists show it: `2022-03-06`."""
    return f"{moment:%Y-%m-%d}"


def iso_instant(moment: datetime) -> str:
    """Write the instant with its offset, for `<time datetime>`: `2022-03-06T10:00:00+08:00`."""
    return moment.isoformat(timespec="seconds")


def utc(moment: datetime) -> datetime:
    """Read the same instant from the clock of UTC."""
    return moment.astimezone(UTC)


def rfc3339(moment: datetime) -> str:
    """Write the instant as feeds want it, in UTC: `2022-03-06T02:00:00Z`."""
    return f"{utc(moment):%Y-%m-%dT%H:%M:%SZ}"


def markdown(text: Text, language: str = "en") -> Markup:
    """Render an entry's Markdown and formulas to safe HTML."""
    return Markup(zoomable(to_html(in_language(text, language))))


def markdown_line(text: Text, language: str = "en") -> Markup:
    """Render a line of Markdown, a title, without a paragraph around it."""
    return Markup(to_html(in_language(text, language), inline=True))


def line(text: Text, language: str = "en") -> Markup:
    """Render a line of Markdown in a span, which says its language where the page has another."""
    found = language_of(text, language)
    told = "" if found == language else f' lang="{found}"'
    return Markup(f"<span{told}>{markdown_line(text, language)}</span>")


def plain(text: Text, language: str = "en", home: str = "") -> str:
    """Render an entry's Markdown to the text that calendars and mails show."""
    return to_plain(in_language(text, language), home)


def monogram(who: Person | Text, language: str = "en") -> str:
    """Make initials for who has no photo.

    Examples:
        >>> [monogram(name) for name in ("Pin-Yu Chen", "Prof. Yi Wu", "Plato", "欧阳娜娜", "王伟")]
        ['PC', 'YW', 'P', '娜娜', '王伟']
    """
    name = in_language(who.name if isinstance(who, Person) else who, language)
    if HAN.search(name):
        return re.sub(r"\s|·.*", "", name)[-2:]
    words = [word for word in name.split() if not word.endswith(".")] or name.split()
    return "".join(word[0].upper() for word in (words[0], *words[1:][-1:]))


def language_name(tag: str, language: str) -> str:
    """Name the language that a talk is given in.

    Examples:
        >>> language_name("de", "en"), language_name("zh", "zh"), language_name("pt-BR", "en")
        ('German', '中文', 'Portuguese (Brazil)')
    """
    return str(Locale.parse(tag, sep="-").get_display_name(language))


def sorted_name(person: Person, language: str = "en") -> str:
    """Write a person's name as citations do: `Chen, Pin-Yu`."""
    return person.sorted_name(language)


def as_json(value: Any) -> str:
    """Write settings for a `data-` attribute: short, and the same in every build."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def number(value: float, language: str = "en") -> str:
    """Write a number with what parts its thousands, and all of its digits.

    Examples:
        >>> number(1234567), number(0.00012), number(12.0, "zh")
        ('1,234,567', '0.00012', '12.0')
    """
    pattern = "#,##0.0" if isinstance(value, float) else None
    return str(format_decimal(value, pattern, locale=language, decimal_quantization=False))


def percent(share: float, language: str = "en") -> str:
    """Write a share of 1 as tables show it: one digit always, so that columns line up.

    Examples:
        >>> percent(0.7), percent(0.9614, "zh")
        ('70.0%', '96.1%')
    """
    return str(format_percent(share, "#,##0.0%", locale=language))


def budget(eps: float) -> str:
    """Write an attacker's budget as the field does: in steps of 1/255 where it is a whole number.

    Examples:
        >>> budget(8 / 255), budget(0.0314), budget(0.15)
        ('8/255', '8/255', '0.15')
    """
    steps = round(255 * eps)
    return f"{steps}/255" if abs(255 * eps - steps) < 0.02 else f"{eps:g}"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "as_json": as_json,
    "budget": budget,
    "calendar_links": calendar_links,
    "in_language": in_language,
    "iso_date": iso_date,
    "iso_instant": iso_instant,
    "language_name": language_name,
    "language_of": language_of,
    "line": line,
    "markdown": markdown,
    "markdown_line": markdown_line,
    "monogram": monogram,
    "number": number,
    "paragraphs": paragraphs,
    "percent": percent,
    "place_of": place_of,
    "plain": plain,
    "rfc3339": rfc3339,
    "slug_of": slug_of,
    "sorted_name": sorted_name,
    "spoken_date": spoken_date,
    "spoken_day": spoken_day,
    "spoken_time": spoken_time,
    "titled": titled,
    "utc": utc,
    "video": video,
    "zone_name": zone_name,
}
