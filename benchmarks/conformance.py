"""What is known for certain, asked of our attacks and of four peers' main ones: who fails what."""

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from benchmarks import _peers
from benchmarks._table import RESULTS, publish
from robustlib.attacks import attacks
from robustlib.conformance import cases
from robustlib.conformance.__main__ import asked
from robustlib.conformance._base import Finding, Subject
from robustlib.conformance._kept import Kept
from robustlib.conformance._libraries import named, subjects
from robustlib.conformance._spared import RULES, told

TABLE = RESULTS / "conformance.json"
KEPT = Path(__file__).parents[1] / "runs" / "conformance.json"
ASKED = (
    "foolbox:LinfPGD foolbox:L2PGD foolbox:L1PGD foolbox:LInfFMNAttack foolbox:L2FMNAttack "
    "foolbox:L2DeepFoolAttack foolbox:DDNAttack torchattacks:PGD torchattacks:PGDL2 "
    "torchattacks:APGD torchattacks:FAB torchattacks:DeepFool art:ProjectedGradientDescentPyTorch "
    "art:DeepFool adv_lib:pgd_linf adv_lib:apgd adv_lib:ddn adv_lib:df adv_lib:fmn "
    "robustlib:pgd robustlib:apgd robustlib:ddn robustlib:deepfool robustlib:fmn"
)
"""What takes minutes. Others by name: ROSTRA_ATTACKS="robustlib foolbox:L2CarliniWagnerAttack";
the rows of those that are not named stay as they are."""
PEERS = "adv-lib", "adversarial", "foolbox", "torchattacks"
CHOSEN = (os.environ.get("ROSTRA_ATTACKS") or ASKED).split()


def findings(kept: Kept) -> Iterator[tuple[Subject, dict[str, Finding | None]]]:
    """Each attack with what each case finds of it, from the file where it was found before."""
    for subject in (each for word in CHOSEN for each in named(word)):
        found = {}
        for name in cases:
            known, began = kept.known(subject, name), time.process_time()
            found[name] = known[0] if known else asked(name, subject)
            if not known:
                kept.keep(subject, name, found[name], time.process_time() - began)
        print(row(subject, found, kept.seconds(subject)), flush=True)
        yield subject, found


def row(subject: Subject, found: dict[str, Finding | None], seconds: float) -> dict[str, Any]:
    """A line of the table."""
    answers = {name: one for name, one in found.items() if one}
    broken = [
        f"{name.replace('_', ' ')} ({one.told})" for name, one in answers.items() if not one.kept
    ]
    return {
        "library": subject.library,
        "attack": subject.name,
        "norm": subject.norm.__name__,
        "asked": len(answers),
        "kept": len(answers) - len(broken),
        "seconds": round(seconds) if seconds else "–",
        "options": subject.options or "–",
        "not asked": told(cases, subject) or "–",
        "broken": "; ".join(broken) or "–",
    }


def notes(rows: list[dict[str, Any]]) -> list[str]:
    """What each library keeps in all, how it was asked, and what was not asked."""
    sums = Counter[str]()
    for each in rows:
        sums[each["library"]] += each["asked"]
        sums[f"{each['library']} kept"] += each["kept"]
    shares = [
        f"{name} {sums[f'{name} kept']} of {sums[name]}"
        for name in dict.fromkeys(each["library"] for each in rows)
    ]
    pins = ", ".join(pin.replace("==", " ") for pin in _peers.PINS if pin.startswith(PEERS))
    return [
        f"Promises kept: {'; '.join(shares)}.",
        f"Asked in the last run: {', '.join(CHOSEN)}; other rows stand from runs before it.",
        *pairs(rows),
        "Each case is explained in the reference, under Conformance. Attacks run with their own "
        "library's parameters, but for the radius and the options that are told.",
        f"Of {len(cases)} cases not all are put to each kind of attack. " + " ".join(rules(rows)),
        "The smallest change is to be within 1 % of the exact one. DeepFool overshoots by 2 %, as "
        "in its paper, which is over that on planes and at the second basin; ours goes back.",
        "Seconds are the processor's, of one thread, for all cases; rows without them stand as an "
        "earlier run of the suite left them.",
        f"Peers: {pins}; torchvision and Visdom are stubbed, the attacks never call them.",
    ]


def pairs(rows: list[dict[str, Any]]) -> list[str]:
    """How many of our attacks in their norms were asked, and which of them were not."""
    there = {each["attack"] for each in rows if each["library"] == "robustlib"}
    known = [each.name for each in subjects("robustlib")]
    left = [name for name in known if name not in there]
    outside = sorted(set(attacks) - {name.split()[0] for name in known})
    asked = f"Of our {len(known)} attacks, each norm counted, {len(known) - len(left)} were asked"
    listed = f"; not asked as yet: {', '.join(left)}" if left else ""
    return [
        f"{asked}{listed}.",
        f"Outside of the suite are {', '.join(outside)}: they wrap others, change all pictures "
        "alike, or are not bounded by a norm.",
    ]


def rules(rows: list[dict[str, Any]]) -> list[str]:
    """Of each kind that some row is of, why it is not asked all, and whether ours alone are."""
    told = []
    for rule in RULES:
        kind = f"({rule.kind})"
        of = {each["library"] for each in rows if kind in each["not asked"]}
        alone = "; no peer's was asked" if of == {"robustlib"} else ""
        told += [f"{rule.kind.capitalize()}: {rule.reason}{alone}."] if of else []
    return told


def main() -> None:
    """Ask, and publish."""
    if any(not word.startswith("robustlib") for word in CHOSEN):
        _peers.install()
    torch.set_num_threads(1)
    KEPT.parent.mkdir(exist_ok=True)
    kept = Kept(KEPT, resume=True)
    rows = merged([row(*each, kept.seconds(each[0])) for each in findings(kept)])
    publish("conformance", "Conformance: who fails what", rows, notes(rows))


def merged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """New rows among those that are published, library by library, each attack by its name."""
    published = json.loads(TABLE.read_text("utf-8"))["rows"] if TABLE.exists() else []
    whole = {(each["library"], each["attack"]): {"seconds": "–"} | each for each in published}
    whole |= {(each["library"], each["attack"]): each for each in rows}
    libraries = list(dict.fromkeys(name for name, _ in whole))
    order = sorted(
        whole, key=lambda key: (libraries.index(key[0]), key[1] if key[0] == "robustlib" else "")
    )
    columns = list(rows[0])
    return [{name: whole[key][name] for name in columns} for key in order]
