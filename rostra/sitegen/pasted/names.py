"""Who speaks, and where they are from, as announcements write it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rostra.sitegen.event import is_open
from rostra.sitegen.fields import HAN

INSTITUTION = re.compile(
    r"universi|\buniv\b|institut|\bcollege|\bschool|\blab(?:s|oratory)?\b|department"
    r"|research|academy|cent(?:er|re)\b"
    r"|hochschule|école|polyt[eé]c|politec|corporation|\binc\b|\bltd|gmbh|google"
    r"|deepmind|microsoft|openai|anthropic"
    r"|tencent|huawei|alibaba|nvidia|amazon|\bmeta\b|apple|bytedance|\bibm\b|hospital|ministry"
    r"|大学|学院|研究|公司|实验室|中心|学校|中科院|腾讯|华为|阿里|字节|百度|蚂蚁"
    r"|(?-i:\b[A-Z]{2,6}\b)",
    re.IGNORECASE,
)
ACRONYM = re.compile(r"^[A-Z][A-Z&. -]{1,11}$")
_WORD = r"(?:[A-ZÀ-ÖØ-ÞŁŠŽČŚÖÜ][\w'’.-]*)"
_PARTICLE = r"(?:dela|del|de|dos|das|da|di|du|van|von|der|den|ter|ten|zur|zu|la|le|bin|al|el|of|y)"
NAME = rf"{_WORD}(?: (?:{_PARTICLE} ){{0,3}}{_WORD}){{1,3}}"
FULL_NAME = re.compile(NAME)
DEGREE = re.compile(
    r"^(?:(?:(?:assoc(?:iate|\.)?|asst\.?|assistant|full|distinguished|adj(?:unct|\.)?) )?"
    r"(?:prof(?:essor)?\b\.?|dr\b\.?|mr\b\.?|ms\b\.?|mrs\b\.?|sir\b)[ \t]*)+"
    r"|,? (?:ph\.?\s?d\.?|m\.?d\.?)$",
    re.IGNORECASE,
)
DOCTOR = re.compile(r",\s*(?:ph\.?\s?d|m\.?d|m\.?sc)\b\.?", re.IGNORECASE)
HAN_TITLE = re.compile(
    r"(?:特聘|讲席|副|助理|客座)?(?:教授|研究员|讲师)|博士后?|博士生|院士|老师|先生|女士"
    r"|同学|工程师|高级|首席科学家|科学家|主任"
)
HAN_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}(?:·[\u4e00-\u9fff]{1,6})?")
ADDRESS = re.compile(r"\(?<?https?://[^\s)>，；、]+>?\)?")
LINKED = re.compile(r"\[([^\]\n]*)\]\((https?://[^)\s]*)\)")
MAIL = re.compile(r"[<(]?[\w.+-]+@[\w.-]+\.\w+[>)]?")
LONGEST = 70


@dataclass(frozen=True)
class Speaker:
    """A name, and what is said of where the person is from."""

    name: str
    affiliation: str = ""
    homepage: str = ""


def speakers(text: str, affiliation: str = "") -> tuple[Speaker, ...]:
    """Read the value of `Speaker:`; nobody where it is no name.

    Examples:
        >>> for one in speakers("Prof. Ann Lee (MIT) and Dr. Bob Ray, University of Ulm"):
        ...     print(one.name, "|", one.affiliation)
        Ann Lee | MIT
        Bob Ray | University of Ulm
        >>> [(one.name, one.affiliation) for one in speakers("张三 教授（浙江大学）、李雷")]
        [('张三', '浙江大学'), ('李雷', '')]
    """
    bare = LINKED.sub(r"\1 \2", re.sub(r"[*_`]+", "", MAIL.sub("", text)))
    bare = re.sub(r"\[([^\[\]\n]*)\]", r"(\1)", bare)
    found = [one for one in (_speaker(piece) for piece in _pieces(bare)) if one.name]
    if affiliation and len(found) == 1 and not found[0].affiliation:
        found = [Speaker(found[0].name, _tidy(affiliation), found[0].homepage)]
    return tuple(found)


def _pieces(text: str) -> Iterator[str]:
    """One piece for each person: lines, lists, and commas where no affiliation comes after."""
    lines = [line.strip(" \t-*•,，;；") for line in text.split("\n")]
    people: list[str] = []
    for line in filter(None, lines):
        if people and _is_affiliation(line):
            people[-1] += f" ({line})"
        else:
            people += _listed(line)
    yield from people


def _listed(line: str) -> Iterator[str]:
    """The people of one line; what is in brackets is not looked into."""
    marks = (
        r"[;；、]|(?<=[)）])[,，]|\s+(?:and|&|with)\s+"
        r"|(?<=[\u4e00-\u9fff）)])\s*(?:以及|[和与及])\s*(?=[\u4e00-\u9fffA-Z])"
        r"|(?<=[)）])\s+(?=[^\s(（])"
    )
    start, depth = 0, 0
    for match in re.finditer(rf"[(（]|[)）]|{marks}", line):
        depth += (match[0] in "(（") - (match[0] in ")）")
        if match[0] in "()（）" or depth:
            continue
        before, after = line[start : match.start()].rstrip(), line[match.end() :]
        if _begins_person(after) or (before.endswith((")", "）")) and _has_bracket(after, match)):
            yield from _between_commas(before.strip(" ,，"))
            start = match.end()
    yield from _between_commas(line[start:].strip(" ,，"))


def _between_commas(text: str) -> list[str]:
    """Several people where each part is a name; else one, and where that one is from."""
    names = [one.strip() for one in text.split(",")]
    return names if len(names) > 1 and all(_is_name(one) for one in names) else [text]


def _begins_person(text: str) -> bool:
    bare = DEGREE.sub("", text.strip())
    head = re.split(r"[,，(（;；、]", bare)[0].strip()
    return _is_name(head) or bool(HAN.match(bare))


def _has_bracket(text: str, mark: re.Match[str]) -> bool:
    """Whether behind a mark a name of any form stands with a bracket of its own."""
    head = re.match(r"\s*([^()（）,，;；、]{2,50})[(（]", text)
    named = head and not INSTITUTION.search(head[1]) and head[1].strip()[:1].isupper()
    return bool(named and mark[0].strip())


def _is_name(text: str) -> bool:
    bare = DEGREE.sub("", text.strip())
    if HAN.search(bare):
        return bool(HAN_NAME.fullmatch(HAN_TITLE.sub("", bare).strip()))
    named = bool(FULL_NAME.fullmatch(bare)) and not INSTITUTION.search(bare.title())
    return named and not re.match(r"[A-Z]{2,5} ", bare)  # TU Wien; families write CHEN behind


def _is_affiliation(line: str) -> bool:
    return bool(INSTITUTION.search(line)) and not re.search(r"[(（]", line) and not _named(line)


def _named(line: str) -> bool:
    """Whether a line begins with somebody's name: what follows is where they are from."""
    head = re.split(r"[,，–—|]| - ", line)[0].strip()
    return head != line.strip() and _is_name(head)


