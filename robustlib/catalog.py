"""A folder read as a mapping: the file's name is the thing's name."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Generic, TypeVar

from robustlib.errors import UnknownNameError

T = TypeVar("T")


class Catalog(Mapping[str, T], Generic[T]):
    """The things in a package, one a file: `catalog["pgd"]` is `pgd` of the package's `pgd.py`.

    A file is imported when its thing is first asked for. Files with a leading underscore are
    furniture, not entries.

    Args:
        package: The package's full name; a room writes `Catalog(__name__)`.

    Raises:
        UnknownNameError: On asking for a name that has no file; it suggests the nearest.

    Examples:
        >>> attacks = Catalog("robustlib.attacks")
        >>> "pgd" in attacks, attacks["pgd"].__name__
        (True, 'pgd')
    """

    def __init__(self, package: str) -> None:
        self.package = package

    def __getitem__(self, name: str) -> T:
        if name not in self._names():
            raise UnknownNameError(name, self, kind=self.package.rpartition(".")[2].rstrip("s"))
        thing: T = getattr(import_module(f"{self.package}.{name}"), name)
        return thing

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def __contains__(self, name: object) -> bool:  # Mapping's own would import the file
        return name in self._names()

    def __repr__(self) -> str:
        return f"Catalog({self.package!r}): {', '.join(self)}"

    def _names(self) -> list[str]:
        spec = find_spec(self.package)
        folders = spec.submodule_search_locations or [] if spec else []
        files = (file for folder in folders for file in Path(folder).glob("*.py"))
        return sorted(file.stem for file in files if not file.stem.startswith("_"))
