"""The table of all attacks is the catalogue: what it says that one can do, that one does."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
from torch import nn

from robustlib.attacks import attacks
from robustlib.conformance._robustlib import refusal
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Target
from robustlib.patch import Patch
from robustlib.questions import access_of
from robustlib.threats import L0, L1, L2, Linf, ThreatModel
from rostra.sitegen.inventory import Method, read
from tests.robustlib.attacks._norms import threats
from tests.robustlib.attacks._quick import short
from tests.robustlib.attacks.test_contract import ROOM

ROOT = Path(__file__).parents[2]
LISTED = {one.name: one for one in read(ROOT).methods if one.room == "attacks"}
NORMS = (Linf, L2, L1, L0, Patch)
EACH = pytest.mark.parametrize("name", list(attacks))
WRAPPERS = {"eot", "transfer"}


def listed(name: str) -> Method:
    return LISTED[name]


def test_the_table_lists_the_catalogue_and_each_attack_by_its_access_with_its_paper() -> None:
    assert set(LISTED) == set(attacks)
    assert {one.access for one in LISTED.values()} == {"white-box", "score", "decision", "transfer"}
    assert all(one.source for one in LISTED.values())


@EACH
def test_an_attack_needs_the_access_under_which_it_is_listed(name: str) -> None:
    """A transfer attack needs gradients of models of its own; the victim gives decisions."""
    needed = access_of(attacks[name]).name.lower().replace("_", "-")
    assert needed == {"transfer": "decision"}.get(str(listed(name).access), listed(name).access)


def asked(name: str) -> dict[str, list[ThreatModel]]:
    """One threat model of each kind and more, patches at a settled place among them."""
    region = torch.zeros(6, 6, dtype=torch.bool)
    region[:3, :3] = True
    known: dict[str, list[ThreatModel]] = {norm.__name__: [] for norm in NORMS}
    for threat in [*threats(name), Patch(0.25, region=region)]:
        known[type(threat).__name__].append(threat)
    return known


@EACH
def test_an_attack_knows_the_threat_models_that_the_table_says_and_no_other(name: str) -> None:
    can = listed(name).abilities
    assert can is not None
    served = {
        kind
        for kind, every in asked(name).items()
        if any(not refusal(name, threat) for threat in every)
    }
    if name in WRAPPERS:
        assert can.threats == ()
    else:
        assert set(can.threats) == served


@EACH
def test_what_it_is_said_to_know_is_run_by_the_contract(name: str) -> None:
    can = listed(name).abilities
    assert can is not None
    run = {type(threat).__name__ for other, threat in ROOM if other == name}
    assert set(can.threats) - {"Patch"} <= run


@EACH
def test_it_takes_an_endless_radius_where_it_does_not_need_a_ball(name: str) -> None:
    can = listed(name).abilities
    assert can is not None
    first = next(threat for other, threat in ROOM if other == name)
    if can.finds != "inside":
        endless = refusal(name, replace(first, eps=torch.inf))
        assert ("finite eps" in endless) is (can.finds == "within"), endless


@pytest.fixture
def net() -> nn.Module:
    """Four classes, any of which a picture [2, 6, 6] can be moved to."""
    linear = nn.Linear(72, 4, dtype=torch.float64)
    chance = torch.Generator().manual_seed(0)
    nn.init.normal_(linear.weight, std=0.2, generator=chance)
    return nn.Sequential(nn.Flatten(), linear).eval()


@EACH
@pytest.mark.filterwarnings("ignore")
def test_a_chosen_class_is_sought_or_refused_as_the_table_says(name: str, net: nn.Module) -> None:
    """That it is also reached, each attack's own test proves."""
    can = listed(name).abilities
    assert can is not None
    images = torch.rand(4, 2, 6, 6, generator=torch.Generator().manual_seed(1)).double()
    threat = next(threat for other, threat in ROOM if other == name)
    wanted = (net(images).argmax(1) + 1) % 4
    go = partial(attack, net, images, Target(wanted), threat, attacks[name], **short(name))
    if can.targets == "yes":
        result = go()
        assert torch.equal(net(result.adversarial).argmax(1) == wanted, result.success)
    else:
        with pytest.raises(
            InputError, match={"no": "Misclassify", "starts": "starts"}[can.targets]
        ):
            go()
