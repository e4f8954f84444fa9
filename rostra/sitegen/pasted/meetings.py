"""The way into an online meeting where it is a number and no address: none of it is public."""

import re
from collections.abc import Iterator

TOOL = (
    r"(?:(?:via |on |by )?(?:(?:ms |microsoft )?teams|zoom|webex|google meet|tencent meeting|voov"
    r"|feishu|lark|dingtalk|腾讯会议|飞书|钉钉|线上会议|在线会议))"
)
_GROUPS = r"(?<![\d-])\d{3}(?:[ -]?\d{3,4}){2,3}(?![\d-])"
NUMBER = re.compile(_GROUPS)  # of a meeting
_CALLED = (
    r"(?:meeting|webinar|conference)\s?(?:id|number|no\b\.?|code)"
    r"|会议(?:号码?|id)|房间号|(?<![A-Za-z])id(?=\s?[:：#])"
)
MEETING = re.compile(rf"(?:{_CALLED}|{TOOL})[^\n\d]{{0,40}}?{_GROUPS}", re.IGNORECASE)
# Behind a colon, or with a digit: "no password needed" names none.
_SECRET = re.compile(
    r"(?:pass ?code|password|passwd|pwd|密码|口令|入会码)\s*(?:is|为|是)?\s*"
    r"(?:[:：=]\s*|(?=[^\s,，;；]{0,60}\d))(?P<value>[^\s,，;；、()（）。]+)",
    re.IGNORECASE,
)
# What parts the places of one line; a tool begins a part of its own.
_MARKS = re.compile(
    rf"\s*(?:[;；,，、&+\n()（）|]|\s/\s|/(?={TOOL})|\b(?:and|or)\b|[及和与或](?={TOOL}))\s*"
    rf"|(?<!ms)(?<!microsoft)(?<!\bvia)(?<!\bon)(?<!\bby)\s+(?={TOOL})"
    rf"|(?<=[\u4e00-\u9fff])(?={TOOL})",
    re.IGNORECASE,
)


def apart(place: str) -> tuple[str, str]:
    """Part a place into the room and the number of a meeting with its password.

    Examples:
        >>> apart("理科楼 A-301 / 腾讯会议 123-456-789（密码：2468）")
        ('理科楼 A-301', '腾讯会议 123-456-789; 密码：2468')
        >>> apart("Room 5, Zoom (Meeting ID: 123 456 789, Passcode: 2468)")
        ('Room 5', 'Zoom; Meeting ID: 123 456 789; Passcode: 2468')
        >>> apart("Room 204, Building 5")
        ('Room 204, Building 5', '')
    """
    told = place
    place = "\n".join(" ".join(line.split()) for line in place.split("\n") if line.strip())
    pieces = [*_pieces(place)]
    if not any(NUMBER.search(text) for _, _, text in pieces):
        return told, ""
    private = [one for one in pieces if _is_private(one[2])]
    kept, end = [], 0
    for start, stop, _ in private:
        kept.append(place[end:start])
        end = stop
    rooms = [one.strip(" \t\n,，;；、/&+|()（）:：") for one in [*kept, place[end:]]]
    rooms = [re.sub(r"\s*(?:\b(?:and|or)|[及和与或])$", "", one) for one in rooms]
    return ", ".join(filter(None, rooms)), "; ".join(text for _, _, text in private)


def _pieces(place: str) -> Iterator[tuple[int, int, str]]:
    """The parts of a place, and where each stands."""
    start = 0
    for mark in [*_MARKS.finditer(place), None]:
        stop = mark.start() if mark else len(place)
        if text := place[start:stop].strip():
            yield start, stop, text
        start = mark.end() if mark else stop


def _is_private(text: str) -> bool:
    tool = re.fullmatch(rf"{TOOL}(?:\s?(?:meeting|会议))?\s*[:：]?", text, re.IGNORECASE)
    return bool(tool or NUMBER.search(text) or _SECRET.search(text))


def numbers(text: str) -> Iterator[str]:
    """The meetings of a text by their numbers, each with the password beside it.

    Examples:
        >>> list(numbers("Meeting ID: 123 456 789, Passcode: 2468. See you!"))
        ['123 456 789; 2468']
    """
    for line in text.split("\n"):
        if match := MEETING.search(line):
            found = NUMBER.findall(match[0])[-1:]
            yield "; ".join([*found, *password(line[match.end() :])])


def password(text: str) -> Iterator[str]:
    """The password that a piece of text names, if it names one."""
    if found := _SECRET.search(text):
        yield found["value"].rstrip(".")
