"""A pasted announcement, read: what it says of a talk, and what it leaves open."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from rostra.sitegen.fields import HAN
from rostra.sitegen.pasted import remarks
from rostra.sitegen.pasted.clocks import ABBREVIATED
from rostra.sitegen.pasted.labels import Parts, parts
from rostra.sitegen.pasted.links import Ways, ways
from rostra.sitegen.pasted.moments import Moment, moment
from rostra.sitegen.pasted.names import NAME, Speaker, speakers
from rostra.sitegen.pasted.rooms import where

_QUOTED = r"(?:[“\"«„]([^”\"»“\n]{6,250})[”\"»“]|《([^》\n]{3,150})》|「([^」\n]{3,150})」)"
TITLED = re.compile(
    rf"(?:titled|entitled|title|talk|speak|lecture|seminar|presentation|on|about|present"
    rf"|题为|题目为|主题为|报告|讲座|作)"
    rf"[^\n“\"«„《「]{{0,60}}{_QUOTED}|^{_QUOTED}[ \t]*$|{_QUOTED}",
    re.IGNORECASE | re.MULTILINE,
)
_WHO = (
    rf"\b(?P<who>(?:(?:Prof|Dr|Professor)\.?\s+)*(?!{ABBREVIATED}\b){NAME}"
    r"(?:\s*\([^)\n]*\)|,? (?:from|of|at) [^.,;\n]+|,\s[^.,;:\n]{3,60}(?=,))?)"
)
SPEAKERS = (
    re.compile(
        r"(?i:\b(?:talk|seminar|lecture|presentation|colloquium|given|delivered)\b[^.\n]{0,60}?"
        rf"\bby\s+){_WHO}"
    ),
    re.compile(
        rf"{_WHO},?\s+(?:will\s+(?:give|present|speak|talk|visit|be)"
        r"|is\s+(?:giving|going to|visiting)|speaks|presents|talks|on\s+[“\"«„])"
    ),
    re.compile(
        r"(?:邀请(?:到|了)?|特邀|有请)(?:来自)?(?P<who>[^，。；\n]{2,40}?(?:教授|博士"
        r"|研究员|老师|院士))"
    ),
    re.compile(
        r"(?P<who>[\u4e00-\u9fff]{2,15}(?:(?:大学|学院|研究[院所]|公司|实验室)的?|的)"
        r"[\u4e00-\u9fff]{2,4}?(?:教授|博士|研究员|老师|院士))"
    ),
    re.compile(rf"(?m)^(?P<who>(?:(?:Prof|Dr|Professor)\.?\s+)*{NAME}\s*\([^)\n]*\))[ \t]*$"),
)
REPLY = re.compile(r"^(?:(?:re|fwd?|fw|aw|wg|转发|回复|答复)\s*[:：]\s*)+", re.IGNORECASE)
TAGS = re.compile(r"^(?:\s*(?:\[[^\]]*\]|【[^】]*】))+\s*")
HERALD = re.compile(
    r"^(?:(?:seminar|talk|lecture|colloquium|reminder|announcement|invitation|upcoming"
    r"|next|guest|ai|security|cancell?ed|postponed)\s*){1,4}[:：–—-]\s*"
    r"|^(?:学术|讲座|报告|系列|预告|通知|论坛|已取消|取消|延期){1,4}\s*[:：|｜—-]\s*",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"\s*(?:[(（,|–—-]\s*)(?:[^()（）|]*(?:20\d\d|\d\s?[月日]|\b\d{1,2}[:.]\d\d)[^()（）"
    r"|]*)[)）]?\s*$"
)
GREETING = re.compile(
    r"^(?:dear|hi|hello|all\b|good (?:morning|day)|we |the |please|this |join|our |you"
    r"|各位|大家|尊敬|亲爱|老师|同学|您好|你好|本周)",
    re.IGNORECASE,
)
WHENISH = re.compile(
    r"(?i)\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:this|next) week\b"
    r"|\btomorrow\b|\d\s?[月日]|周[一二三四五六日]|seminar$|^seminar"
)


@dataclass(frozen=True)
class Pasted:
    """What an announcement says; texts under their languages, `""` where there is but one."""

    title: Mapping[str, str] = field(default_factory=dict)
    speakers: tuple[Speaker, ...] = ()
    chairs: tuple[Speaker, ...] = ()
    panellists: tuple[Speaker, ...] = ()
    discussants: tuple[Speaker, ...] = ()
    moment: Moment = field(default_factory=Moment)
    duration: int = 0
    place: str = ""
    format: str = ""
    abstract: Mapping[str, str] = field(default_factory=dict)
    bio: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    topics: tuple[str, ...] = ()
    ways: Ways = field(default_factory=Ways)
    unrecorded: bool = False
    status: str = ""
    notes: tuple[str, ...] = ()


def read(text: str, home: ZoneInfo, today: date, topics: Iterable[str] = ()) -> Pasted:
    """Read an announcement.

    Args:
        text: as it was pasted, mail headers and all.
        home: the series' clock, for hours that name none.
        today: for days without a year.
        topics: those that are known; no other is guessed.
    """
    found = parts(text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " "))
    free = "\n\n".join(found.rest)
    title = texts(found.labelled.get("title", [])) or texts([_title(found, free)])
    abstract = texts(found.labelled.get("abstract", [])) or texts([_abstract(found)])
    about = " ".join([*title.values(), *abstract.values(), found.first("topics")])
    bio = texts(found.labelled.get("bio", []))
    place, online = where(found, free)
    prose = [*abstract.values(), *bio.values()]
    all_ways = ways(text, found)
    return Pasted(
        title=title,
        speakers=_speakers(found, free),
        chairs=speakers(found.first("chair")),
        panellists=speakers(found.first("panellist")),
        discussants=speakers(found.first("discussant")),
        moment=_moment(found, free, home, today),
        duration=minutes(found.first("duration")),
        place=place,
        format=format_of(place, online or bool(all_ways.join)),
        abstract=abstract,
        bio=bio,
        language=language(found.first("language")),
        topics=known_topics(about, topics),
        ways=all_ways,
        unrecorded=remarks.unrecorded(text, prose),
        status=remarks.status(text, found.subject, prose),
        notes=remarks.left(text, found, prose, all_ways),
    )


def texts(values: Iterable[str]) -> Mapping[str, str]:
    """Sort values by their languages: of each the first; one alone is for all readers."""
    found: dict[str, str] = {}
    for value in filter(None, (unquoted(one.strip().strip("*_ ")) for one in values)):
        found.setdefault("zh" if _is_han(value) else "en", value)
    return {"": next(iter(found.values()))} if len(found) == 1 else found


def unquoted(text: str) -> str:
    """A text without the quotation marks around all of it."""
    pairs = ('""', "“”", "‘’", "''", "«»", "《》", "「」")
    around = text[:1] + text[-1:] in pairs and text[:1] not in text[1:-1]
    return text[1:-1].strip() if around else text


def _is_han(text: str) -> bool:
    return len(HAN.findall(text)) * 3 > len(re.findall(r"[A-Za-z]+|[\u3400-\u9fff]", text))


def _title(found: Parts, free: str) -> str:
    """The title where no label says it: what is quoted, the subject, or a line of its own."""
    if match := TITLED.search(free):
        return next(filter(None, match.groups())).strip(" .,，。")
    if match := re.search(_QUOTED, found.subject):
        return next(filter(None, match.groups())).strip()
    subject = TAIL.sub("", HERALD.sub("", TAGS.sub("", REPLY.sub("", found.subject))))
    if subject and not WHENISH.search(subject):
        return _without_name(subject)
    lines = [TAGS.sub("", line.strip("#* ")) for one in found.rest for line in one.split("\n")[:1]]
    alone = [
        one for one in lines if 8 <= len(one) <= 160 or (HAN.search(one) and 5 <= len(one) <= 60)
    ]
    own = [
        one for one in alone if not GREETING.match(one) and not re.search(r"[.:：。，,!！]$", one)
    ]
    told = [one for one in own if not WHENISH.search(one) and not TAGS.match(one)]
    return told[0] if told and (found.labelled or found.rest) else ""


def _without_name(subject: str) -> str:
    """A subject often begins with the speaker: `Ann Lee (MIT): On trust`."""
    return re.sub(rf"^(?:(?:Prof|Dr)\.?\s+)*{NAME}(?:\s*\([^)]*\))?\s*[:：]\s+", "", subject)


def _speakers(found: Parts, free: str) -> tuple[Speaker, ...]:
    labelled = "\n".join(found.labelled.get("speaker", [])[:1])
    if labelled:
        return speakers(labelled, found.first("affiliation"))
    for form in SPEAKERS:
        if match := form.search(free):
            who = re.sub(r"\s+(?:from|of|at)\s+(?:the\s+)?", ", ", match["who"], count=1)
            return speakers(re.sub("的", " ", who))
    return ()


def _moment(found: Parts, free: str, home: ZoneInfo, today: date) -> Moment:
    """The time under its labels; where there are none, in the text above all else."""
    labels = ("when", "date", "time", "zone")
    said = [one for key in labels for one in found.labelled.get(key, [])[:1]]
    if said:
        told = moment("\n".join(said), home, today, own=True)
        if told.day or told.doubts:
            return told
        free = f"{free}\n{' '.join(said)}"
    subject = moment(found.subject, home, today)
    told = moment(free, home, today)
    return told if told.day or told.doubts or not subject.day else subject


def format_of(place: str, online: bool) -> str:
    """The format, where the text says how one takes part."""
    if place:
        return "hybrid" if online else "in-person"
    return "online" if online else ""


def _abstract(found: Parts) -> str:
    """A long paragraph that says nothing of who and when."""
    long = [one for one in found.rest if len(one.split()) >= 45 or len(HAN.findall(one)) >= 90]
    own = [one for one in long if not any(form.search(one) for form in SPEAKERS)]
    return max(own, key=len, default="")


def language(text: str) -> str:
    """The tag of a language by its name in English or Chinese; no tag where it is another word."""
    known = {"english": "en", "英": "en", "chinese": "zh", "mandarin": "zh", "中": "zh", "汉": "zh"}
    known |= {"german": "de", "deutsch": "de", "french": "fr", "japanese": "ja", "日": "ja"}
    found = {tag for word, tag in known.items() if word in text.lower()}
    return found.pop() if len(found) == 1 else ""


def minutes(text: str) -> int:
    """A length in minutes.

    Examples:
        >>> minutes("1 h 30 min"), minutes("90 minutes"), minutes("1.5 hours"), minutes("约一小时")
        (90, 90, 90, 60)
    """
    plain = text.lower().replace("一小时", "1 h").replace("两小时", "2 h")
    hour = re.search(r"(\d+(?:\.\d+)?)\s*(?:个)?(?:h\b|hours?|hrs?|小时)", plain)
    minute = re.search(r"(\d{1,3})\s*(?:m\b|min|分)", plain)
    total = float(hour[1]) * 60 if hour else 0
    return round(total + (int(minute[1]) if minute else 0))


def known_topics(text: str, topics: Iterable[str]) -> tuple[str, ...]:
    """The topics that are known and named, at most four."""
    plain = text.lower()
    found = [one for one in dict.fromkeys(topics) if _named(one.lower(), plain)]
    return tuple(found[:4])


def _named(topic: str, text: str) -> bool:
    if HAN.search(topic):
        return topic in text
    return bool(re.search(rf"(?<![a-z]){re.escape(topic)}(?![a-z])", text))
