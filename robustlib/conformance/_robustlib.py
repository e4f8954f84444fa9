"""Our own attacks, as anyone would call them."""

from collections.abc import Iterator, Set
from functools import partial
from typing import Any

import torch
from torch import nn

from robustlib.attacks import attacks
from robustlib.attacks.eot import eot
from robustlib.conformance._base import Known, Norm, Subject
from robustlib.conformance._defences import Defended
from robustlib.doubts import NoSlope, Probabilities, RandomAnswers
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import ThreatError
from robustlib.goals import Misclassify
from robustlib.questions import Attack, access_of
from robustlib.stand_ins import Logits, Straight
from robustlib.threats import L0, L1, L2, Linf, ThreatModel
from robustlib.types import Images

NORMS: tuple[Norm, ...] = Linf, L2, L1, L0
WHOLE = ("auto_attack", "minimal", "worst_case")
FIRST = ("simba",)
"""At an endless radius they end at their first success, however far: asked are such as bounded.
Their step is a tenth of the radius, as is that of others that do not know it."""
STEPS = 40
GIVEN: dict[str, dict[str, Any]] = {
    "auto_attack": {"version": "plus", "queries": 1000},
    "worst_case": {"queries": 500},
    "alma": {"steps": 300},
    "ead": {"steps": 300},
    "nes Linf": {"width": 0.003},
    "zoo": {"width": 0.02},
    "zoo_ae": {"width": 0.02},
    "cw": {"steps": 300},
    "cw_linf": {"searches": 60},
    "brendel_bethge": {"steps": 200},
    "ti_fgsm": {"kernel": 3},
    "bandits Linf": {"side": 6},
    "bandits L2": {"side": 6, "width": 0.1},
    "autozoom_bilin": {"side": 6},
    "qeba": {"reduction": 1},
}
"""Fewer of what would take minutes. What blurs or enlarges is made for large pictures, and those
here have six pixels a side at most: a blur of fifteen would be of the whole picture, and a quarter
of a side a pixel or two. So it gets the smallest blur, and each pixel by itself; and probes that
are long enough to meet the next level where pictures are rounded. More searches, where one per
cent is asked of a bound that falls by a tenth. AutoAttack's standard version is one run of each of
its parts: of the small net one of 35 points in L2, and of 36 in L1, falls to a second run alone."""
MEANS: dict[str, Attack] = {"auto_attack": partial(attacks["auto_attack"], version="rand")}
"""What has a form of its own for answers by chance, and wants no `eot` around it."""
DECODED = ("autozoom_ae", "zoo_ae")
"""For pictures so small no decoder is trained: theirs makes of a code the change that it is."""
UNASKED = ("eot", "transfer", "noise", "spatial", "ace", "universal")
"""Wrappers, as good as what they wrap; what is no attack, or not of a ball; one change for all."""


def subjects() -> Iterator[Subject]:
    """Each attack in each norm that it knows."""
    for name in attacks:
        for norm in NORMS:
            if name not in UNASKED and not refusal(name, norm(0.1)):
                yield _subject(name, norm)


def _subject(name: str, norm: Norm) -> Subject:
    minimal = name not in FIRST and not refusal(name, norm(torch.inf))
    shown = f"{name} {norm.__name__}"
    run, access = partial(_run, name, norm), access_of(attacks[name])
    advised = partial(_advised, name, norm)
    options = ", ".join(
        [f"{option} {value}" for option, value in _options(name, norm).items()]
        + (["decoder as it is"] if name in DECODED else [])
        + (["step_size eps / 10"] if name in FIRST else [])
    )
    return Subject("robustlib", shown, norm, minimal, run, access, name in WHOLE, advised, options)


def _run(name: str, norm: Norm, known: Known, eps: float) -> Images:
    goal, ball, method = Misclassify(known.labels), norm(eps), _method(name, norm, known, eps)
    return attack(known.model, known.images, goal, ball, method, keys=known.keys).adversarial


def _advised(name: str, norm: Norm, known: Known, eps: float, kinds: Set[type[Warning]]) -> Images:
    """The same, with what the engine's warnings name: `eot` or "rand", `Straight` or `Logits`."""
    model: nn.Module = known.model
    if NoSlope in kinds and isinstance(model, Defended):
        model = Defended(model.net, Straight(model.before), model.after)
    if Probabilities in kinds:
        model = Logits(model)
    method = _method(name, norm, known, eps)
    if RandomAnswers in kinds:
        method = MEANS.get(name) or partial(eot, method=method)
    goal, ball = Misclassify(known.labels), norm(eps)
    return attack(model, known.images, goal, ball, method, keys=known.keys).adversarial


def _method(name: str, norm: Norm, known: Known, eps: float) -> Attack:
    """The attack, with its options."""
    own = _options(name, norm)
    if name in DECODED:
        own |= {"decoder": lambda codes: codes, "code_shape": tuple(known.images.shape[1:])}
    if name in FIRST:
        own |= {"step_size": eps / 10}
    return partial(attacks[name], **own)


def _options(name: str, norm: Norm) -> dict[str, Any]:
    """Forty at least of what climbs: the paper of PGD has as many, other libraries too."""
    steps = (attacks[name].__kwdefaults__ or {}).get("steps", STEPS)
    own = GIVEN.get(name) or GIVEN.get(f"{name} {norm.__name__}", {})
    return ({"steps": STEPS} if steps < STEPS else {}) | own


def refusal(name: str, threat: ThreatModel) -> str:
    """What an attack says of a threat model before it asks anything; nothing, and it serves it."""
    images, goal = torch.full((1, 2, 6, 6), 0.5), Misclassify(torch.zeros(1, dtype=torch.int64))
    try:
        next(attacks[name](images, goal, threat.placed(images), draws=Draws(0, [0])), None)
    except ThreatError as error:
        return str(error)
    return ""
