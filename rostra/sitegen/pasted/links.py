"""The addresses of an announcement: public ones by what they are, and the private way in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rostra.sitegen.importing import address_of
from rostra.sitegen.pasted.labels import Parts
from rostra.sitegen.privacy import JOIN, PASSWORD, private

ADDRESS = re.compile(r"https?://[^\s<>\"'，。；）)\]]+")
NUMBER = re.compile(r"(?<!\d)\d{3}[ -]\d{3,4}[ -]\d{3,4}(?!\d)")  # of a meeting
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
        if address := address_of(found.rstrip(".,;")):
            links[kind] = address
    return Ways(links, _join(text, parts, set(links.values())))


def _whole(text: str, start: int) -> str:
    match = ADDRESS.match(text, start)
    return match[0] if match else ""


def _join(text: str, parts: Parts, public: set[str]) -> str:
    """The way in with its number and password: whatever looks like one, or is said to be one."""
    found = [value for kind, _, value in private(text) if kind == JOIN]
    found += [
        one for one in ADDRESS.findall(text) if any(k == PASSWORD for k, _, _ in private(one))
    ]
    labelled = [one for value in parts.labelled.get("join", []) for one in ADDRESS.findall(value)]
    addresses = [one for one in (*found, *labelled) if one not in public]
    if not addresses:
        addresses = [
            one for value in parts.labelled.get("join", []) for one in NUMBER.findall(value)
        ]
    words = [" ".join(one.split()) for one in parts.labelled.get("password", [])]
    return "; ".join(dict.fromkeys([*addresses[:1], *words]))
