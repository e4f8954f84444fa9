"""The addresses of an announcement: public ones by what they are, and the private way in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rostra.sitegen.importing import address_of
from rostra.sitegen.pasted.labels import Parts
from rostra.sitegen.pasted.meetings import NUMBER, apart, numbers, password
from rostra.sitegen.privacy import JOIN, PASSWORD, private

ADDRESS = re.compile(r"https?://[^\s<>\"'，。；）)\]]+")
# What ends an address though it is no blank: marks that Chinese writes, and those of Markdown.
_END = re.compile(r"[，。；：、！？（）《》「」【】“”‘’<>\"`|]|\]\(|\)\[")
LONGEST = 2000  # characters; no address has more
_PAIRS = {")": "(", "]": "[", "}": "{"}
KINDS = ("registration", "stream", "slides", "paper", "code")
KNOWN = {
    "paper": re.compile(
        r"https?://(?:www\.)?(?:arxiv\.org/(?:abs|pdf)/|doi\.org/|openreview\.net/)"
    ),
    "stream": re.compile(r"https?://(?:live\.bilibili\.com/|(?:www\.)?youtube\.com/live/)"),
}


@dataclass(frozen=True)
class Ways:
    """Public addresses by their keys, and the value of the way in, which no entry may have."""

    links: Mapping[str, str] = field(default_factory=dict)
    join: str = ""


def ways(text: str, parts: Parts) -> Ways:
    """Find the addresses of an announcement."""
    links: dict[str, str] = {}
    for kind in KINDS:
        labelled = ADDRESS.search(parts.first(kind))
        known = KNOWN[kind].search(text) if kind in KNOWN else None
        found = labelled[0] if labelled else _whole(text, known.start()) if known else ""
        if address := address_of(bare(found)):
            links[kind] = address
    return Ways(links, _join(text, parts, set(links.values())))


def _whole(text: str, start: int) -> str:
    match = ADDRESS.match(text, start)
    return match[0] if match else ""


def bare(address: str) -> str:
    """An address without the marks of the sentence around it.

    Examples:
        >>> bare("https://uni.zoom.us/j/9123456?pwd=Zm9v).")
        'https://uni.zoom.us/j/9123456?pwd=Zm9v'
        >>> bare("https://x.example/a_(b).1），"), bare("https://x.example/?pwd=a.1;")
        ('https://x.example/a_(b).1', 'https://x.example/?pwd=a.1')
    """
    text = _END.split(address)[0][:LONGEST]
    while text and (text[-1] in ".,;:!?'*_~" or _closes_nothing(text)):
        text = text[:-1]
    return text


def _closes_nothing(text: str) -> bool:
    opened = _PAIRS.get(text[-1])
    return opened is not None and text.count(opened) < text.count(text[-1])


def _join(text: str, parts: Parts, public: set[str]) -> str:
    """The way in with its number and password: whatever looks like one, or is said to be one."""
    found = [value for kind, _, value in private(text) if kind == JOIN]
    found += [
        one for one in ADDRESS.findall(text) if any(k == PASSWORD for k, _, _ in private(one))
    ]
    labelled = [one for value in parts.labelled.get("join", []) for one in ADDRESS.findall(value)]
    addresses = [bare(one) for one in (*found, *labelled) if bare(one) not in public]
    words = [" ".join(one.split()) for one in parts.labelled.get("password", [])]
    in_room = apart(parts.first("place"))[1]
    told = [*addresses[:1], *filter(None, [in_room])] or [*_numbers(text, parts, words)][:1]
    beside = [*_beside(text, addresses[0])] if addresses else []
    known = "; ".join([*told, *words])
    return "; ".join(dict.fromkeys([*told, *words, *(one for one in beside if one not in known)]))


def _numbers(text: str, parts: Parts, words: Sequence[str]) -> Iterator[str]:
    """The numbers of meetings, those below their own label first."""
    for value in parts.labelled.get("join", []):
        for line in value.split("\n"):
            yield from numbers(f"ID: {line}")
    if not any(NUMBER.search(one) for one in words):
        yield from numbers(text)


def _beside(text: str, address: str) -> Iterator[str]:
    """The passwords that stand in the line of an address, and not in the address."""
    for line in text.split("\n"):
        if address in line:
            yield from password(line.replace(address, " "))
