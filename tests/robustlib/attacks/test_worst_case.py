"""The strongest verdict: exact on linear models, where untargeted attacks stop too early."""

import pytest
import torch

from robustlib.attacks.pgd import pgd
from robustlib.attacks.worst_case import worst_case
from robustlib.conformance._planes import many
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.losses import margin
from robustlib.threats import L0, L1, L2, Linf

SHORT = {"steps": 25, "queries": 50, "restarts": 1}
LONG = SHORT | {"queries": 500}


@pytest.mark.parametrize("threat", [Linf, L2, L1])
@pytest.mark.parametrize("spread", [0.5, 1.8, 99.0], ids=["open", "walls", "corners"])
def test_its_verdicts_are_exact_on_a_linear_model(threat, spread) -> None:
    planes = many(threat, spread)
    exact = planes.exact(threat).amin(1)
    eps = float(exact.sort().values[11:13].mean())
    goal = Misclassify(planes.labels)
    result = attack(planes.model, planes.images, goal, threat(eps), worst_case, **SHORT)
    assert result.success[exact < 0.99 * eps].all()
    assert not result.success[exact > eps].any()


def test_on_the_exact_net_it_misses_hardly_anything(exact_net) -> None:
    goal, verdicts = Misclassify(exact_net.labels), []
    for threat in (Linf, L2, L1):
        exact = exact_net.exact(threat)
        eps = float(exact[exact.isfinite()].median()) + 1e-6
        run = {"steps": 40, "queries": 50, "restarts": 3}
        result = attack(exact_net.model, exact_net.images, goal, threat(eps), worst_case, **run)
        assert not result.success[exact > eps].any()
        verdicts.append(result.success[exact <= 0.99 * eps])
    assert torch.cat(verdicts).float().mean() >= 0.98


def test_in_l0_no_pixel_that_can_do_it_is_overlooked(exact_net) -> None:
    """One of the points falls to the one-pixel attack alone: there is no slope that leads to it."""
    goal, exact = Misclassify(exact_net.labels), exact_net.exact(L0)
    result = attack(exact_net.model, exact_net.images, goal, L0(1), worst_case, **LONG)
    assert torch.equal(result.success, exact <= 1)
    assert (exact > 1).any()
    assert result.fooled()["one_pixel"] > 0


def test_a_quick_attack_takes_what_is_easy() -> None:
    planes = many(Linf, 0.5)
    goal = Misclassify(planes.labels)
    result = attack(planes.model, planes.images, goal, Linf(0.4), worst_case, **SHORT)
    alone = attack(planes.model, planes.images, goal.measured(margin), Linf(0.4), pgd, halvings=3)
    assert result.fooled()["pgd"] >= int(alone.success.sum()) - 1
    assert result.queries.amax() <= 2 + 12
