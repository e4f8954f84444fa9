from functools import partial

import pytest
import torch

from robustlib.attacks.fmn import fmn
from robustlib.attacks.minimal import minimal
from robustlib.conformance._planes import many
from robustlib.engine import attack
from robustlib.goals import Misclassify, Target
from robustlib.threats import L0, L1, L2, Linf
from tests.robustlib.attacks.conftest import nearest


@pytest.mark.parametrize("threat", [Linf, L2, L1, L0])
def test_on_the_exact_net_it_finds_the_nearest(exact_net, threat) -> None:
    goal = Misclassify(exact_net.labels)
    run = partial(attack, exact_net.model, exact_net.images, goal, threat(torch.inf), minimal)
    result = run(steps=40)
    assert nearest(result, exact_net.exact(threat)).float().mean() >= 0.95


@pytest.mark.parametrize("threat", [Linf, L2, L1])
def test_it_finds_the_nearest_of_many_planes_also_at_walls(threat) -> None:
    """In float64, where no rounding of the model counts as a success."""
    planes = many(threat, 1.8, torch.float64)
    goal = Misclassify(planes.labels)
    run = partial(attack, planes.model, planes.images, goal, threat(torch.inf))
    result = run(minimal, steps=40, restarts=1)
    assert nearest(result, planes.exact(threat).amin(1)).all()


def test_it_is_as_near_as_its_parts_and_no_pass_dearer(exact_net) -> None:
    goal = Misclassify(exact_net.labels)
    run = partial(attack, exact_net.model, exact_net.images, goal, L2(torch.inf))
    part = run(fmn, steps=20)
    whole = run(minimal, steps=20, restarts=1, targets=0)
    assert (whole.distance <= part.distance + 1e-12)[part.success].all()
    # two of FMN, FAB's two classes, DDN; the walk from noise, and the last one
    assert whole.backwards.amax() <= 20 * (2 + 2 + 1) + 20 // 3 + 20


def test_towards_a_target_it_is_the_nearest_of_that_class() -> None:
    planes = many(L2, 0.5)
    target = (planes.labels + 1) % 4
    run = partial(attack, planes.model, planes.images, Target(target), L2(torch.inf), minimal)
    result = run(steps=20, restarts=2)
    alone = planes.exact(L2).gather(1, target[:, None]).squeeze(1)
    assert torch.equal(result.success, alone.isfinite())
