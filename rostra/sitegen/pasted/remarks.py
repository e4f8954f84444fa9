"""What an announcement says beside its fields: nobody records it, it is off; and what is left."""

import re
from collections.abc import Iterable, Iterator

from rostra.sitegen.pasted.labels import LONG, Parts
from rostra.sitegen.pasted.links import ADDRESS, Ways, bare
from rostra.sitegen.pasted.names import LINKED, speakers

_TALK = (
    r"(?:talk|seminar|lecture|session|event|meeting|presentation|webinar|colloquium|panel"
    r"|讲座|报告|活动|会议|本次|本期|论坛|现场)"
)
_OFF_RECORD = (
    r"(?:(?:\b(?:not|never)|n['’]t)\s+(?:to\s+)?"
    r"(?:be(?:ing)?\s+)?(?:(?:video|audio)[- ]?)?record(?:ed)?\b"
    r"|\b(?:no|without)\s+(?:(?:video|audio)\s?)?recordings?\b"
    r"|\brecordings?\s+(?:is|are)\s+(?:not\s+(?:allowed|permitted)|prohibited|forbidden)"
    r"|(?:不(?:会|做|予|能|可|得|允许|进行|提供|另)?|谢绝|禁止|请勿|严禁|没有|无)"
    r"(?:视频|现场|全程|任何)?(?:录制|录像|录音|录屏|录播))"
)
_OFF = r"(?:\bcancell?ed\b|\bcalled\s+off\b|取消)"
_LATER = r"(?:\bpostponed\b|\brescheduled\b|延期|推迟|改期)"
# What was called off is not this talk, or nobody has called it off yet.
_ELSE = re.compile(
    r"\b(?:last|previous|earlier|tomorrow|next|instead|if|unless|may|might|can)\b"
    r"|上周|上次|上一|明天|下次|下一|改为|如果|如需|若|报名",
    re.I,
)
_HEADER = re.compile(
    r"x-|message-id|reply-to|mime|content-|received|return-path|list-|user-agent|in-reply-to"
    r"|importance|priority|thread-|bcc",
    re.I,
)
_SAID = re.compile(
    r"^\W{0,4}(?P<key>[A-Z][\w'’/&-]*(?: [\w'’/&-]+){0,2}|[\u4e00-\u9fff]{2,6})\s?[:：]\s*\S"
)
_ROLES = ("speaker", "panellist", "discussant", "chair")
LONGEST = 160  # characters of a line that is told
MOST = 12  # lines that are told


def unrecorded(text: str, prose: Iterable[str]) -> bool:
    """Whether nobody may record it; in the prose of an abstract only where it is about the talk."""
    return any(_says(_OFF_RECORD, text, prose))


def status(text: str, subject: str, prose: Iterable[str]) -> str:
    """What became of it: `cancelled` where that is plain; nothing where it is not."""
    first = r"^\W*(?:this is |已|(?:status|状态)\s?[:：]\s?已?)?"
    called = rf"{first}{_OFF}|{_TALK}[^.。!！\n]{{0,50}}{_OFF}"
    lines = [one for one in _says(_OFF, text, prose) if not _ELSE.search(one)]
    sure = any(re.search(called, one, re.I) for one in lines)
    return "cancelled" if sure or re.search(_OFF, subject, re.I) else ""


def left(text: str, parts: Parts, prose: Iterable[str], ways: Ways) -> tuple[str, ...]:
    """What the organiser must read, as none of it is in the entry, or not beyond doubt."""
    known = "\n".join([ways.join, *ways.links.values()])
    unread = [one for one in _unread(parts) if not _is_known(one, known)]
    told = [*_changes(text, prose), *unread, *_people(parts)]
    return tuple(one[:LONGEST] for one in dict.fromkeys(told))[:MOST]


def _is_known(line: str, known: str) -> bool:
    """Whether the entry has the address of a line, or the way in has."""
    address = ADDRESS.search(line)
    return address is not None and bare(address[0]) in known


def _changes(text: str, prose: Iterable[str]) -> Iterator[str]:
    for line in _says(f"{_OFF}|{_LATER}", text, prose):
        yield f"status: the announcement says: {line}"


def _unread(parts: Parts) -> Iterator[str]:
    """The lines that have the form of a label, and one that nobody knows."""
    lines = [line.strip() for one in parts.rest for line in one.split("\n")]
    short = [one for key, many in parts.labelled.items() if key not in LONG for one in many]
    lines += [line.strip() for one in short for line in one.split("\n")[1:]]
    unknown = [one for one in lines if (found := _SAID.match(one)) and not _HEADER.match(found[1])]
    for line in [*unknown, *(" ".join(one.split()) for one in parts.labelled.get("note", []))]:
        if not re.search(_OFF_RECORD, line, re.I):
            yield f"not understood: {line}"


def _people(parts: Parts) -> Iterator[str]:
    """Who may have been lost: a second list of a role, or more brackets than people."""
    for role in _ROLES:
        first, *others = parts.labelled.get(role, [""])
        brackets = len(re.findall(r"[(（][^()（）]+[)）]", LINKED.sub("", first)))
        if first and len(speakers(first)) < max(1, brackets):
            yield f"{role}: look whether these are all: {' '.join(first.split())}"
        yield from (f"{role}: it also says: {' '.join(one.split())}" for one in others)


def _says(form: str, text: str, prose: Iterable[str]) -> Iterator[str]:
    """The lines that say something; those of the prose only with a word for the talk before it."""
    inside = {line.strip() for one in prose for line in one.split("\n")}
    for line in map(str.strip, text.split("\n")):
        value = re.split(r"[:：]", line, maxsplit=1)[-1].strip()
        near = rf"{_TALK}[^.。!！\n]{{0,50}}?(?:{form})|(?:{form})[^.。!！\n]{{0,12}}{_TALK}"
        if line and re.search(near if {line, value} & inside else form, line, re.I):
            yield line.lstrip("> ")
