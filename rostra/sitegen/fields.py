"""The kinds of value that entries are made of, each checked at the border."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Annotated, Any, Literal, NoReturn, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    PrivateAttr,
    Tag,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from rostra.sitegen import times
from rostra.sitegen.faults import nearest
from rostra.sitegen.messages import say
from rostra.sitegen.prose import to_plain, wrong_formulas
from rostra.sitegen.reading import Secret

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
Format = Literal["in-person", "online", "hybrid"]
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
HAN = re.compile(r"[\u3400-\u9fff]")


def refuse(rule: str, message: str, **notes: str) -> NoReturn:
    """Refuse a value: `notes` are what a Fault carries, and `needle`, the piece that is wrong."""
    raise PydanticCustomError(rule, "{message}", {"message": message, **notes})


class Entry(BaseModel):
    """What all parts of entries share: fixed once read, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Named(Entry):
    """An entry that is known by its key or its file's name."""

    _key: str = PrivateAttr("")

    def model_post_init(self, context: Any) -> None:
        """Take the key from the setting that the entry was read in."""
        self._key = getattr(context, "key", "")

    @cached_property
    def id(self) -> str:
        """The key under which others refer to this entry."""
        return self._key


def _words(text: str) -> str:
    stripped = text.strip()
    # What begins with a letter shows it; markup may show nothing at all.
    if not stripped or not (stripped[0].isalnum() or to_plain(stripped).strip()):
        hint = say("leave the key out or write something")
        refuse("empty", say("there is no text"), suggestion=hint)
    for latex, reason in wrong_formulas(stripped):
        refuse("formula", say("formula: {reason}", reason=reason), needle=latex)
    return stripped


Words: TypeAlias = Annotated[str, AfterValidator(_words)]


class Bilingual(Entry):
    """A text in the languages of the site."""

    en: Words | None = None
    zh: Words | None = None

    @model_validator(mode="after")
    def _some(self) -> "Bilingual":
        if self.en is None and self.zh is None:
            refuse("empty", say("there is no text"), expected=say("en: or zh:, or both"))
        return self


def _shape(value: object) -> str:
    return "languages" if isinstance(value, dict | Bilingual) else "text"


Text: TypeAlias = Annotated[
    Annotated[Words, Tag("text")] | Annotated[Bilingual, Tag("languages")],
    Discriminator(_shape),
]
"""A text for all languages, or `{en: …, zh: …}`; Markdown with `$formulas$`."""


def in_language(text: str | Bilingual, language: str) -> str:
    """Read a text in a language, or in the other one where it was not written in this one.

    Examples:
        >>> in_language(Bilingual(en="Trust", zh="信任"), "zh"), in_language("Trust", "zh")
        ('信任', 'Trust')
    """
    if isinstance(text, str):
        return text
    wanted = text.zh if language == "zh" else text.en
    return wanted or text.en or text.zh or ""


def language_of(text: str | Bilingual, language: str) -> str:
    """Say in which language `in_language` answers, for a `lang` attribute where it differs.

    Examples:
        >>> language_of(Bilingual(en="Trust"), "zh"), language_of("信任", "en")
        ('en', 'zh')
    """
    if isinstance(text, Bilingual) and getattr(text, language, None):
        return language
    return "zh" if HAN.search(in_language(text, language)) else "en"


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\\]", text):
        refuse("url", say("not an address"), expected="https://…", got=f"'{text}'")
    # What RFC 3986 has no place for, but people copy: feeds and calendars may not carry it.
    return re.sub(r'[<>"{}|^`]', lambda found: f"%{ord(found[0]):02X}", text)


def _page(text: str) -> str:
    if re.match(r"[a-z]+:|/", text) or ".." in text.split("/") or "\\" in text:
        message = say("not a path inside the site")
        refuse("path", message, expected="research/attacks/", got=f"'{text}'")
    return text


def _slug(text: str) -> str:
    if not SLUG.fullmatch(text):
        message = say("'{text}' cannot stand in an address", text=text)
        refuse("slug", message, expected=say("a-z, 0-9 and single -"))
    return text


