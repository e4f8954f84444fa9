"""What each finished shard found, kept so small that it goes from one machine to the next.

A shard is one library's run of one pair on one block of rows with one seed. One file holds all
shards of a model and a pair; it is written aside and renamed after each of them.
"""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import torch
from torch import Tensor

from robustlib.card import write_aside

KEPT = Path(__file__).parent / "results" / "strength"
_LEAST, _STEPS = 1e-7, 1000.0
_NOT_FOUND = 65_535

Shard: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a shard belongs.

    Args:
        library: Whose run.
        seed: Of the run.
        start: Its first row.
        count: Its rows.
    """

    library: str
    seed: int
    start: int
    count: int

    def __str__(self) -> str:
        return f"{self.library}|{self.seed}|{self.start}+{self.count}"


def packed(flags: Tensor) -> str:
    """Flags as hexadecimal digits, the first one the highest bit."""
    bits = "".join("1" if flag else "0" for flag in flags.tolist())
    return f"{int('1' + bits, 2):x}"


def unpacked(text: str) -> Tensor:
    """The flags of `packed`."""
    return torch.tensor([bit == "1" for bit in f"{int(text, 16):b}"[1:]], dtype=torch.bool)


def packed_distances(distances: Tensor) -> str:
    """Distances as base64, 16 bits each, a thousandth of e apart: 0.05 % at most from the truth."""
    codes = (distances.double().clamp(min=_LEAST) / _LEAST).log() * _STEPS
    codes = codes.nan_to_num(posinf=_NOT_FOUND).round().clamp(max=_NOT_FOUND)
    data = b"".join(int(code).to_bytes(2) for code in codes.tolist())
    return base64.b64encode(data).decode()


def unpacked_distances(text: str) -> Tensor:
    """The distances of `packed_distances`; inf where nothing was found."""
    data = base64.b64decode(text)
    codes = [int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2)]
    found = torch.tensor(codes, dtype=torch.float64)
    distances = (found / _STEPS).exp() * _LEAST
    return distances.where(found < _NOT_FOUND, torch.inf).where(found > 0, 0)


class Shelf:
    """The shards of one model and one pair.

    Args:
        file: Where they are kept.
        keys: Of each library, all that its verdicts depend on but the code: a shard of another key
            is none.
    """

    def __init__(self, file: Path, keys: dict[str, str]) -> None:
        self.file, self.keys = file, keys
        kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        same = {name for name, key in kept.get("keys", {}).items() if keys.get(name) == key}
        shards = kept.get("shards", {}).items()
        self.shards: dict[str, Shard] = {
            place: shard for place, shard in shards if place.split("|")[0] in same
        }
        words = kept.get("explained", {})
        self.explained: dict[str, str] = words if same == set(keys) else {}

    def get(self, place: Place) -> Shard | None:
        """What was found there, if it is done."""
        return self.shards.get(str(place))

    def put(self, place: Place, shard: Shard) -> None:
        """Keeps a finished shard."""
        self.shards[str(place)] = shard
        self._write()

    def explain(self, row: int, words: str) -> None:
        """Keeps why a row held against us and fell to a peer."""
        self.explained[str(row)] = words
        self._write()

    def _write(self) -> None:
        """A shard a line."""
        shards = (
            f"{json.dumps(place)}: {json.dumps(self.shards[place])}"
            for place in sorted(self.shards)
        )
        head = f'{{"keys": {json.dumps(self.keys)},\n"explained": {json.dumps(self.explained)},\n'
        self.file.parent.mkdir(parents=True, exist_ok=True)
        write_aside(self.file, (head + '"shards": {\n' + ",\n".join(shards) + "\n}}\n").encode())


def read(shard: Shard, what: str) -> Tensor:
    """What a shard says of its rows: `held` (1 where nothing broke it), `clean` or `distance`."""
    if what == "distance":
        return unpacked_distances(shard["distance"])
    if what == "clean":
        return unpacked(shard["clean"])
    return (~unpacked(shard["fell"])).double()
