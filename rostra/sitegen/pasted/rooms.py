"""Where people meet, as announcements write it, and whether one can also take part online."""

import re

from rostra.sitegen.pasted.labels import Parts
from rostra.sitegen.pasted.meetings import apart

ROOM = re.compile(
    r"(?:\b(?:in|at|@)\s+(?:the\s+)?|^)(?P<place>(?:[A-Z][\w-]*\s+){0,3}?(?:[Rr]oom"
    r"|[Ll]ecture [Hh]all"
    r"|[Aa]uditorium|[Hh]all|[Ss]eminar [Rr]oom|HS|Building)\s+(?:[A-Z]{1,4}\s)?[\w./-]*\d[\w/-]*"
    r"(?:\.\d+)*(?:,\s+(?:[A-Z][\w-]+\s?){1,4})?)"
    r"|(?:在|地点(?:[:：]|在|为)?)\s*(?P<han>[^，。；\n]{2,30}?(?:会议室|教室|报告厅|\d室)"
    r"|[^，。；\n]{2,25}?楼\s?\w{1,8})",
    re.MULTILINE,
)
ONLINE = re.compile(
    r"^(?:(?:also|held|fully|both|on|via|by)\s+)*(?:online|virtual(?:ly)?|remote|zoom"
    r"|webinar|webex|(?:ms |microsoft )?teams"
    r"|google meet|hybrid|tencent meeting|voov(?: meeting)?|(?:live)?stream|on zoom"
    r"|via zoom|youtube"
    r"|线上|在线|网络|腾讯会议|飞书(?:会议)?|哔哩哔哩|b站|线上线下(?:同步|结合)?)"
    r"(?:\s*(?:meeting|only|link|below|via|on|会议|直播|参会|:|：).*)?$",
    re.IGNORECASE,
)


def where(found: Parts, free: str) -> tuple[str, bool]:
    """The room, and whether one can also take part online."""
    told = found.first("place")
    if not told and (match := ROOM.search(free)):
        told = match["place"] or match["han"]
    told, way_in = apart(told)
    pieces = re.split(
        r"\s*(?:[;；&+\n]|\s/\s|\b(?:and|or)\b|[及与和同步]+(?=线上|腾讯|在线)|[(（)）])\s*", told
    )
    kept = [one.strip(" ,，.。") for one in pieces if one and one.strip(" ,，.。")]
    rooms = [one for one in kept if not ONLINE.match(one) and "://" not in one]
    inside = [
        re.sub(r"\s*,\s*(?:and |also )?(?:online|zoom)\b.*$", "", one, flags=re.I) for one in rooms
    ]
    online = bool(way_in) or inside != kept or bool(re.search(r"\bhybrid\b|线上", told, re.I))
    return ", ".join(inside).strip(), online
