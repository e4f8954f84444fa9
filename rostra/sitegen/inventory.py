"""What the library, the zoo and the demos hold, read as text: nothing of theirs is imported."""

import ast
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from rostra.sitegen import abilities, reading
from rostra.sitegen.abilities import Abilities
from rostra.sitegen.measured import Measured, measured
from rostra.sitegen.references import Reference, read_references
from rostra.sitegen.validation import validate

# An attack's return annotation is the access that it needs.
ACCESS = {
    "WhiteBox": "white-box",
    "ScoreBased": "score",
    "DecisionBased": "decision",
    "Transfer": "transfer",
}
BIBLIOGRAPHIES = ("references.bib", "publications.bib")
# Rooms whose things are not methods: they have pages of their own or need none.
NOT_METHODS = frozenset({"conformance", "data", "models"})
SHOWN = re.compile(r'data-demo="(\w+)"|\bgallery/(\w+)/')
SOURCE = re.compile(r"^\s*Source:\s*\n?\s*([\w:.-]*[\w])(?:,\s*)?(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Method:
    """One file of a room of robustlib: a method, by its name, its first sentence, its source."""

    room: str
    name: str
    summary: str
    access: str | None
    source: Reference | None
    where: str
    abilities: Abilities | None = None

    @property
    def module(self) -> str:
        """Where it is imported from."""
        return f"robustlib.{self.room}.{self.name}"


@dataclass(frozen=True)
class Model:
    """One trained model of the zoo, as its card describes it."""

    name: str
    card: Mapping[str, Any]
    montage: tuple[int, int] | None = None  # width and height in pixels


@dataclass(frozen=True)
class Demo:
    """One demo, by the first sentence of its file and what follows it."""

    name: str
    title: str
    summary: str
    about: str

    @property
    def id(self) -> str:
        """The last part of its address."""
        return self.name


class Table(BaseModel):
    """A measurement as `python -m benchmarks NAME` keeps it: rows, and what to know of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    rows: tuple[dict[str, int | float | str], ...] = Field(min_length=1)
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Benchmark:
    """One file of `benchmarks/`: its name, and its latest table."""

    name: str
    table: Table


@dataclass(frozen=True)
class Inventory:
    """What pages list that is not an entry."""

    methods: tuple[Method, ...] = ()
    models: tuple[Model, ...] = ()
    demos: tuple[Demo, ...] = ()
    benchmarks: tuple[Benchmark, ...] = ()
    references: Mapping[str, Reference] = field(default_factory=dict)
    shown: Mapping[str, frozenset[str]] = field(default_factory=dict)  # demos, by a page of docs/

    def method(self, name: str) -> Method | None:
        """Find a method by its name."""
        return next((one for one in self.methods if one.name == name), None)

    def measured(self, name: str) -> Measured:
        """What benchmarks have measured of an attack."""
        rows = [row for one in self.benchmarks for row in one.table.rows]
        return measured(rows, name)

    def demo(self, name: str) -> Demo | None:
        """Find a demo by its name."""
        return next((one for one in self.demos if one.name == name), None)


def read(project: Path) -> Inventory:
    """Read what is there; a folder that is absent holds nothing.

    Args:
        project: the folder that holds `robustlib/`, `demos/`, `benchmarks/` and `docs/`.

    Raises:
        EntryError: if a model's card or a kept measurement cannot be read.
    """
    known = read_references(*(project / "docs" / name for name in BIBLIOGRAPHIES))
    library = project / "robustlib"
    return Inventory(
        methods=tuple(_methods(library, known)),
        models=tuple(_models(library / "zoo", project)),
        demos=tuple(_demos(project / "demos")),
        benchmarks=tuple(_benchmarks(project / "benchmarks" / "results")),
        references=known,
        shown=dict(_shown(project / "docs")),
    )


def _methods(library: Path, references: Mapping[str, Reference]) -> Iterator[Method]:
    for room in sorted(library.glob("*/__init__.py")):
        name = room.parent.name
        if name not in NOT_METHODS and "Catalog(" in room.read_text(encoding="utf-8"):
            for path in sorted(room.parent.glob("[a-z]*.py")):
                yield from _method(path, name, references)


def _method(path: Path, room: str, references: Mapping[str, Reference]) -> Iterator[Method]:
    """The thing that is named like its file, if there is one."""
    module = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == path.stem:
            doc = ast.get_docstring(node) or ast.get_docstring(module) or ""
            key, place = _source(doc)
            cited, can = references.get(key), abilities.read(doc)
            yield Method(room, path.stem, sentence(doc), _access(node), cited, place, can)


def _access(node: ast.FunctionDef | ast.ClassDef) -> str | None:
    returns = getattr(node, "returns", None)
    return ACCESS.get(ast.unparse(returns)) if returns is not None else None


def _source(doc: str) -> tuple[str, str]:
    """The key of the bibliography and the place in the paper that a docstring names."""
    match = SOURCE.search(doc)
    return (match[1], match[2].strip(" .,;()")) if match else ("", "")


def sentence(doc: str) -> str:
    r"""Take the first sentence of a docstring, on one line.

    Examples:
        >>> sentence("Walk along the sign of the gradient\n(FGSM, i.e. one step). More.")
        'Walk along the sign of the gradient (FGSM, i.e. one step).'
    """
    first = " ".join(doc.strip().split("\n\n")[0].split())
    return re.split(r"(?<=[.!?])(?<!i\.e\.)(?<!e\.g\.)\s+(?=[A-Z])", first)[0]


def _models(zoo: Path, project: Path) -> Iterator[Model]:
    for path in sorted(zoo.glob("*.yaml")):
        document = reading.read(path)
        document.require()
        if isinstance(document.data, dict):
            montage = project / str(document.data.get("montage"))
            yield Model(path.stem, document.data, png_size(montage))


def png_size(path: Path) -> tuple[int, int] | None:
    """Read width and height of a PNG from its beginning; None where there is none."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(24)
    return struct.unpack(">II", head[16:]) if head.startswith(b"\x89PNG") else None


def _benchmarks(results: Path) -> Iterator[Benchmark]:
    for path in sorted(results.glob("*.json")):
        document = reading.read(path)  # JSON is YAML: faults come with their line
        table = validate(Table, document)
        document.require()
        if table is not None:
            yield Benchmark(path.stem, table)


def _demos(folder: Path) -> Iterator[Demo]:
    for path in sorted(folder.glob("[a-z]*.py")):
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        title = path.stem.replace("_", " ").capitalize()
        about = "\n\n".join(doc.split("\n\n")[1:])
        yield Demo(path.stem, title, sentence(doc), about)


def _shown(docs: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """The demos that each hand-written page holds or links to, by its address."""
    for path in sorted(docs.rglob("*.md")):
        address = path.relative_to(docs).with_suffix("").as_posix() + "/"
        names = {one or other for one, other in SHOWN.findall(path.read_text(encoding="utf-8"))}
        yield address, frozenset(names)
