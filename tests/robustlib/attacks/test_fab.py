from functools import partial

import pytest
import torch

from robustlib.attacks._base import on_rows
from robustlib.attacks._planes import onto
from robustlib.attacks.fab import fab
from robustlib.conformance._planes import many
from robustlib.engine import attack
from robustlib.goals import Misclassify, Target
from robustlib.questions import WhiteBox
from robustlib.threats import L1, L2, Linf
from tests.robustlib.attacks.conftest import nearest

NORMS = pytest.mark.parametrize("threat", [Linf, L2, L1])


@NORMS
def test_it_finds_the_nearest_point_of_a_plane_also_at_walls(plane, threat) -> None:
    goal = Misclassify(plane.labels)
    result = attack(plane.model, plane.images, goal, threat(torch.inf), fab, steps=30)
    assert nearest(result, plane.exact(threat)).all()


@NORMS
@pytest.mark.parametrize("spread", [0.5, 1.8])
def test_it_finds_the_nearest_of_many_planes(threat, spread) -> None:
    planes = many(threat, spread)
    run = partial(attack, planes.model, planes.images, threat=threat(torch.inf), attack=fab)
    result = run(goal=Misclassify(planes.labels), steps=30)
    assert nearest(result, planes.exact(threat).amin(1)).all()


@NORMS
def test_the_form_towards_each_class_finds_it_too(threat) -> None:
    """One backward pass a step: the planes of one class, while any other than the label counts."""
    planes = many(threat, 1.8)

    def towards_each(images, goal, threat, *, draws) -> WhiteBox:
        rows = torch.arange(len(images))
        for rival in range(1, 4):
            target = Target((goal.labels + rival) % 4)
            towards = partial(fab, steps=30)
            last = yield from on_rows(towards, rows, images, target, threat, draws=draws)
        return last

    goal = Misclassify(planes.labels)
    result = attack(planes.model, planes.images, goal, threat(torch.inf), towards_each)
    assert nearest(result, planes.exact(threat).amin(1)).all()
    assert (result.backwards == 90).all()


@NORMS
def test_a_nearer_plane_behind_the_wall_does_not_hold_it_up(threat) -> None:
    slopes = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 1.0]])
    model = lambda images: (images - torch.tensor([1.0, 0.5])) @ slopes.T - heights  # noqa: E731
    heights = torch.tensor([0.0, 0.1, 0.2])  # the second class: 0.01 away, at white already
    images, goal = torch.tensor([[1.0, 0.5]]), Misclassify(torch.tensor([0]))
    result = attack(model, images, goal, threat(torch.inf), fab, steps=30)
    assert result.success.all()
    assert result.distance.item() == pytest.approx(0.2, rel=0.01)


def test_a_target_is_reached() -> None:
    planes = many(L2, 0.5)
    target = (planes.labels + 1) % 4
    found = attack(planes.model, planes.images, Target(target), L2(torch.inf), fab, steps=30)
    alone = planes.exact(L2).gather(1, target[:, None]).squeeze(1)
    assert torch.equal(found.success, alone.isfinite())
    assert (found.distance[found.success] >= alone[found.success] * (1 - 1e-5)).all()


def test_a_step_is_one_forward_and_one_backward_pass(plane) -> None:
    goal = Misclassify(plane.labels)
    result = attack(plane.model, plane.images, goal, Linf(torch.inf), fab, steps=30, halvings=4)
    assert result.backwards.tolist() == [30] * 32
    assert result.forwards.tolist() == [1 + 30 + 4 + 1] * 32  # the looks at images and results


@NORMS
@pytest.mark.parametrize(("factor", "share"), [(0.98, 0.0), (1.02, 1.0)])
def test_under_a_finite_eps_it_finds_what_is_there(plane, threat, factor, share) -> None:
    eps = threat(factor * plane.exact(threat))
    result = attack(plane.model, plane.images, Misclassify(plane.labels), eps, fab, steps=40)
    assert result.success.float().mean() == share


@NORMS
def test_restarts_bring_it_nearer_on_the_exact_net(exact_net, threat) -> None:
    goal, exact = Misclassify(exact_net.labels), exact_net.exact(threat)
    run = partial(attack, exact_net.model, exact_net.images, goal, threat(torch.inf), fab, steps=30)
    once, often = run(), run(restarts=4)
    assert (often.distance <= once.distance + 1e-12)[once.success].all()
    shares = [nearest(result, exact).float().mean() for result in (once, often)]
    assert shares[0] >= 0.7
    assert shares[1] >= 0.8


def test_the_exact_net_is_exact(exact_net) -> None:
    """No point of a cloud around an image, nor of the box, is of another class and nearer."""
    generator = torch.Generator().manual_seed(0)
    for number, (image, label) in enumerate(
        zip(exact_net.images[:6], exact_net.labels[:6], strict=True)
    ):
        noise = torch.randn(20000, 4, generator=generator, dtype=torch.float64)
        length = torch.rand(20000, 1, generator=generator, dtype=torch.float64)
        points = (image + length * noise).clamp(0, 1)
        other = exact_net.model(points).argmax(1) != label
        for threat in (Linf, L2, L1):
            found = threat(torch.inf).distance(points, image.expand_as(points))[other].min()
            exact = exact_net.exact(threat)[number]
            assert exact * (1 - 1e-9) <= found <= 1.6 * exact


def walked(model, image, own, threat, steps) -> float:
    """Algorithm 1 for one image, as the paper has it; a success keeps the plane seen there."""
    dual = {Linf: 1, L2: 2, L1: torch.inf}[type(threat)]
    point, best = image, torch.inf
    for _ in range(steps):
        seen = point.clone().requires_grad_()
        logits = model(seen[None])[0]
        leads = [logits[one] - logits[own] for one in range(len(logits)) if one != own]
        slopes = [torch.autograd.grad(one, seen, retain_graph=True)[0] for one in leads]
        if int(logits.argmax()) != own:
            best = min(best, float(threat.distance(point[None], image[None])))
            point = image + 0.9 * (point - image)
        planes = list(zip(leads, slopes, strict=True))
        far = [
            float((lead + (slope * (point - seen)).sum()).abs().detach() / slope.norm(p=dual))
            for lead, slope in planes
        ]
        lead, slope = planes[far.index(min(far))]
        ways = []
        for start in (point, image):
            rise = -(lead + (slope * (start - seen)).sum()).detach()
            ways.append(onto(start[None], slope[None], rise[None], threat)[0])
        here, home = (float(threat.distance(way[None], 0 * way[None])) for way in ways)
        pull = min(here / (here + home) if here + home else 0.0, 0.1)
        point = (1 - pull) * (point + 1.05 * ways[0]) + pull * (image + 1.05 * ways[1])
        point = point.clamp(0, 1)
    last = int(model(point[None]).argmax()) != own
    return float(threat.distance(point[None], image[None])) if last and best == torch.inf else best


@NORMS
def test_it_is_the_papers_algorithm_with_one_plane_a_step(threat, net, pictures) -> None:
    model, images = net(seed=3), pictures(6) * 0.8 + 0.1
    labels = model(images).argmax(dim=1)
    run = {"steps": 6, "halvings": 0, "retire": "never"}
    ours = attack(model, images, Misclassify(labels), threat(torch.inf), fab, **run)
    for row, image in enumerate(images):
        best = walked(model, image, int(labels[row]), threat(1.0), 6)
        assert bool(ours.success[row]) == (best < torch.inf)
        if best < torch.inf:
            assert float(ours.distance[row]) == pytest.approx(best, rel=1e-5)
    assert ours.success.sum() > 2
