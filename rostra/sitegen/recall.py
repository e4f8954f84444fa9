"""What files of YAML say, recalled by their text: none is parsed twice that had no slip.

Nor is a text looked at again for what is private that held nothing of the kind.
"""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from rostra.sitegen import notation, reading, scalars
from rostra.sitegen.press import write
from rostra.sitegen.reading import Document


class Recall:
    """The data of files that were read before.

    Args:
        memory: the file that remembers them; one that is damaged or gone costs time alone.
    """

    def __init__(self, memory: Path | None = None) -> None:
        self.memory = memory
        self.code = _code() if memory else ""
        self.before = _remembered(memory, self.code) if memory else {}
        self.now: dict[str, object] = {}
        self.texts: dict[str, str] = {}  # the digest of each file's text, by the file's name

    def read(self, path: Path, name: str = "") -> Document:
        """Read a file as `reading.read` does; where its text is known, it is not parsed."""
        document = reading.read_text(path, name)
        if document.faults:
            return document
        key = hashlib.blake2b(document.text.encode(), digest_size=16).hexdigest()
        self.texts[document.file] = key
        if key in self.before:
            self.now[key] = self.before[key]
            return Document(document.file, document.text, self.before[key], recalled=True)
        document = reading.parse(document.text, document.file)
        # The name of a secret is no plain data, and what is at fault is told each time.
        if self.memory and not document.faults and not document.sealed:
            self.now[key] = document.data
        return document

    def forget(self, document: Document) -> None:
        """Read it again next time: what stands there must be looked at each time."""
        self.now.pop(self.texts.get(document.file, ""), None)

    def keep(self) -> None:
        """Remember what was read now, and nothing else."""
        if self.memory and self.now.keys() != self.before.keys():
            told = json.dumps([self.code, self.now], ensure_ascii=False)
            write(str(self.memory), told.encode("utf-8", "surrogatepass"))


def _code() -> str:
    """Fingerprint of what parses, and of what looks for private things."""
    parsing = [Path(str(one.__file__)) for one in (notation, reading, scalars)]
    looking = [Path(__file__).with_name(f"{name}.py") for name in ("privacy", "contents")]
    own = [path.read_bytes() for path in (*parsing, *looking)]
    return hashlib.blake2b(b"".join([version("pyyaml").encode(), *own])).hexdigest()


def _remembered(memory: Path, code: str) -> Mapping[str, object]:
    try:
        by, found = json.loads(memory.read_bytes())
    except (OSError, ValueError, TypeError, RecursionError):
        return {}
    return found if by == code and isinstance(found, dict) else {}
