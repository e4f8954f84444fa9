"""Finished parts of a long run, a small file each, so that a killed run goes on where it was."""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import metadata
from itertools import chain
from pathlib import Path
from types import CodeType, FunctionType, MethodType
from typing import Any

import torch
from torch import Tensor, nn

from robustlib.card import write_aside
from robustlib.errors import InputError

_SHOWN = 16
"""Digits of the key in a file's name; the whole key stands inside."""


class Shards:
    """A folder of finished parts; those of the same settings are taken, all others left alone.

    A part counts if it is whole: its name, its key and its own checksum are right. A damaged one
    is as if it had never been, and is written again.

    Args:
        folder: Made when the first part is written.
        resume: Whether finished parts are taken; else they are in the way, and refused.

    Examples:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     shards = Shards(Path(folder)).opened("of these settings")
        ...     shards.write(0, {"fooled": 3})
        ...     again = Shards(Path(folder), resume=True).opened("of these settings")
        ...     again.read(0), again.read(1)
        ({'fooled': 3}, None)
    """

    def __init__(self, folder: Path, *, resume: bool = False) -> None:
        self.folder, self.resume, self.key = folder, resume, ""
        self.taken: list[int] = []
        self.damaged: list[int] = []
        self.others = 0

    def opened(self, key: str) -> "Shards":
        """The same, for a run whose settings have this key; `others` counts what is not its own.

        Raises:
            InputError: If parts of this very run lie there and are not to be taken.
        """
        self.key, self.taken, self.damaged = key, [], []
        there = list(self.folder.glob("*.json"))
        own = [file for file in there if file.name.startswith(f"{key[:_SHOWN]}-")]
        self.others = len(there) - len(own)
        if own and not self.resume:
            raise InputError(
                f"{self.folder} holds {len(own)} finished parts of this very run: resume it, or "
                "name another folder"
            )
        return self

    def read(self, number: int) -> Any:
        """What a finished part holds; None where there is none, or a damaged one."""
        file = self._file(number)
        if not file.exists():
            return None
        found = self._checked(file)
        (self.damaged if found is None else self.taken).append(number)
        return found

    def write(self, number: int, found: Any) -> None:
        """Keep a part, whole or not at all."""
        text = json.dumps(found)
        kept = {"key": self.key, "sha256": _sum(text), "found": text}
        write_aside(self._file(number), json.dumps(kept).encode())

    def _file(self, number: int) -> Path:
        return self.folder / f"{self.key[:_SHOWN]}-{number:05}.json"

    def _checked(self, file: Path) -> Any:
        try:
            kept = json.loads(file.read_bytes())
            whole = kept["key"] == self.key and kept["sha256"] == _sum(kept["found"])
            return json.loads(kept["found"]) if whole else None
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def key_of(*parts: object) -> str:
    """A digest of what a result depends on: the same settings have the same key.

    Tensors count by content, models by structure and content, functions by their names, their code
    and what is bound to them, other objects by what they hold. The library's version and torch's
    count, too.

    Examples:
        >>> one, other = torch.tensor([1.0]), torch.tensor([2.0])
        >>> key_of(one, 3) == key_of(one.clone(), 3), key_of(one, 3) == key_of(other, 3)
        (True, False)
    """
    digest = hashlib.sha256()
    for word in chain([_version(), torch.__version__], *map(_words, parts)):
        content = word if isinstance(word, bytes) else repr(word).encode()
        digest.update(b"%d:" % len(content))  # "ab", "c" is not "a", "bc"
        digest.update(content)
    return digest.hexdigest()


def _words(part: object) -> Iterator[str | bytes]:
    yield type(part).__qualname__
    if isinstance(part, Tensor):
        yield from _content(part)
    elif isinstance(part, nn.Module):
        yield str(part)
        yield from chain.from_iterable(_named(part.named_parameters()))
        yield from chain.from_iterable(_named(part.named_buffers()))
        yield from _all(map(_plain_parts, part.modules()))
    elif isinstance(part, partial):
        yield from _all((part.func, part.args, part.keywords))
    elif dataclasses.is_dataclass(part) and not isinstance(part, type):
        fields = dataclasses.fields(part)
        yield from _all((each.name, getattr(part, each.name)) for each in fields)
    elif isinstance(part, dict):
        yield from _all(part.items())
    elif isinstance(part, list | tuple):
        yield from _all(part)
    else:
        yield _plain(part)
        yield from _held(part)


def _held(part: object) -> Iterator[str | bytes]:
    """What a function of the user's has around it, and what an object of no known kind holds."""
    if isinstance(part, FunctionType):
        if "<" in part.__qualname__:  # a lambda, or made in a function: its name says too little
            yield from _around(part)
    elif isinstance(part, MethodType):
        yield from _held(part.__self__)
    elif not isinstance(part, type) and hasattr(part, "__dict__"):
        yield from _all((name, each) for name, each in vars(part).items() if _known(each))


def _around(function: FunctionType) -> Iterator[str | bytes]:
    """The code of a function and what is bound to it, also of functions that it calls so."""
    waiting, met = [function], {id(function)}
    while waiting:
        one = waiting.pop(0)
        yield from _code(one.__code__)
        bound = [cell.cell_contents for cell in one.__closure__ or ()]
        for each in [*bound, *(one.__defaults__ or ()), *(one.__kwdefaults__ or {}).values()]:
            if not isinstance(each, FunctionType):
                yield from _words(each) if _known(each) else _held(each)
            elif id(each) not in met:  # two may call each other
                met.add(id(each))
                waiting.append(each)


def _code(code: CodeType) -> Iterator[str | bytes]:
    """What it does, and each function within; not where it stands in its file."""
    yield code.co_code
    yield repr(code.co_names)
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _code(each)
        elif not isinstance(each, frozenset):  # written in another order each time
            yield repr(each)


def _known(part: object) -> bool:
    """Whether it leads to no circle."""
    return part is None or isinstance(part, Tensor | nn.Module | partial | str | int | float)


def _plain_parts(module: nn.Module) -> list[object]:
    """What a module holds besides parameters and buffers: numbers, words and tensors."""
    kinds = Tensor | str | int | float
    own = vars(module).items()
    return [each for each in own if isinstance(each[1], kinds) and not each[0].startswith("_")]


def _all(parts: Iterable[object]) -> Iterator[str | bytes]:
    for part in parts:
        yield from _words(part)
    yield ")"


def _named(tensors: Iterable[tuple[str, Tensor]]) -> Iterator[Iterator[str | bytes]]:
    for name, tensor in tensors:
        yield chain([name], _content(tensor))


def _content(tensor: Tensor) -> Iterator[str | bytes]:
    yield f"{tensor.dtype} {tuple(tensor.shape)}"
    yield tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()


def _plain(part: object) -> str:
    """A number or a word as it is written; what has a name, by its name and not by its place."""
    if isinstance(part, str | int | float | bool | None):
        return repr(part)
    named: Callable[..., Any] | object = part if hasattr(part, "__qualname__") else type(part)
    return f"{getattr(named, '__module__', '')}.{getattr(named, '__qualname__', '')}"


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _version() -> str:
    try:
        return metadata.version("rostra")
    except metadata.PackageNotFoundError:  # a checkout that is not installed
        return "unknown"
