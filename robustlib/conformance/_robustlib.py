"""Our own attacks, as anyone would call them."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch

from robustlib.attacks import attacks
from robustlib.conformance._base import Known, Norm, Subject
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import ThreatError
from robustlib.goals import Misclassify
from robustlib.questions import access_of
from robustlib.threats import L0, L1, L2, Linf, ThreatModel
from robustlib.types import Images

NORMS: tuple[Norm, ...] = Linf, L2, L1, L0
WHOLE = ("auto_attack", "minimal", "worst_case")
STEPS = 40
UNASKED = ("eot", "transfer", "noise", "spatial", "ace", "universal")
"""Wrappers, as good as what they wrap; what is no attack, or not of a ball; one change for all."""


def subjects() -> Iterator[Subject]:
    """Each attack in each norm that it knows."""
    for name in attacks:
        for norm in NORMS:
            if name not in UNASKED and not refusal(name, norm(0.1)):
                yield _subject(name, norm)


def _subject(name: str, norm: Norm) -> Subject:
    minimal = not refusal(name, norm(torch.inf))
    shown = f"{name} {norm.__name__}"
    run, access = partial(_run, name, norm), access_of(attacks[name])
    return Subject("robustlib", shown, norm, minimal, run, access, whole=name in WHOLE)


def _run(name: str, norm: Norm, known: Known, eps: float) -> Images:
    goal = Misclassify(known.labels)
    ball, options = norm(eps), {"keys": known.keys} | _steps(name)
    return attack(known.model, known.images, goal, ball, attacks[name], **options).adversarial


def _steps(name: str) -> dict[str, Any]:
    """Forty at least of what climbs: the paper of PGD has as many, other libraries too."""
    steps = (attacks[name].__kwdefaults__ or {}).get("steps", STEPS)
    return {"steps": STEPS} if steps < STEPS else {}


def refusal(name: str, threat: ThreatModel) -> str:
    """What an attack says of a threat model before it asks anything; nothing, and it serves it."""
    images, goal = torch.full((1, 2, 6, 6), 0.5), Misclassify(torch.zeros(1, dtype=torch.int64))
    try:
        next(attacks[name](images, goal, threat.placed(images), draws=Draws(0, [0])), None)
    except ThreatError as error:
        return str(error)
    return ""
