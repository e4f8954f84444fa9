"""Finished parts of a long run, a small file each, so that a killed run goes on where it was."""

import dataclasses
import hashlib
import io
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from functools import partial
from importlib import metadata
from itertools import chain
from numbers import Number
from pathlib import Path, PurePath
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

from robustlib.card import write_aside
from robustlib.errors import InputError

_SHOWN = 16
"""Digits of the key in a file's name; the whole key stands inside."""

_Plain: TypeAlias = (
    str | bytes | Number | range | slice | PurePath | torch.dtype | torch.device | np.generic | None
)
"""What Python writes in full, and in the same way in each process."""

_Many: TypeAlias = Mapping | list | tuple | Set  # type: ignore[type-arg]

_Machinery: TypeAlias = ModuleType | logging.Logger | io.IOBase | torch.fx.Graph
"""What an object may hold that no result depends on, and that tells itself in no lasting way."""


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

    Tensors and arrays count by content, models by structure and content, functions by their names,
    their code and what is bound to them, other objects by what they hold or are pickled as, but
    for loggers, files and locks. The library's version and torch's count, too.

    Examples:
        >>> one, other = torch.tensor([1.0]), torch.tensor([2.0])
        >>> key_of(one, 3) == key_of(one.clone(), 3), key_of(one, 3) == key_of(other, 3)
        (True, False)
    """
    return _digest(chain([_version(), torch.__version__], *map(_Words().of, parts)))


def _digest(words: Iterable[str | bytes]) -> str:
    digest = hashlib.sha256()
    for word in words:
        content = word if isinstance(word, bytes) else repr(word).encode()
        digest.update(b"%d:" % len(content))  # "ab", "c" is not "a", "bc"
        digest.update(content)
    return digest.hexdigest()


class _Words:
    """What things are made of, in words that are the same in another process."""

    def __init__(self) -> None:
        self._within: list[int] = []  # who is being told, from the outermost to the innermost
        self._known: dict[int, tuple[str, object]] = {}  # held, or another would get its number

    def of(self, part: object) -> Iterator[str | bytes]:
        """A thing in words, told once however many lead to it, and not within itself."""
        yield type(part).__qualname__
        if id(part) in self._within:
            yield f"again {self._within.index(id(part))}"
            return
        if id(part) not in self._known:
            self._within.append(id(part))
            self._known[id(part)] = _digest(self._told(part)), part
            self._within.pop()
        yield self._known[id(part)][0]

    def _told(self, part: object) -> Iterator[str | bytes]:
        if isinstance(part, _Plain):
            yield repr(part)
        elif isinstance(part, Tensor):
            yield from _content(part)
        elif isinstance(part, np.ndarray):
            yield f"{part.dtype} {part.shape}"
            yield from self._all(part.flat) if part.dtype.hasobject else [part.tobytes()]
        elif isinstance(part, nn.Module):
            yield from self._model(part)
        elif isinstance(part, _Many):
            yield from self._all(self._members(part))
        else:
            yield _name(part)
            yield from self._all(self._held(part))

    def _model(self, model: nn.Module) -> Iterator[str | bytes]:
        yield str(model)
        for name, tensor in chain(model.named_parameters(), model.named_buffers()):
            yield name
            yield from _content(tensor)
        yield from self._all(each for module in model.modules() for each in _own(module))

    def _members(self, many: _Many) -> Iterable[object]:
        """Those of a set in an order that is the same in another process."""
        if isinstance(many, Set):
            return sorted(_digest(self.of(each)) for each in many)
        return many.items() if isinstance(many, Mapping) else many

    def _held(self, part: object) -> Iterator[object]:
        """What is bound to a function, and what an object of no known kind holds."""
        if isinstance(part, FunctionType):
            if "<" in part.__qualname__:  # a lambda, or made in a function: it goes by no name
                yield from _code(part.__code__)
                yield from (cell.cell_contents for cell in part.__closure__ or ())
                yield from (part.__defaults__, part.__kwdefaults__)
        elif isinstance(part, partial):
            yield from (part.func, part.args, part.keywords)
        elif isinstance(part, MethodType | BuiltinFunctionType):
            yield part.__self__
        elif not isinstance(part, type) and dataclasses.is_dataclass(part):
            yield from ((each.name, getattr(part, each.name)) for each in dataclasses.fields(part))
        elif not isinstance(part, type):
            yield from _own(part)

    def _all(self, parts: Iterable[object]) -> Iterator[str | bytes]:
        for part in parts:
            yield from self.of(part)
        yield ")"


def _own(part: object) -> Iterator[object]:
    """What an object holds by name, or else what it is pickled as; of a module what is its own."""
    if isinstance(part, _Machinery):
        return
    if not hasattr(part, "__dict__"):
        yield from _pickled(part)
    for name, each in getattr(part, "__dict__", {}).items():
        if not (isinstance(part, nn.Module) and name.startswith("_")):
            yield name, each


def _pickled(part: object) -> Iterator[object]:
    """What makes it anew; nothing of a lock or an open stream, which cannot be made so."""
    try:
        made = part.__reduce_ex__(2)
    except TypeError:
        return
    yield from (
        [made]
        if isinstance(made, str)
        else (list(each) if isinstance(each, Iterator) else each for each in made)
    )


def _code(code: CodeType) -> Iterator[object]:
    """What it does, and each function within; not where it stands in its file."""
    yield code.co_code
    yield code.co_names
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _code(each)
        else:
            yield each


def _content(tensor: Tensor) -> Iterator[str | bytes]:
    yield f"{tensor.dtype} {tuple(tensor.shape)}"
    yield tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()


def _name(part: object) -> str:
    """Of what has a name, or of its kind: not its place in memory."""
    named: Callable[..., Any] | object = part if hasattr(part, "__qualname__") else type(part)
    return f"{getattr(named, '__module__', '')}.{getattr(named, '__qualname__', '')}"


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _version() -> str:
    try:
        return metadata.version("rostra")
    except metadata.PackageNotFoundError:  # a checkout that is not installed
        return "unknown"
