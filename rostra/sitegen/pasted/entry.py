"""A talk that was read, as the files of its entry: each guess is marked, what is open left open.

What the check would refuse becomes a comment with the reason, so that the entry is in order as it
is written, and nothing of it is silently something else than was meant.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from rostra.sitegen import drafts, reading
from rostra.sitegen.contents import Contents
from rostra.sitegen.faults import EntryError
from rostra.sitegen.fields import Bilingual, Text, in_language
from rostra.sitegen.importing import LINK, Import, address_of, clean, latin, one_line, quoted
from rostra.sitegen.pasted.announcement import Pasted
from rostra.sitegen.pasted.names import Speaker
from rostra.sitegen.person import Person
from rostra.sitegen.prose import wrong_formulas
from rostra.sitegen.series import Series, Setting
from rostra.sitegen.topics import slug_of
from rostra.sitegen.validation import validate

CHECK = "  # check"
PEOPLE = "people.yaml"


@dataclass(frozen=True)
class Drafted:
    """The files of an entry by their paths below `seminars/`, and what its author must know.

    `secret` is the name and the value of the way in, which stands in none of the files.
    """

    path: str
    files: Mapping[str, str]
    notes: tuple[str, ...]
    secret: tuple[str, str] | None


@dataclass
class _Writing:
    contents: Contents
    series: Series
    pasted: Pasted
    made: Import
    now: datetime
    mark: str

    def lines(self, slug: str) -> dict[str, str]:
        """The lines of each key that something is known of."""
        found = {
            "title": self.text("title", self.pasted.title) or "title: tba",
            "start": "\n".join(self.start()),
            "duration": self.duration(),
            "speakers": self.people("speakers", self.pasted.speakers) or "speakers: []",
            "chairs": self.people("chairs", self.pasted.chairs),
            "panellists": self.people("panellists", self.pasted.panellists),
            "discussants": self.people("discussants", self.pasted.discussants),
            "status": self.word("status", self.pasted.status or "tentative"),
            "place": self.value("place", self.pasted.place),
            "format": self.word("format", self.pasted.format),
            "language": self.language(),
            "abstract": self.text("abstract", self.pasted.abstract),
            "bio": self.text("bio", self.pasted.bio),
            "topics": "\n".join(self.topics()),
            "links": "\n".join(self.links()),
            "do_not_record": self.word("do_not_record", "true" * self.pasted.unrecorded),
            "join": f"join: !secret {self.secret(slug)}" if self.pasted.ways.join else "",
        }
        return {key: value for key, value in found.items() if value}

    def secret(self, slug: str) -> str:
        return f"join-{self.series.id}-{slug}"

    def value(self, key: str, text: str) -> str:
        plain = one_line(text)
        return f"{key}: {quoted(plain)}{self.mark}" if plain else ""

    def word(self, key: str, word: str) -> str:
        return f"{key}: {word}{self.mark}" if word else ""

    def text(self, key: str, told: Mapping[str, str]) -> str:
        """A text once, or below its languages; one line in quotes, more as a block."""
        known = {language: prepared(one) for language, one in told.items()}
        known = {language: one for language, one in known.items() if one}
        if list(known) == [""]:
            return f"{key}: {_scalar(known[''], '  ', self.mark)}"
        inner = [f"  {one}: {_scalar(known[one], '    ', '')}" for one in sorted(known)]
        return "\n".join([f"{key}:{self.mark}", *inner]) if inner else ""

    def start(self) -> Iterator[str]:
        told, zone = self.pasted.moment, self.series.zone
        usual = drafts.suggested(self.series, self.contents.talks, self.now)
        for doubt in told.doubts:
            yield f"# check: {one_line(doubt)}"
        if told.day is None:
            hint = "the date is open, this is the series' usual day" if told.doubts else ""
            yield f"start: {usual}  # check: {hint or 'no date was found, this one is suggested'}"
        elif told.begins is None:
            yield f"start: {told.day} {usual[-5:]}  # check: no hour is sure, this is the usual one"
        else:
            unnamed = "" if told.zone or not self.mark else f": by the clock of {zone.key}"
            yield f"start: {told.day} {told.begins:%H:%M}{self.mark}{unnamed}"
            if told.zone and told.zone.key != zone.key:
                yield f"zone: {told.zone.key}{self.mark}"

    def duration(self) -> str:
        told, length = self.pasted.moment, self.pasted.duration
        if told.begins and told.ends:
            begin, end = (60 * one.hour + one.minute for one in (told.begins, told.ends))
            length = end - begin
        spoken = f"{length // 60} h {length % 60} min".removeprefix("0 h ").removesuffix(" 0 min")
        return f"duration: {spoken}{self.mark}" if length > 0 else ""

    def people(self, key: str, told: tuple[Speaker, ...]) -> str:
        """The keys of people, who are added to people.yaml where nobody has their name."""
        keys = dict.fromkeys(self.made.person(one.name, self.about(one)) for one in told)
        return f"{key}: [{', '.join(keys)}]{self.mark}" if keys else ""

    def about(self, one: Speaker) -> str:
        address = address_of(one.homepage)
        lines = (
            [f"  affiliation: {quoted(one.affiliation)}{self.mark}\n"] if one.affiliation else []
        )
        lines += [f"  homepage: {quoted(address)}{self.mark}\n"] if address else []
        return "".join(lines)

    def language(self) -> str:
        if self.pasted.language:
            return self.word("language", self.pasted.language)
        texts = [*self.pasted.title.values(), *self.pasted.abstract.values()]
        found = {"zh" if reading_han(one) else "en" for one in texts}
        guess = found.pop() if self.mark and len(found) == 1 and not self.series.language else ""
        return (
            f"language: {guess}  # check: by what the announcement is written in" if guess else ""
        )

    def topics(self) -> Iterator[str]:
        known = {slug_of(one): one for one in known_topics(self.contents)}
        told = {slug_of(one) for one in known.values() if set(_names(one)) & {*self.pasted.topics}}
        if told:
            yield f"topics:{self.mark}"
            yield from (f"  - {_inline(known[slug])}" for slug in known if slug in told)

    def links(self) -> Iterator[str]:
        found = self.pasted.ways.links
        if found:
            yield "links:"
            yield from (f"  {kind}: {quoted(url)}{self.mark}" for kind, url in found.items())


def known_topics(contents: Contents) -> Iterator[Text]:
    """The topics that a site knows: those of its talks, and those of its themes."""
    for talk in contents.talks:
        yield from talk.topics
    for group in contents.site.groups if contents.site else ():
        for theme in group.themes:
            yield from theme.topics


def topic_names(contents: Contents) -> Iterator[str]:
    """The names of all topics that a site knows, in both languages."""
    for one in known_topics(contents):
        yield from _names(one)


def _names(topic: Text) -> Iterator[str]:
    yield from {in_language(topic, language) for language in ("en", "zh")}


def _inline(topic: Text) -> str:
    if isinstance(topic, Bilingual) and topic.en and topic.zh:
        return f"{{en: {quoted(topic.en)}, zh: {quoted(topic.zh)}}}"
    return quoted(in_language(topic, "en"))


def reading_han(text: str) -> bool:
    """Whether a text is written in Chinese.

    Examples:
        >>> reading_han("BadBatch：数据投毒攻击"), reading_han("On trust")
        (True, False)
    """
    return any("\u3400" <= letter <= "\u9fff" for letter in text)


def prepared(text: str) -> str:
    """A text that an entry may have: nothing private, no link to nowhere, no half of a formula."""
    plain = LINK.sub(r"\1", clean(text)).strip("\n").rstrip()
    return plain.replace("$", r"\$") if [*wrong_formulas(plain)] else plain


def _scalar(text: str, indent: str, mark: str) -> str:
    if "\n" not in text:
        return json.dumps(one_line(text), ensure_ascii=False) + mark
    lines = [f"{indent}{line.rstrip()}" if line.strip() else "" for line in text.split("\n")]
    return "\n".join([f"|2-{mark}", *lines])


def slug_for(pasted: Pasted, contents: Contents, series: str) -> str:
    """A slug by the title, or else by who speaks; one that no talk of the series has."""
    who = pasted.speakers[0].name if pasted.speakers else ""
    title = pasted.title.get("en") or pasted.title.get("") or ""
    base = latin(slug_of(one_line(title)), "") or latin(slug_of(one_line(who)), "talk")
    base = "talk" if base == "none" else base
    taken = {path.stem for path in (contents.folder / series).glob("*.yaml")}
    names = [base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in names if one not in taken)


def drafted(
    contents: Contents, series: str, slug: str, pasted: Pasted, *, now: datetime, form: bool = False
) -> Drafted:
    """Write the entry of a talk that was read.

    Args:
        contents: what is there.
        series: the key of its series.
        slug: its own key; none makes one of its title.
        pasted: what was read.
        now: the clock, for a date that is suggested.
        form: whether it was read from a form, whose fields are no guesses.

    Raises:
        LookupError: if there is no such series.
        FileExistsError: if there is such a talk.
        EntryError: if what is left would not pass the check.
    """
    place = drafts.series_of(contents, series)
    slug = slug or slug_for(pasted, contents, series)
    path = f"{series}/{slug}.yaml"
    if (contents.folder / path).exists():
        raise FileExistsError(path)
    writing = _Writing(contents, place, pasted, Import(contents), now, "" if form else CHECK)
    lines = writing.lines(slug)
    files = dict(writing.made.files())
    known = replace(contents, people={**contents.people, **_people(contents, files, writing.made)})
    text, notes = _settled(known, place, slug, lines, form=form)
    secret = (writing.secret(slug), pasted.ways.join) if pasted.ways.join else None
    return Drafted(path, {**files, path: text}, (*pasted.notes, *notes), secret)


def _people(contents: Contents, files: Mapping[str, str], made: Import) -> dict[str, Person]:
    """The people who are added, read as they will be."""
    if PEOPLE not in files:
        return {}
    document = reading.parse(files[PEOPLE], f"{contents.folder.name}/{PEOPLE}")
    read = {key: validate(Person, document, (key,), Setting(key=key)) for key in made.people}
    if document.faults:
        raise EntryError(document.faults)
    return {key: one for key, one in read.items() if one is not None}


def _settled(
    contents: Contents, series: Series, slug: str, lines: dict[str, str], *, form: bool
) -> tuple[str, list[str]]:
    """The entry, and what had to become a comment; a form is refused instead."""
    notes: list[str] = []
    left = dict(lines)
    for _ in range(len(lines) + 1):
        text = drafts.text_of(drafts.Draft(lines=lines), "")
        faults = drafts.faults_of(contents, series, slug, text)
        at = {key for fault in faults if (key := _key_at(text, left, fault.line))}
        if not faults:
            return text, notes
        if form or not at:
            break
        for key in at:
            reason = next(fault for fault in faults if _key_at(text, left, fault.line) == key)
            notes.append(f"{key}: {reason.message}")
            usual = drafts.suggested(series, contents.talks, contents.now)
            lines[key] = _comment(key, left.pop(key), one_line(str(reason.message)), usual)
    raise EntryError(faults)


def _key_at(text: str, lines: Mapping[str, str], line: int) -> str:
    """The key that stands in a line."""
    for key, value in lines.items():
        first = text.count("\n", 0, text.find(f"\n{value}\n") + 1) + 1
        if first <= line <= first + value.count("\n"):
            return key
    return ""


def _comment(key: str, value: str, reason: str, usual: str) -> str:
    """What is refused, as a comment; what no entry can do without is to be announced."""
    lost = "\n".join([f"# check: {reason}", *(f"# {line}" for line in value.split("\n"))])
    start = f"\nstart: {usual}  # check: suggested"
    return lost + {"title": "\ntitle: tba", "speakers": "\nspeakers: []", "start": start}.get(
        key, ""
    )