def _speaker(piece: str) -> Speaker:
    address = ADDRESS.search(piece)
    homepage = address[0].strip("()<>.,;") if address else ""
    bare = DOCTOR.sub("", ADDRESS.sub("", piece)).strip()
    inside = re.search(r"[(（]([^()（）]*(?:\([^()]*\))?[^()（）]*)[)）]", bare)
    name, where = (bare[: inside.start()], inside[1]) if inside else _cut(bare)
    before, _, more = name.partition(",") if inside else (name, "", "")
    if HAN.search(before):
        before, more = _han(name)
    tidy = _tidy(before)
    where = _tidy(where) or _tidy(more)
    return Speaker(tidy if _plausible(tidy) else "", where, homepage)


def _cut(text: str) -> tuple[str, str]:
    """Where no bracket says it: the name comes before the first comma, dash or `from`."""
    if HAN.search(text):
        return _han(text)
    if family := re.fullmatch(r"([A-ZÀ-Ý][A-ZÀ-Ý'’-]+),\s*([A-Z][\w'’. -]+)", text):
        return f"{family[2]} {family[1].title()}", ""
    match = re.search(r"\s*(?:[,|/@]|\s[–—-]+\s|\bfrom\b|\bat the\b|\bof the\b|\bat\b)\s*", text)
    return (text[: match.start()], text[match.end() :]) if match else (text, "")


def _han(text: str) -> tuple[str, str]:
    """A Chinese name among its titles, before or after where the person is from."""
    if match := re.match(NAME, text):  # a name in Latin letters among Chinese words
        rest = HAN_TITLE.sub("", text[match.end() :])
        return match[0], rest
    words = [one for one in re.split(r"[\s,，|/—–-]+", text) if one]
    bare = [(one, HAN_TITLE.sub("", one)) for one in words]
    names = [word for _, word in bare if HAN_NAME.fullmatch(word) and not INSTITUTION.search(word)]
    if not names:
        together = re.fullmatch(
            rf"(.*(?:大学|学院|研究[院所]|公司|实验室))({HAN_NAME.pattern})",
            bare[0][1] if bare else "",
        )
        return (together[2], together[1]) if together else ("", "")
    where = [word for _, word in bare if INSTITUTION.search(word) and word not in names]
    return names[0], " ".join(where)


def _tidy(text: str) -> str:
    bare = DEGREE.sub("", " ".join(text.split()).strip(" ,，;；.-–—:：|"))
    return DEGREE.sub("", bare).strip(" ,，;；-–—:：|")


def _plausible(name: str) -> bool:
    letters = bool(re.search(r"[^\W\d_]", name))
    return (
        letters
        and not is_open(name)
        and len(name) <= LONGEST
        and not re.search(r"[@:/<>{}\[\]!?\"0-9]", name)
    )
