"""A talk-proposal form, read: the body of an issue as GitHub writes it, `### Label` and an answer.

The labels are those of `.github/ISSUE_TEMPLATE/propose-a-talk.yml`, in English before ` · `. A form
is public and anybody may send it: what is not an answer to one of its questions is ignored.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from rostra.sitegen.importing import address_of, one_line
from rostra.sitegen.pasted.announcement import Pasted, known_topics, language, unquoted
from rostra.sitegen.pasted.links import Ways
from rostra.sitegen.pasted.moments import Moment, moment
from rostra.sitegen.pasted.names import speakers

LABELS = {
    "series": "series",
    "title": "title",
    "title in chinese": "title_zh",
    "speakers": "speakers",
    "date": "date",
    "time": "time",
    "time zone": "zone",
    "place": "place",
    "format": "format",
    "language": "language",
    "registration page": "registration",
    "paper": "paper",
    "topics": "topics",
    "recording": "recording",
    "abstract": "abstract",
    "abstract in chinese": "abstract_zh",
    "about the speaker": "bio",
}
FORMATS = {"in person": "in-person", "online": "online", "hybrid": "hybrid"}
HEADING = re.compile(r"^### (.+)$", re.MULTILINE)
NO_ANSWER = "_No response_"
LONGEST = 70_000  # characters; GitHub takes 65,536


class FormError(ValueError):
    """A text that is no filled form; says what is missing, or what cannot be read."""


@dataclass(frozen=True)
class Proposal:
    """The answers of a form by the names of its fields."""

    answers: Mapping[str, str]

    @property
    def series(self) -> str:
        """The key of the series that was chosen."""
        return self.answers.get("series", "")

    def talk(self, home: ZoneInfo, today: date, topics: Iterable[str] = ()) -> Pasted:
        """Read the talk.

        Args:
            home: the series' clock.
            today: for days without a year.
            topics: those that are known.

        Raises:
            FormError: if it is not plain when the talk is.
        """
        said = self.answers.get
        when = "\n".join(said(key, "") for key in ("date", "time", "zone"))
        links = {key: address_of(said(key, "")) for key in ("registration", "paper")}
        return Pasted(
            title=self._texts("title"),
            speakers=speakers(said("speakers", "")),
            moment=_sure(moment(when, home, today, own=True)),
            place=said("place", ""),
            format=FORMATS.get(_choice(said("format", "")), ""),
            abstract=self._texts("abstract"),
            bio={"": said("bio", "")} if said("bio") else {},
            language=language(_choice(said("language", ""))),
            topics=known_topics(said("topics", ""), topics),
            ways=Ways({key: one for key, one in links.items() if one}),
            unrecorded="[x]" in said("recording", "").lower(),
        )

    def _texts(self, key: str) -> dict[str, str]:
        """A text in the languages that it was given in."""
        first, chinese = self.answers.get(key, ""), self.answers.get(f"{key}_zh", "")
        if first and chinese:
            return {"en": unquoted(first), "zh": unquoted(chinese)}
        return {"": unquoted(first or chinese)} if first or chinese else {}


def read(body: str) -> Proposal:
    r"""Read the body of an issue.

    Raises:
        FormError: if it is too long, or none of the form's questions is in it.

    Examples:
        >>> read("### Title · 题目\n\nOn trust\n\n### Place · 地点\n\n_No response_").answers
        {'title': 'On trust'}
    """
    if len(body) > LONGEST:
        raise FormError(
            f"this is no filled form: {len(body)} characters, and at most {LONGEST} are taken"
        )
    pieces = HEADING.split(body.replace("\r\n", "\n").replace("\r", "\n"))
    answers: dict[str, str] = {}
    last = ""
    for label, text in zip(pieces[1::2], pieces[2::2], strict=True):
        key = LABELS.get(_choice(label))
        if key is None or key in answers or _comes_before(key, last):
            if last:  # a heading of the author's own, within an answer
                answers[last] = f"{answers[last]}\n\n### {label}\n\n{text.strip()}".strip()
            continue
        answers[key], last = text.strip(), key
    found = {key: text for key, text in answers.items() if text and text != NO_ANSWER}
    if not {"title", "series"} & set(found):
        raise FormError("this is no filled form: none of its questions is there, as `### Title`")
    return Proposal(found)


def _sure(told: Moment) -> Moment:
    if told.day is None or told.begins is None or told.doubts:
        why = "; ".join(told.doubts) or "write them as 2027-03-07 and 15:00"
        raise FormError(f"date and hour cannot be read: {one_line(why)}")
    return told


def _choice(text: str) -> str:
    """What was chosen, in English: the part before the point."""
    return text.split(" · ")[0].strip().lower()


def _comes_before(key: str, last: str) -> bool:
    order = [*LABELS.values()]
    return bool(last) and order.index(key) < order.index(last)
