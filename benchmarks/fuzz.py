"""Random victims under random attacks: nothing crashes, and every result keeps its promises.

A case is a seed. `ROSTRA_FUZZ_SECONDS` says how long (600), in pieces that are kept for this state
of the code, so that a stopped run goes on; `ROSTRA_FUZZ_SEED=7` repeats one case, with all of it.
"""

import hashlib
import json
import math
import os
import random
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks._fuzz_cases import ANSWERING, QUIRKS, Case, OwnError, case
from benchmarks._table import publish
from robustlib.attacks import attacks
from robustlib.card import write_aside
from robustlib.doubts import Doubt
from robustlib.engine import AttackResult, attack
from robustlib.errors import ModelError, RobustlibError
from robustlib.goals import Target

SECONDS = float(os.environ.get("ROSTRA_FUZZ_SECONDS", "600"))
SEED = os.environ.get("ROSTRA_FUZZ_SEED", "")
PIECE = 100
ROOT = Path(__file__).parents[1]
KEPT = ROOT / "runs" / "fuzz"
Outcome = dict[str, Any]


def tried(number: int) -> Outcome:
    """What came of a case: how it ended, what was warned of, and each promise that was broken."""
    one = case(number)
    before = portrait(one)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        result, ended, faults = _run(one)
    odd = [str(each.message) for each in heard if not issubclass(each.category, Doubt)]
    faults += [f"warned: {each}" for each in odd]
    after = portrait(one)
    faults += [f"{name} changed" for name in before if before[name] != after[name]]
    if result is not None:
        faults += broken(one, result)
    return {
        "ended": ended,
        "warned": bool(heard),
        "faults": [f"{one}: {fault}" for fault in faults],
    }


def _run(one: Case) -> tuple[AttackResult | None, str, list[str]]:
    method = attacks[one.name]
    try:
        one.model.shown = 0
        terms = one.terms | one.options
        result = attack(one.model, one.images, one.goal, one.threat, method, **terms)
    except RobustlibError as error:
        return None, "refused", list(_unfounded(one, error))
    except OwnError:
        return None, "refused", []
    except Exception as error:
        if SEED:
            traceback.print_exc()
        return None, "crashed", [f"{type(error).__name__}: {error}".splitlines()[0]]
    return result, "finished", []


def _unfounded(one: Case, error: RobustlibError) -> Iterator[str]:
    """An error of the library's own that says that an attack, not the user, is at fault."""
    if not str(error):
        yield "an error without a word"
    if "offered a candidate" in str(error):
        yield str(error)
    if isinstance(error, ModelError) and one.quirk in ANSWERING:
        yield f"nothing is wrong with its victim, but: {error}"


def portrait(one: Case) -> dict[str, object]:
    """All that an attack has to leave as it was."""
    numpys: Any = np.random.get_state()  # noqa: NPY002
    return {
        "the mode": [each.training for each in one.model.modules()],
        "the weights": [_bits(each) for each in one.model.state_dict().values()],
        "a gradient": [each.grad is None for each in one.model.parameters()],
        "requires_grad": [each.requires_grad for each in one.model.parameters()],
        "the images": _bits(one.images),
        "grad mode": torch.is_grad_enabled(),
        "random states": (_bits(torch.get_rng_state()), _bits(numpys[1]), random.getstate()),
    }


def _bits(array: Any) -> bytes:
    array = array.double().numpy() if isinstance(array, Tensor) else array
    return bytes(np.ascontiguousarray(array).tobytes())


def broken(one: Case, result: AttackResult) -> Iterator[str]:
    """Each promise that a result does not keep."""
    found, images = result.adversarial, one.images
    if found.shape != images.shape or found.dtype != images.dtype:
        yield f"the result is {tuple(found.shape)} of {found.dtype}"
        return
    if not bool(((found >= 0) & (found <= 1)).all()):  # NaN is neither
        yield "outside the box"
    threat = one.threat.placed(images.double())
    distance = threat.distance(found.double(), images.double())
    radius = threat.radius(images.double())
    if bool((distance > radius + torch.finfo(images.dtype).eps * radius.clamp(min=1)).any()):
        yield f"outside the threat: {(distance - radius).max():.3g}"
    if not torch.allclose(distance.to(result.distance), result.distance):
        yield "the distance is another"
    yield from _miscounted(one, result)
    if len(images) and QUIRKS[one.quirk].steady and one.quirk != "raises":
        yield from _misjudged(one, result)


