from collections.abc import Iterator
from functools import partial
from itertools import combinations

import pytest
import torch
from torch import Tensor, nn

from robustlib.attacks.jsma import jsma
from robustlib.doubts import NoSlope
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Goal, Misclassify, Target
from robustlib.threats import L0

FREE = L0(torch.inf)


def walked(model: nn.Module, image: Tensor, goal: Goal, theta: float, steps: int) -> list[Tensor]:
    """The saliency of all pairs, towards each class, up and down, one after another."""
    point, seen = image.clone(), []
    while len(seen) < steps:
        seen.append(point)
        here = point.clone().requires_grad_()
        chances = model(here[None]).softmax(1)[0]
        jacobian = [torch.autograd.grad(each, here, retain_graph=True)[0] for each in chances]
        if bool(goal.reached(chances.detach()[None], torch.tensor([0]))):
            break
        moves = [move for move in tried(jacobian, goal, theta) if may(move, point, image)]
        if not moves:
            break
        _, pair, way = max(moves, key=lambda move: move[0])
        point = point.clone()
        point[pair] = (point[pair] + way).clamp(0, 1)
    return seen


Move = tuple[float, list[int], float]


def tried(jacobian: list[Tensor], goal: Goal, theta: float) -> Iterator[Move]:
    """All pairs with a saliency, and the way that they go."""
    towards = [int(goal.targets)] if isinstance(goal, Target) else range(len(jacobian))
    for number in towards:
        others = sum(jacobian[j] for j in range(len(jacobian)) if j != number)
        leave = isinstance(goal, Misclassify) and number == int(goal.labels)
        for pair in map(list, combinations(range(len(others)), 2)):
            alpha, beta = float(jacobian[number][pair].sum()), float(others[pair].sum())
            if alpha * beta < 0:
                yield -alpha * beta, pair, theta if (alpha > 0) != leave else -theta


def may(move: Move, point: Tensor, image: Tensor) -> bool:
    """Whether both numbers have room, and have not gone the other way."""
    _, pair, way = move
    room = 1 - point[pair] if way > 0 else point[pair]
    return bool(((room > 0) & (way * (point - image)[pair] >= 0)).all())


@pytest.mark.parametrize("theta", [1.0, 0.3])
@pytest.mark.parametrize("towards", [0, 1, 2])
def test_steps_are_those_of_all_pairs_tried(net, pictures, labels_of, theta, towards) -> None:
    """Row by row in float64: to leave the label, and towards each of two other classes."""
    model = net(3, shape=(9,)).double()
    images = pictures(8, (9,))
    labels = labels_of(model, images)
    for image, label in zip(images, labels, strict=True):
        shown: list[Tensor] = []

        def seen(points: Tensor, shown: list[Tensor] = shown) -> Tensor:
            shown.append(points[0].detach().clone())
            return model(points)

        wanted = (label[None] + towards) % 3
        goal = Target(wanted) if towards else Misclassify(wanted)
        attack(seen, image[None], goal, FREE, jsma, theta=theta, steps=6)
        expected = walked(model, image, goal, theta, 6)
        for here, there in zip(shown[-len(expected) - 1 : -1], expected, strict=True):
            assert torch.allclose(here, there, rtol=0, atol=1e-12)


def test_on_a_plane_it_takes_the_steepest_pixels(open_plane) -> None:
    """From grey all have the same way to go: the fewest are the steepest, two at a time.

    One logit of the plane is a constant: the slopes of logits alone would not see it.
    """
    weight = open_plane.model.weight
    images = torch.full((1, 16), 0.5)
    worth = 0.5 * weight.abs().sort(descending=True).values.cumsum(0)
    for fewest in range(1, 13):
        height = (worth[fewest - 1] + (worth[fewest - 2] if fewest > 1 else 0)) / 2
        open_plane.model.offset = height - images[0] @ weight
        goal = Misclassify(torch.tensor([0]))
        result = attack(open_plane.model, images, goal, FREE, jsma)
        assert result.success.all()
        assert result.distance.item() == fewest + fewest % 2
        within = attack(open_plane.model, images, goal, L0(fewest), jsma)
        assert within.success.all()
        assert within.distance.item() == fewest


def test_the_channels_of_a_pixel_count_once(net, pictures, labels_of) -> None:
    model, images = net(4, shape=(3, 4, 4)), pictures(12, (3, 4, 4))
    goal = Misclassify(labels_of(model, images))
    run = partial(attack, model, images, goal, attack=jsma)
    for eps in (1, 2, 3):
        changed = (run(threat=L0(eps)).adversarial != images).any(1).flatten(1).sum(1)
        assert changed.max() <= eps
    more = [run(threat=L0(eps)).success.sum().item() for eps in (1, 3, 8)]
    assert more == sorted(more)


def test_towards_a_target_one_gradient_is_enough(net, pictures, labels_of) -> None:
    model, images = net(4), pictures(6)
    labels = labels_of(model, images)
    leave = attack(model, images, Misclassify(labels), FREE, jsma, steps=1)
    towards = attack(model, images, Target((labels + 1) % 4), FREE, jsma, steps=1)
    assert leave.backwards.tolist() == [4] * 6
    assert towards.backwards.tolist() == [1] * 6
    assert leave.forwards.tolist() == [3] * 6  # the look, the step, the last candidates


def test_a_function_added_to_all_logits_changes_nothing(net, pictures, labels_of) -> None:
    model, images = net(4), pictures(6)
    goal = Misclassify(labels_of(model, images))
    shifted = lambda points: model(points) + 9 * points.flatten(1).sum(1, keepdim=True)  # noqa: E731
    plain, other = (attack(each, images, goal, FREE, jsma) for each in (model, shifted))
    assert torch.allclose(plain.adversarial, other.adversarial, rtol=0, atol=1e-9)


def test_where_the_model_is_sure_the_slopes_do_not_vanish(open_plane) -> None:
    """Its probability of the other class is no number of float32."""
    sure = lambda points: 2000 * open_plane.model(points)  # noqa: E731
    goal = Misclassify(open_plane.labels)
    plain, sharp = (
        attack(each, open_plane.images, goal, FREE, jsma) for each in (open_plane.model, sure)
    )
    assert plain.success.all()
    assert torch.equal(plain.adversarial, sharp.adversarial)


def test_a_flat_model_moves_nothing() -> None:
    model = lambda points: 0 * points[:, :2] + torch.tensor([2.0, 0.0])  # noqa: E731
    images, goal = torch.full((2, 3), 0.5), Misclassify(torch.tensor([0, 0]))
    with pytest.warns(NoSlope):
        result = attack(model, images, goal, FREE, jsma)
    assert torch.equal(result.adversarial, images)
    assert not result.success.any()


def test_another_goal_is_refused() -> None:
    class Other(Misclassify.__base__):
        loss = reached = take = check = lambda *_: None
        to = lambda self, _: self  # noqa: E731

    with pytest.raises(InputError, match="Misclassify or Target"):
        next(jsma(torch.zeros(1, 2), Other(), FREE, draws=None))
