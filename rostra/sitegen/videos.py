"""Recordings that play in the page: how each service is shown, and at which second.

Nothing of theirs is part of a page. The address of the player only waits in it until somebody
presses play; until then no other host is contacted.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from rostra.sitegen.captions import Cue

FILES = (".mp4", ".m4v", ".webm", ".ogv", ".mp3", ".m4a", ".ogg")
YOUTUBE = re.compile(r"(?:www\.|m\.)?youtube(?:-nocookie)?\.com")
PEERTUBE = re.compile(r"/(?:w|videos/(?:watch|embed))/([0-9A-Za-z-]{22,36})/?")
PARAGRAPH = 30.0  # seconds of speech that stand together


@dataclass(frozen=True)
class Video:
    """A recording as a page shows it.

    Args:
        host: Whom the visitor contacts by pressing play.
        kind: "frame" for a player of its own, "file" for one of the browser.
        player: The player's address; `second` is put in where it has `{second}`.
        page: The address of the recording itself, with `{second}` as well.
    """

    host: str
    kind: str
    player: str
    page: str

    def at(self, second: float) -> str:
        """The recording's own page, from a second on: what a link leads to without scripts."""
        return self.page.replace("{second}", str(int(second)))


def video(address: str | None) -> Video | None:
    """Recognise a recording by its address; None where no player of it is known.

    Examples:
        >>> video("https://youtu.be/aqz-KE-bpKQ").player
        'https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?autoplay=1&start={second}'
        >>> video("https://v.example/w/aaaaaaaaaaaaaaaaaaaaaa").at(90.5)
        'https://v.example/w/aaaaaaaaaaaaaaaaaaaaaa?start=90s'
        >>> video("https://space.bilibili.com/341626036") is None
        True
    """
    parts = urlsplit(address or "")
    makers = (_youtube, _bilibili, _peertube, _file)
    return next(filter(None, (make(address or "", parts.hostname or "") for make in makers)), None)


def _youtube(address: str, host: str) -> Video | None:
    parts = urlsplit(address)
    found = parse_qs(parts.query).get("v", [""])[0]
    if host == "youtu.be":
        found = parts.path.strip("/")
    elif match := re.match(r"/(?:live|embed|shorts)/([\w-]+)", parts.path):
        found = match[1]
    ours = host == "youtu.be" or YOUTUBE.fullmatch(host)
    if not ours or not re.fullmatch(r"[\w-]{11}", found):
        return None
    # The address that sets no cookie before the video is played.
    player = f"https://www.youtube-nocookie.com/embed/{found}?autoplay=1&start={{second}}"
    page = f"https://www.youtube.com/watch?v={found}&t={{second}}s"
    return Video("www.youtube-nocookie.com", "frame", player, page)


def _bilibili(address: str, host: str) -> Video | None:
    match = re.match(r"/video/(BV[0-9A-Za-z]{10})", urlsplit(address).path)
    if not f".{host}".endswith(".bilibili.com") or match is None:
        return None
    asked = {"bvid": match[1], "autoplay": 1, "danmaku": 0}
    player = f"https://player.bilibili.com/player.html?{urlencode(asked)}&t={{second}}"
    page = f"https://www.bilibili.com/video/{match[1]}/?t={{second}}"
    return Video("player.bilibili.com", "frame", player, page)


def _peertube(address: str, host: str) -> Video | None:
    match = PEERTUBE.fullmatch(urlsplit(address).path)
    if match is None or not address.startswith("https:"):
        return None
    # Without peer-to-peer other viewers do not see the visitor's address.
    player = f"https://{host}/videos/embed/{match[1]}?autoplay=1&p2p=0&start={{second}}s"
    return Video(host, "frame", player, f"https://{host}/w/{match[1]}?start={{second}}s")


def _file(address: str, host: str) -> Video | None:
    if not urlsplit(address).path.lower().endswith(FILES):
        return None
    return Video(host, "file", address, f"{address}#t={{second}}")


@dataclass(frozen=True)
class Paragraph:
    """What is said without a pause or a change of voice, from a second on."""

    start: float
    voice: str
    text: str

    @property
    def clock(self) -> str:
        """The second as players show it: `1:02:03`."""
        minutes, seconds = divmod(int(self.start), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def paragraphs(cues: Iterable[Cue]) -> Iterator[Paragraph]:
    """Put the cues of captions together, so that they can be read.

    Examples:
        >>> said = [Cue(0, 2, "One"), Cue(2, 4, "two."), Cue(40, 41, "Three."),
        ...         Cue(41, 42, "Hm", "A")]
        >>> [(one.clock, one.voice, one.text) for one in paragraphs(said)]
        [('0:00', '', 'One two.'), ('0:40', '', 'Three.'), ('0:41', 'A', 'Hm')]
    """
    held: list[Cue] = []
    for cue in cues:
        if held and (cue.voice != held[0].voice or cue.start - held[0].start >= PARAGRAPH):
            yield _together(held)
            held = []
        held.append(cue)
    if held:
        yield _together(held)


def _together(cues: list[Cue]) -> Paragraph:
    return Paragraph(cues[0].start, cues[0].voice, " ".join(cue.text for cue in cues))