def _miscounted(one: Case, result: AttackResult) -> Iterator[str]:
    queries, budget = result.queries, one.terms.get("budget", math.inf)
    padded = one.terms.get("exact", False)
    shown = int(queries.sum()) + result.probes
    if one.model.shown < shown or (one.model.shown != shown and not padded):
        yield f"{shown} inputs booked, {one.model.shown} shown"
    if len(queries) and (int(queries.min()) < 1 or int(queries.max()) > budget):
        yield f"queries {queries.tolist()}"
    if bool((result.forwards < queries).any()) or bool((result.backwards > 99 * queries).any()):
        yield "passes do not fit queries"


def _misjudged(one: Case, result: AttackResult) -> Iterator[str]:
    """The bare model beside the verdicts; ties that a rounding decides are left out."""
    with torch.no_grad():
        bare = one.model(result.adversarial.clone())
    named = bare.argmax(dim=1) if bare.is_floating_point() else bare
    goal = one.goal
    said = named == goal.targets if isinstance(goal, Target) else named != goal.labels
    clear = torch.ones_like(said)
    if bare.is_floating_point() and bare.shape[1] > 1:
        top = bare.double().topk(2, dim=1).values
        rounding = 50 * torch.finfo(bare.dtype).eps * bare.double().abs().amax(dim=1).clamp(min=0)
        clear = top[:, 0] - top[:, 1] > _scaled(one, rounding)
    if bool(((said != result.success) & clear).any()):
        yield f"success {result.success.tolist()}, the bare model says {said.tolist()}"


def _scaled(one: Case, rounding: Tensor) -> Tensor:
    """Cancellation loses digits that the answer does not show."""
    return rounding * (100 if one.quirk in ("shifted", "tied", "rounded", "pole") else 1) + 1e-12


def version() -> str:
    """Of all code that a case runs through."""
    files = sorted([*(ROOT / "robustlib").rglob("*.py"), *(ROOT / "benchmarks").glob("*fuzz*.py")])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def pieces(seconds: float) -> Iterator[Outcome]:
    """Pieces of so many cases, kept ones first, until so many seconds have gone into them."""
    spent, number, folder = 0.0, 0, KEPT / version()
    while spent < seconds:
        file = folder / f"{number:05}.json"
        if not file.exists():
            write_aside(file, json.dumps(_piece(number)).encode())
        piece = json.loads(file.read_text(encoding="utf-8"))
        spent, number = spent + piece["seconds"], number + 1
        yield piece


def _piece(number: int) -> Outcome:
    began, outcomes = time.monotonic(), []
    for seed in range(number * PIECE, (number + 1) * PIECE):
        outcomes.append(tried(seed))
        for fault in outcomes[-1]["faults"]:
            print(fault, flush=True)
    ended = [each["ended"] for each in outcomes]
    return {
        "seconds": time.monotonic() - began,
        "faults": [fault for each in outcomes for fault in each["faults"]],
        "warned": sum(each["warned"] for each in outcomes),
        **{how: ended.count(how) for how in ("finished", "refused", "crashed")},
    }


def found(done: Sequence[Outcome]) -> list[str]:
    """All faults of some pieces; that half of the cases or fewer come to an end is one, too."""
    faults = [fault for piece in done for fault in piece["faults"]]
    finished, refused = (sum(piece[how] for piece in done) for how in ("finished", "refused"))
    if finished <= refused:
        faults.append(f"{finished} cases finished, {refused} were refused: most are to be served")
    return faults


def main() -> None:
    """Try cases for a while and publish; with $ROSTRA_FUZZ_SEED, one case."""
    torch.set_num_threads(1)
    if SEED:
        print(case(int(SEED)), json.dumps(tried(int(SEED)), indent=1), sep="\n")
        return
    done = list(pieces(SECONDS))
    faults = found(done)
    row = {
        "cases": PIECE * len(done),
        **{how: sum(piece[how] for piece in done) for how in ("finished", "refused", "warned")},
        "faults": len(faults),
        "seconds": round(sum(piece["seconds"] for piece in done)),
    }
    notes = [
        "A case: a random net, pictures, goal, threat model, attack, options and terms, by a seed.",
        "Refused: by an error of the library's own. A fault: any other error, or a result outside "
        "threat model or box, of another verdict than the bare model's, of wrong counts; or a "
        "model, picture or random state that is not as it was; or half of the cases refused.",
    ]
    publish("fuzz", "Random victims under random attacks", [row], notes)
    if faults:
        raise SystemExit("\n".join(faults))