def _contrast(colour: str, ground: str) -> float:
    """Contrast of two colours as WCAG 2.2 defines it: 1 (none) to 21."""
    dark, light = sorted(map(_luminance, (colour, ground)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _colour_on(ground: str) -> BeforeValidator:
    """A colour for text on a ground: six hexadecimal digits, and 4.5 : 1 at least."""

    def colour(value: object) -> object:
        if not isinstance(value, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            quotes = say("put it in quotes: an open # starts a comment") if value is None else ""
            refuse("colour", say("not a colour"), expected="'#0a6c8f'", suggestion=quotes)
        if (found := _contrast(value, ground)) < 4.5:
            sentence = "{ink} on {ground} has a contrast of {found:.1f} : 1"
            low = say(sentence, ink=value, ground=ground, found=found)
            refuse("contrast", low, expected=say("at least 4.5 : 1, so that all can read it"))
        return value

    return BeforeValidator(colour)


@cache
def zones() -> frozenset[str]:
    """The names of all time zones: they are looked for on the disk, once."""
    return frozenset(available_timezones())


def _zone(value: object, info: ValidationInfo) -> ZoneInfo:
    """A zone by its name; none means the series' zone, or the site's."""
    if value is None and (inherited := getattr(info.context, "zone", None)):
        return inherited
    if isinstance(value, ZoneInfo):
        return value
    if not isinstance(value, str) or value not in zones():
        near = nearest(str(value), zones())
        message = say("'{value}' is no time zone", value=value)
        refuse("zone", message, expected="Asia/Hong_Kong", suggestion=near)
    return ZoneInfo(value)


def _start(value: object, info: ValidationInfo) -> datetime:
    # Where the zone itself is wrong, that is said there, and the time is only checked for its form.
    zone = info.data.get("zone") or ZoneInfo("UTC")
    try:
        return times.instant(str(value), zone)
    except times.TimeError as error:
        refuse(error.rule, error.message, suggestion=error.suggestion)


def _length(value: object) -> timedelta:
    try:
        return times.length(value if isinstance(value, str | int) else "")
    except ValueError as error:
        refuse("duration", error.args[0], expected="90 min, 1 h 30 min", got=f"'{value}'")


def _secret(value: object) -> Secret:
    if isinstance(value, Secret) and re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", value.name):
        return value
    hint = say("write `join: !secret NAME` and put NAME into the ignored seminars/secrets.yaml")
    refuse("secret", say("a private value stands in a public file"), suggestion=hint)


def _orcid(text: str) -> str:
    """An identifier of ORCID, whose last character is a checksum (ISO 7064, MOD 11-2)."""
    digits = text.removeprefix("https://orcid.org/").replace("-", "")
    if not re.fullmatch(r"(?:\d{4}-){3}\d{3}[\dX]", text.removeprefix("https://orcid.org/")):
        refuse("orcid", say("'{text}' is no ORCID", text=text), expected="0000-0002-1825-0097")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    if "0123456789X"[(12 - total % 11) % 11] != digits[-1]:
        hint = say("copy it from the person's page at orcid.org")
        refuse("orcid", say("a digit of '{text}' is wrong", text=text), suggestion=hint)
    return "-".join(digits[i : i + 4] for i in range(0, 16, 4))


def _spoken(tag: str) -> str:
    try:
        if re.fullmatch(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", tag):
            return str(Locale.parse(tag, sep="-").language) and tag
    except (ValueError, UnknownLocaleError):
        pass
    refuse("language", say("'{tag}' is no language", tag=tag), expected="en, zh, de, …")


def _date(value: object) -> date:
    text = str(value)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
    except ValueError as error:
        refuse("date", say("{text} does not exist: {reason}", text=text, reason=error))
    refuse("date", say("'{text}' is not a date", text=text), expected="2026-12-31")


def _once(entries: tuple[Any, ...]) -> tuple[Any, ...]:
    keys = [entry.id for entry in entries]
    if again := next((key for key in keys if keys.count(key) > 1), ""):
        message = say("'{key}' stands twice", key=again)
        refuse("twice", message, needle=again, suggestion=say("name everybody once"))
    return entries


def _string(**more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **more})


Orcid: TypeAlias = Annotated[
    str, AfterValidator(_orcid), Field(json_schema_extra={"examples": ["0000-0002-1825-0097"]})
]
Spoken: TypeAlias = Annotated[
    str, AfterValidator(_spoken), Field(description="Tag of BCP 47: en, zh, de, pt-BR.")
]
Date: TypeAlias = Annotated[date, PlainValidator(_date), _string(format="date")]
Url: TypeAlias = Annotated[str, AfterValidator(_url), Field(json_schema_extra={"format": "uri"})]
Address: TypeAdapter[str] = TypeAdapter(Url)
Tongue: TypeAdapter[str] = TypeAdapter(Spoken)
Page: TypeAlias = Annotated[str, AfterValidator(_page)]
Slug: TypeAlias = Annotated[str, AfterValidator(_slug)]
InkOnPaper: TypeAlias = Annotated[str, _colour_on("#fbfaf7")]
InkOnSlate: TypeAlias = Annotated[str, _colour_on("#14181d")]
Zone: TypeAlias = Annotated[ZoneInfo, PlainValidator(_zone), _string(examples=["Asia/Hong_Kong"])]
Start: TypeAlias = Annotated[
    datetime,
    PlainValidator(_start),
    _string(pattern=rf"^{times.WRITTEN.pattern}$", examples=["2022-03-06 10:00"]),
]
Length: TypeAlias = Annotated[
    timedelta,
    PlainValidator(_length),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["90 min", "1 h 30 min"]}),
]
Once = AfterValidator(_once)
"""A list of entries that names none of them twice."""
Private: TypeAlias = Annotated[
    Secret, PlainValidator(_secret), _string(description="Only `!secret NAME`, never the value.")
]
Settings: TypeAlias = Mapping[str, str | int | float | bool]
