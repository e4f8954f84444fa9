"""An announcement's labelled parts: `Speaker: …`, `【摘要】`, a heading and what is below it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

LABELS: Mapping[str, str] = {
    "title": r"what|(?:(?:talk|seminar|lecture|presentation|paper) )?title|topic of (?:the )?talk"
    r"|(?:报告|讲座|演讲|学术报告|论文|讲座的)?(?:题目|标题)|(?:报告|讲座|演讲|分享|本期"
    r"|会议)?主题|topic",
    "speaker": r"(?:invited |guest |keynote )?(?:speakers?|presenters?|lecturers?)(?: name)?"
    r"|(?:speaker|presenter)\(s\)|who|by|(?:主讲|报告|演讲|分享)(?:人|者|嘉宾)?|讲者"
    r"|嘉宾|特邀嘉宾|主讲专家|报告专家",
    "affiliation": r"(?:speaker'?s? )?(?:affiliations?|institution)|(?:工作|所在)?单位|机构",
    "date": r"date|day|(?:报告|讲座|活动)?日期",
    "time": r"time|hours?|(?:报告|讲座|活动|会议|开始|演讲|分享)?时间",
    "when": r"when|date (?:and|&) time|time (?:and|&) date|date/time|schedule",
    "zone": r"time ?zone|时区",
    "duration": r"duration|length|时长",
    "place": r"where|place|venue|location|room|(?:报告|讲座|活动|会议|线下)?(?:地点"
    r"|场地)|教室|会议室|place/room",
    "join": r"(?:zoom|teams|webex|google meet|tencent meeting|voov|feishu|meeting|online"
    r"|join|joining"
    r"|video|remote)(?: (?:link|url|meeting|room|info|information|at|here|via zoom))*|link"
    r"|join (?:zoom meeting|us(?: online)?)|(?:腾讯|飞书|线上|在线|zoom)?(?:会议|参会"
    r"|入会)(?:链接|方式|地址|平台)?"
    r"|线上(?:链接|平台|方式)?|链接|腾讯会议(?:链接)?|直播间",
    "password": r"(?:meeting )?(?:id|pass ?code|password|pwd|pin)|(?:腾讯)?会议(?:号|id|密码)"
    r"|密码|口令|入会密码",
    "abstract": r"(?:talk )?abstract|summary|about the talk|description|overview"
    r"|(?:报告|讲座|内容|演讲|论文|中文|英文)?(?:摘要|简介|概要)|(?:报告|讲座|主要)内容|内容提要",
    "bio": r"(?:short |speaker'?s? |brief )?(?:bio|biography|bio ?sketch)"
    r"|about the (?:speaker|presenter)s?"
    r"|speaker (?:bio|biography)|(?:讲者|报告人|主讲人|演讲人|嘉宾|个人|专家|作者"
    r"|讲师)(?:简介|介绍|简历)",
    "chair": r"(?:session )?(?:host|chair|moderator)(?:ed by)?|主持(?:人|嘉宾)?",
    "panellist": r"panell?ists?|panell?ist\(s\)|panel members"
    r"|(?:圆桌|论坛|讨论|对话|沙龙)(?:讨论)?嘉宾|圆桌讨论",
    "discussant": r"discussants?|respondents?|(?:与谈|评议|评论|点评|对谈)(?:人|嘉宾)",
    "note": r"(?:please )?notes?|remarks?|备注|注意(?:事项)?",
    "language": r"(?:talk |seminar )?language|(?:报告|讲座|演讲)?语言",
    "topics": r"topics|keywords?|key ?words|tags|关键词|关键字|标签|话题",
    "registration": r"registration(?: link)?|register(?: here| at)?|rsvp|sign[- ]?up"
    r"|报名(?:链接|地址|方式|入口)?",
    "stream": r"(?:live ?)?stream(?: link)?|livestream|直播(?:链接|地址)?",
    "slides": r"slides|幻灯片|课件",
    "paper": r"(?:related )?papers?|preprint|arxiv|论文(?:链接|地址)?",
    "code": r"code|github|代码",
    "series": r"series|seminar series|系列(?:讲座)?",
    "ignored": r"subject|主办(?:方|单位)?|承办(?:方|单位)?|organi[sz]ers?"
    r"|organi[sz]ed by|contact|联系人?"
    r"|references?|参考文献|from|to|cc|sent|发件人|收件人|refreshments|欢迎",
}  # fmt: skip
LONG = ("abstract", "bio")  # go on over empty lines
BETWEEN = r"(?:[ \t]*(?:[:：]|\*\*[:：]|[:：]\*\*)|[ ]*\t)"
BEFORE = (
    r"^[ \t>]*(?:[-*•–▪◆■●☆]+[ \t]*|\d+[.、)][ \t]*|#+[ \t]*"
    r"|[一二三四五六七八九十]+、[ \t]*|[📅🕒📍🎤🔗⏰🗓👤📢]\ufe0f?[ \t]*)*"
)
_NAMES = "|".join(f"(?P<{key}>{form})" for key, form in LABELS.items())
# A label in two languages: `題目/Title`, `Title (题目)`.
_OTHER = r"(?:[^\s:：/]{1,8}[ ]?/[ ]?)?"
_AGAIN = r"(?:[ ]?/[ ]?[^\s:：/]{1,10}|[ ]?[(（][^()（）]{1,20}[)）])?"
LABELLED = re.compile(
    rf"{BEFORE}[*_【\[]*{_OTHER}(?:{_NAMES}){_AGAIN}[*_】\]]*{BETWEEN}[*_]*[ \t]*(?P<value>.*)$",
    re.I,
)
BOXED = re.compile(rf"{BEFORE}【(?:{_NAMES})】[ \t]*(?P<value>.*)$", re.I)
ALONE = re.compile(rf"{BEFORE}[*_【\[=]*(?:{_NAMES})[*_】\]=:：]*[ \t]*(?P<value>)$", re.I)
RULE = re.compile(r"^[ \t]*[-=_*~—]{3,}[ \t]*$")
FAREWELL = re.compile(
    r"^[ \t]*(?:--[ \t]*$|(?:best|kind|warm)(?:est)?(?: regards| wishes)?[,!.]?[ \t]*$"
    r"|regards\b|cheers\b"
    r"|sincerely|(?:we )?(?:look|looking) forward|hope to see|see you|all (?:are )?welcome"
    r"|everyone is welcome|please (?:feel free|forward|join|register)"
    r"|to (?:un)?subscribe|join zoom"
    r"|thanks|thank you|祝好|此致|敬请|欢迎|期待|谢谢)",
    re.I,
)
SENTENCE = re.compile(r"^(?:\S+\s+){1,}\S{4,}\.\s*$|^(?:\S+\s+){9,}\S")
LONGEST = 2000
SENT = re.compile(r"^(?:Date|Sent):.*\d\d:\d\d:\d\d [+-]\d{4}")  # of the mail itself
SPACED = re.compile(r"^[ \t]*(?:[\u4e00-\u9fff][ \u3000]+){1,4}[\u4e00-\u9fff][ ]*(?=[:：])")
PARTS = re.compile(r"[ \t]+[|｜•·][ \t]+|[ \t]*\t[ \t]*")


@dataclass
class Parts:
    """What stands under each label, in the order of the text; the paragraphs under none."""

    labelled: dict[str, list[str]] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)
    subject: str = ""

    def first(self, *labels: str) -> str:
        """The first value under any of some labels; the empty text where there is none."""
        return next((one for key in labels for one in self.labelled.get(key, [])), "")


def parts(text: str) -> Parts:
    r"""Split an announcement by its labels.

    Examples:
        >>> found = parts("Hello,\nTitle: On trust\n\nAbstract\nWhy?\n\nHow?\n\nBest,\nAnn")
        >>> found.labelled["title"], found.labelled["abstract"], found.rest
        (['On trust'], ['Why?\n\nHow?'], ['Hello,', 'Best,\nAnn'])
    """
    found = Parts()
    label, lines = "", [""]
    for line in [*_lines(text), "--"]:
        told = _label(line)
        if told or _ends(label, lines, line):
            _keep(found, label, lines)
            label, lines = told if told else ("", [line])
        else:
            lines.append(line)
    _keep(found, label, lines[:-1] if label == "" else lines)
    free = "\n".join("" if RULE.match(line) else line.strip() for line in found.rest)
    found.rest = [one.strip() for one in re.split(r"\n\s*\n", free) if one.strip(" \n-")]
    return found


def _lines(text: str) -> Iterator[str]:
    """The lines without marks of a forwarded mail; those with several labels are taken apart."""
    for line in text.split("\n"):
        bare = re.sub(r"^(?:[ \t]*>)+ ?", "", line).rstrip()
        pieces = PARTS.split(bare)
        several = len(pieces) > 1 and sum(bool(LABELLED.match(one)) for one in pieces) > 1
        yield from pieces if several else [bare]


def _label(line: str) -> tuple[str, list[str]] | None:
    if len(line) > LONGEST or SENT.search(line):
        return None
    line = SPACED.sub(lambda found: found[0].replace(" ", ""), line)
    match = LABELLED.match(line) or BOXED.match(line) or ALONE.match(line)
    if match is None:
        return None
    key = next(key for key in LABELS if match[key] is not None)
    return (f"{key}:{match[key].lower()}" if key == "ignored" else key), [match["value"].strip()]


def _ends(label: str, lines: list[str], line: str) -> bool:
    """Whether a part is over before this line."""
    if label == "":
        return False
    if RULE.match(line) or FAREWELL.match(line):
        return True
    if label in LONG or not any(one.strip() for one in lines):
        return False
    return (
        not line.strip()
        or ("://" in line and label in ("title", "speaker"))
        or (label != "title" and bool(SENTENCE.match(line)))
    )


def _keep(found: Parts, label: str, lines: list[str]) -> None:
    key, _, word = label.partition(":")
    text = "\n".join(lines).strip("\n").rstrip()
    if label == "":
        found.rest += [*lines, ""]
    elif word == "subject":
        found.subject = found.subject or text.split("\n")[0].strip()
    elif text.strip() and key != "ignored":
        found.labelled.setdefault(key, []).append(text)
