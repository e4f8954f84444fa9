"""Stand-ins for libraries that are not installed here: they write down how they were called.

What the libraries themselves find is asked of them where they are installed:
`python -m robustlib.conformance foolbox`.
"""

import sys
from types import ModuleType
from typing import Any

import pytest


class Recorder:
    """Any attribute is a callable that notes its arguments; the last call returns `found`."""

    def __init__(self, found: Any) -> None:
        self.found, self.calls = found, []

    def named(self, name: str):
        def call(*given: Any, **options: Any) -> Any:
            self.calls.append((name, given, options))
            return self.found(name, *given, **options)

        return call


def install(patch: pytest.MonkeyPatch, name: str, recorder: Recorder) -> None:
    """Puts a module of that name where imports look, with parts as deep as anyone asks."""

    class Library(ModuleType):
        def __getattr__(self, part: str) -> Any:
            if part.startswith("__"):
                raise AttributeError(part)
            return Part(part)

    class Part:
        def __init__(self, path: str) -> None:
            self.path = path

        def __getattr__(self, part: str) -> "Part":
            return Part(f"{self.path}.{part}")

        def __call__(self, *given: Any, **options: Any) -> Any:
            return recorder.named(self.path)(*given, **options)

    patch.setitem(sys.modules, name, Library(name))
