"""Data sets: each a function of a seed that returns a `Dataset`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from robustlib.catalog import Catalog

if TYPE_CHECKING:
    from robustlib.data._base import Dataset

data: Catalog[Callable[..., "Dataset"]] = Catalog(__name__)
