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

KNOWN = {
    "foolbox FMN L2: the projection never projects": ["the L2 projection does not project"],
    "foolbox C&W: black pictures for failures": ["a row that fails comes back black"],
    "C&W: saturated pixels are trapped by tanh": [
        "pixels of exactly 0 or 1 never move",
        "pixels of exactly 0 or 1 never move, in the maximum norm",
    ],
    "torchattacks C&W: negative logits": ["negative logits break the margin"],
    "torchattacks, cleverhans, foolbox C&W: stops on the batch's total": [
        "it stops for the whole batch"
    ],
    "adv-lib FMN L2: nothing at corners": [
        "the radius follows the cut change, and stalls at corners"
    ],
    "ART, SecML, advertorch L1-PGD: the one steepest pixel, at its wall": [
        "a step in L1 pushes the one steepest pixel, however little room it has",
        "the step pushes pixels that stand at their wall",
    ],
    "foolbox L1-PGD: rescales": ["the L1 projection rescales instead of projecting"],
    "official APGD L1: 80 % of what is there": ["two pixels are never left for one"],
    "adv-lib, SecML PGD: the last iterate is never looked at": [
        "the last iterate is not looked at",
        "one step fewer than asked for",
    ],
    "seven libraries: the last iterate, not the best": [
        "the last iterate is returned, not the best"
    ],
    "untargeted attacks stop at 13 of 17": ["no class is gone towards"],
    "tiny exact net: one start is not enough": [
        "restarts begin where the first run began",
        "of several finds the last is kept, not the nearest",
    ],
    "torchattacks AutoAttack: 10 steps for 100": ["ten steps are run for a hundred"],
    "torchattacks AutoAttack: another schedule of Square": ["the squares shrink at another pace"],
    "ART AutoAttack: another ensemble": ["AutoAttack is another ensemble"],
    "official, torchattacks AutoAttack: few classes crash": [
        "few classes end in an index error",
        "with two classes the ratio of three logits is taken",
    ],
    "official AutoAttack: chunking changes verdicts, one square for all": [
        "a row's random numbers depend on its company"
    ],
    "statistics of BatchNorm change": ["a model in train mode is attacked"],
    "gradients of the caller are written over": [
        "the gradients of parameters are written over",
        "gradients of parameters are computed for nothing",
    ],
    "ART leaves the model in eval mode": ["a model is left in another mode"],
    "the caller's random numbers are disturbed": ["the caller's random numbers are disturbed"],
    "torchattacks DeepFool: NaN without a slope": ["no slope, no number"],
    "ART DeepFool: moves what is wrong already": ["a row that is wrong already is moved"],
    "ART, cleverhans, APGD, advertorch: float64 fails": ["models of double precision fail"],
    "torchattacks MI-FGSM, APGD: flat inputs fail": ["pictures have three axes"],
    "adv-lib PGD, DDN: edits an expanded gradient": ["the gradient is written to"],
}
"""What was found in the peers with exact references, and which faults plant it in ours."""


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
