"""The last look at a finished site: no byte of it tells a secret, no address lets anybody in.

Every file is searched for what `secrets.yaml` and `$ROSTRA_SECRET_…` hold, in whatever way it may
be written there. A text under embargo is known by any run of eight words, or of twelve Chinese
characters. Besides, no address may carry a credential or lead into a meeting. Mail addresses and
words about passwords are not looked for: the checker refuses them in entries, and a hand-written
page that has one means it.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from rostra.sitegen import reading
from rostra.sitegen.embargo import TEXTS, Veil, lift
from rostra.sitegen.press import below
from rostra.sitegen.privacy import JOIN, MAIL, kept, private, variable
from rostra.sitegen.programme import Programme
from rostra.sitegen.reading import Secret
from rostra.sitegen.traces import SHORTEST, Value, View, Words, bare, trace, weight
from rostra.sitegen.unpacking import is_plain, parts, plain, unescaped

KEPT = "secrets.yaml"
PREFIX = variable("")
BATCH = 1 << 18  # bytes that are looked at together
MANY = 50_000  # addresses that are known to be harmless
OVERLAP = 1 << 16  # bytes that two pieces of a large file share, besides the longest secret
LONGER = 256  # so many bytes a letter of it may take, with its escapes and a tag after it
BETWEEN = b"\n<>\n"
# An address, also one whose first signs are escaped; it is read again once they are undone.
ADDRESS = re.compile(rb"https?(?:[:%]|&(?:#|colon)|\\)[^\s\"'<>`]{1,2000}")


class File(NamedTuple):
    """One file of the site: its name below it, what it holds, whether that is a plain text."""

    name: str
    content: bytes
    plain: bool


@dataclass(frozen=True, order=True)
class Leak:
    """What must not be published, and where it stands. It is named, and never repeated.

    Examples:
        >>> print(Leak("a.ics", 3, "the secret 'zoom'"))
        a.ics:3: the secret 'zoom'
    """

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        """As a compiler prints it."""
        return f"{self.file}:{self.line}: {self.what}"


def remove(
    site: Path, programme: Programme, veil: Veil, only: Iterable[str] | None = None
) -> list[Leak]:
    """Find all that must not be published, and take the files away that have it; see `leaks`."""
    found = list(leaks(site, programme, veil, only))
    for name in {leak.file for leak in found}:
        (site / name).unlink(missing_ok=True)
    return found


def leaks(
    site: Path, programme: Programme, veil: Veil, only: Iterable[str] | None = None
) -> Iterator[Leak]:
    """Yield all that must not be published.

    Args:
        site: the folder with the finished site.
        programme: the entries that it was made of.
        veil: the clock that ends embargoes, and the folder that has `secrets.yaml`.
        only: the files to look at, by their paths below the site; all by default.
    """
    secrets = dict(known(programme, veil))
    for name, text in secrets.items():
        if weight(text) < SHORTEST:
            what = f"the secret '{name}' is too short to be found again"
            yield Leak(KEPT, 1, f"{what}: give it {SHORTEST} letters or digits")
    wanted = [trace(name, text) for name, text in secrets.items() if weight(text) >= SHORTEST]
    overlap = OVERLAP + LONGER * max(map(len, secrets.values()), default=0)
    harmless: set[bytes] = set()
    for files in _batches(site, below(site) if only is None else only):
        if wanted and _may_tell(files, _windows(files, overlap), wanted):
            for file in files:
                yield from _in_file(file.name, file.content, wanted)
        if any(_addresses_in(part, harmless) for part in _windows(files, overlap)):
            for file in files:
                yield from _addresses(file.name, file.content, harmless)


def _batches(site: Path, names: Iterable[str]) -> Iterator[list[File]]:
    """The files, many small texts at a time; whatever else there is comes by itself."""
    batch: list[File] = []
    size = 0
    for name in sorted(names):
        try:
            with open(f"{site}/{name}", "rb") as opened:
                content = opened.read()
        except (FileNotFoundError, IsADirectoryError):
            continue
        file = File(name, content, is_plain(content))
        if not file.plain or len(content) >= BATCH:
            yield [file]
            continue
        batch.append(file)
        size += len(content)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    yield batch


def _windows(files: list[File], overlap: int) -> Iterator[bytes]:
    """What files hold, a large one in pieces: whatever is sought stands whole in one of them."""
    whole = files[0].content if len(files) == 1 else BETWEEN.join(file.content for file in files)
    step = BATCH + overlap
    for start in range(0, max(len(whole) - overlap, 1), step):
        yield whole[start : start + step + overlap]


def _may_tell(files: list[File], parts: Iterable[bytes], wanted: list[Value | Words]) -> bool:
    """Whether any of the files may tell a secret: most do not, and then one look is enough.

    Names are looked at as they are, and texts with their tags and without, as `_views` does. What
    is put between two files ends every escape and every tag, so that each says what it says alone.
    """
    if not all(file.plain for file in files):
        return True
    names = bare(b"\n".join(file.name.encode() for file in files))
    seen = chain([names], *(_letters(part) for part in parts))
    return any(one.hinted(letters) for letters in seen for one in wanted)


def _letters(part: bytes) -> Iterator[bytes]:
    text = unescaped(part)
    yield from (bare(text), bare(plain(text)))


def sought(programme: Programme, veil: Veil) -> str:
    """Fingerprint of all that is looked for: where it changes, every file is looked at again."""
    told = repr(sorted(known(programme, veil))) + Path(__file__).read_text(encoding="utf-8")
    return hashlib.sha256(told.encode()).hexdigest()


def known(programme: Programme, veil: Veil) -> Iterator[tuple[str, str]]:
    """Yield every secret that is known here and still is one, by its name."""
    public = {variable(name) for name in lifted(programme, veil)}
    for name, text in os.environ.items():
        if name.startswith(PREFIX) and text and name not in public:
            yield f"${name}", text
    for name, value in kept(veil.folder / KEPT).items():
        if variable(name) not in public:
            yield from _leaves(value, name)


def _leaves(value: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{name}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{name}.{number}")
    elif value is not None:
        yield name, str(value)


def lifted(programme: Programme, veil: Veil) -> set[str]:
    """The names of texts whose embargo is over, and that stand for nothing else."""
    zones = {series.id: series.zone for series in programme.series}
    shown: set[str] = set()
    hidden: set[str] = set()
    for path in programme.sealed:
        if path.parent == programme.folder or path.suffix != ".yaml":
            continue  # of people and series, whose secrets are never over, and captions
        document = reading.read(path)
        data = document.data if isinstance(document.data, dict) else {}
        zone = zones.get(path.parent.name, veil.zone)
        withheld = lift(document, Veil(veil.now, veil.folder, zone))
        for key, value in data.items():
            over = key in TEXTS and key not in withheld
            (shown if over else hidden).update(_names(value))
    return shown - hidden


def _names(value: object) -> Iterator[str]:
    if isinstance(value, Secret):
        yield value.name
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _names(inner)


def _in_file(name: str, content: bytes, wanted: list[Value | Words]) -> Iterator[Leak]:
    """The secrets that a file tells, by its name or by any part of what it holds."""
    left = wanted
    for seen in _views(name, content) if wanted else ():
        told = [one for one in left if one.told(seen)]
        left = [one for one in left if one not in told]
        yield from (Leak(name, _line(content, one), f"the secret '{one.name}'") for one in told)


def _views(name: str, content: bytes) -> Iterator[View]:
    yield View(name.encode())
    for part, binary in parts(content):
        text = unescaped(part)
        yield View(text, binary)
        if b"<" in text:
            yield View(plain(text), binary)


def _line(content: bytes, one: Value | Words) -> int:
    """The line where it stands as it is; the first where it is escaped or packed."""
    if not isinstance(one, Value) or one.whole not in content:
        return 1
    return content.count(b"\n", 0, content.index(one.whole)) + 1


def _addresses_in(content: bytes, harmless: set[bytes]) -> list[tuple[bytes, str]]:
    """The addresses that carry a credential or lead into a meeting, and which of both they do."""
    new = set(ADDRESS.findall(_unfolded(content))) - harmless
    # Most are harmless, and then one look at all of them is enough.
    kinds = {address: _kind(address) for address in new} if _kind(b"\n".join(new)) else {}
    if len(harmless) > MANY:  # most stand in one file alone, and would fill the memory
        harmless.clear()
    harmless |= {address for address in new if not kinds.get(address)}
    return [(address, kind) for address, kind in kinds.items() if kind]


def _kind(text: bytes) -> str:
    """What an address, or one of many, does; nothing if it does neither."""
    seen = unescaped(text).decode("utf-8", "replace")
    return next((kind for kind, _, _ in private(seen, without=MAIL)), "")


def _unfolded(content: bytes) -> bytes:
    return (content.replace(b"\r\n ", b"") if b"\r\n " in content else content).lower()


def _addresses(name: str, content: bytes, harmless: set[bytes]) -> Iterator[Leak]:
    for address, kind in _addresses_in(content, harmless):
        what = "into a meeting" if kind == JOIN else "with a password or token"
        line = _unfolded(content).split(address)[0].count(b"\n") + 1
        yield Leak(name, line, f"an address {what}: no page may have it")
