"""Bugs that peers have shipped, planted in ours: a fault is a line of a function and what stands
there in its stead; a check is a test of ours, or the part of it that its arguments choose."""

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from robustlib.errors import RobustlibError
from robustlib.threats import Linf


@dataclass(frozen=True)
class Fault:
    """A bug of a peer, where ours would have it, and the check that catches it."""

    function: Callable[..., Any]
    sound: str
    faulty: str
    check: Callable[..., None]
    arguments: dict[str, Any] = field(default_factory=dict)


def of(name: str) -> dict[str, Any]:
    """The part of the contract that is about one attack in the Linf ball."""
    return {"name": name, "threat": Linf(0.06)}


def plant(monkeypatch: pytest.MonkeyPatch, fault: Fault) -> None:
    """Gives the function, wherever it has been imported, the code of its faulty version."""
    function = inspect.unwrap(fault.function)
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(fault.sound) == 1, "the line has changed: plant the fault anew"
    scope: dict[str, Any] = {}
    exec(source.replace(fault.sound, fault.faulty), function.__globals__, scope)
    faulty = inspect.unwrap(scope[function.__name__])
    monkeypatch.setattr(function, "__code__", faulty.__code__)


def assert_caught(
    fault: Fault, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check passes on sound code and fails on faulty code."""
    wanted = inspect.signature(fault.check).parameters.keys() - fault.arguments.keys()
    arguments = {name: request.getfixturevalue(name) for name in wanted} | fault.arguments
    fault.check(**arguments)
    plant(monkeypatch, fault)
    with pytest.raises((AssertionError, RobustlibError, RuntimeError, pytest.fail.Exception)):
        fault.check(**arguments)
