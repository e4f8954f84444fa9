import pytest
import torch

from robustlib.attacks import _border_search as search
from robustlib.attacks._border_search import Ground
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.goals import Misclassify, Target
from robustlib.questions import DecisionAnswer
from robustlib.threats import L1, L2, Linf


def led(talk, rule):
    """What a part of an attack comes to when rule(points, rows) answers it, and all it asked."""
    asked = []
    try:
        question = next(talk)
        while True:
            asked.append(question)
            bundle = question if isinstance(question, tuple) else (question,)
            answers = tuple(DecisionAnswer(rule(q.inputs, q.rows), None) for q in bundle)
            question = talk.send(answers if isinstance(question, tuple) else answers[0])
    except StopIteration as end:
        return end.value, asked


def spent(asked, count):
    """How many points each row has asked about."""
    bundles = (each if isinstance(each, tuple) else (each,) for each in asked)
    rows = torch.cat([question.rows for bundle in bundles for question in bundle])
    return rows.bincount(minlength=count).tolist()


def test_a_point_in_the_ball_is_a_candidate_and_another_a_probe() -> None:
    images = torch.full((3, 4), 0.5)
    ground = Ground(images, L2(torch.tensor([0.1, 0.3, torch.inf])).placed(images))
    points = images + torch.tensor([[0.1], [0.1], [0.1]])  # 0.2 away
    rule = lambda some, rows: rows != 1  # noqa: E731
    reached, asked = led(ground.asks(points, torch.arange(3)), rule)
    assert reached.tolist() == [True, False, True]
    (bundle,) = asked
    told = {question.candidate: question.rows.tolist() for question in bundle}
    assert told == {True: [1, 2], False: [0]}


@pytest.mark.parametrize("threat", [Linf, L2])
def test_bisection_lands_on_the_plane(plane, threat) -> None:
    """On a line, a plane is crossed where the heights' shares say."""
    images, weight = plane.images.double(), plane.model.weight.double()
    ground = Ground(images, threat(torch.inf))

    def height(points):
        return points.flatten(1) @ weight + plane.model.offset.double()

    rule = lambda points, _: height(points) <= 0  # noqa: E731
    ends = (images - weight.view(4, 4)).clamp(0, 1)
    rows = rule(ends, None).nonzero().squeeze(1)
    assert len(rows) > 10
    ends = ends[rows]
    found, asked = led(search.approach(ground, ends, rows, 1e-9), rule)
    assert len(asked) == 30  # 2**30 > 1e9
    assert rule(found, rows).all()
    assert height(found).abs().max() < 1e-7
    if threat is L2:
        along = torch.linalg.vector_norm(found - ground.images[rows], dim=(1, 2, 3))
        whole = torch.linalg.vector_norm(ends - ground.images[rows], dim=(1, 2, 3))
        straight = torch.lerp(ground.images[rows], ends, (along / whole)[:, None, None, None])
        assert torch.allclose(found, straight, atol=1e-9)


def test_rows_finish_at_their_own_times() -> None:
    images = torch.zeros(3, 1, dtype=torch.float64)
    ground, border = Ground(images, L2(torch.inf)), torch.tensor([0.3, 0.61, 0.05])
    rule = lambda points, rows: points[:, 0] >= border[rows]  # noqa: E731
    tolerance = torch.tensor([0.5, 2**-4, 2**-10], dtype=torch.float64)
    rows, ends = torch.arange(3), torch.ones(3, 1, dtype=torch.float64)
    span = torch.zeros(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64)
    at = lambda numbers, _: numbers[:, None]  # noqa: E731
    (found, upper), asked = led(
        search.bisect(ground, at, ends, rows, span, tolerance=tolerance), rule
    )
    assert spent(asked, 3) == [1, 4, 10]
    assert torch.equal(found[:, 0], upper)
    assert ((upper >= border) & (upper - border <= tolerance)).all()


def test_bisection_ends_where_numbers_have_nothing_between_them() -> None:
    ground = Ground(torch.zeros(1, 1), L2(torch.inf))
    never = lambda points, _: points[:, 0] > 2  # noqa: E731
    ends, rows = torch.ones(1, 1), torch.tensor([0])
    found, asked = led(search.approach(ground, ends, rows, 1e-30), never)
    assert found.item() == 1
    assert len(asked) < 40


def test_one_failed_start_leaves_the_others_alone() -> None:
    ground = Ground(torch.zeros(3, 2, 5), L2(torch.inf))
    rule = lambda _, rows: rows != 1  # noqa: E731
    (points, rows), asked = led(search.started(ground, None, Draws(0, range(3))), rule)
    assert rows.tolist() == [0, 2]
    assert points.shape == (2, 2, 5)
    assert spent(asked, 3) == [1, search._TRIES, 1]


def test_noise_is_drawn_anew_of_any_brightness_and_contrast() -> None:
    ground = Ground(torch.zeros(1, 3, 8, 8), L2(torch.inf))
    never = lambda points, _: torch.zeros(len(points), dtype=torch.bool)  # noqa: E731
    _, asked = led(search.started(ground, None, Draws(0, [0])), never)
    shown = torch.cat([bundle[0].inputs for bundle in asked])
    assert shown.min() >= 0
    assert shown.max() <= 1
    means, spreads = shown.flatten(1).mean(1), shown.flatten(1).std(1)
    assert means.min() < 0.15
    assert means.max() > 0.85
    assert spreads.max() > 0.4
    assert spreads[0] == pytest.approx(12**-0.5, abs=0.03)


def test_the_nearest_given_image_that_is_right_is_taken() -> None:
    images = torch.tensor([[0.1], [0.9]])
    ground, starts = Ground(images, L1(torch.inf)), torch.tensor([[0.6], [0.0], [1.0], [0.35]])
    rule = lambda points, _: (points[:, 0] > 0.3) & (points[:, 0] < 0.8)  # noqa: E731
    (points, rows), asked = led(search.started(ground, starts, Draws(0, range(2))), rule)
    assert rows.tolist() == [0, 1]
    assert points[:, 0].tolist() == pytest.approx([0.35, 0.6])
    assert spent(asked, 2) == [2, 2]  # 0.0, 0.35; 1.0, 0.6


@pytest.mark.parametrize("starts", [7, torch.rand(2, 3), torch.rand(0, 4), 2 * torch.ones(1, 4)])
def test_starts_that_are_none_are_refused(starts) -> None:
    goal = Misclassify(torch.tensor([0]))
    with pytest.raises(InputError, match=r"^starts is a tensor of images"):
        search.check_starts(starts, torch.rand(1, 4), goal)


def test_a_target_needs_starts() -> None:
    images, goal = torch.rand(1, 4), Target(torch.tensor([0]))
    with pytest.raises(InputError, match=r"give images \[k, ...\] that the model answers as"):
        search.check_starts(None, images, goal)
    search.check_starts(images, images, goal)
    search.check_starts(None, images, Misclassify(torch.tensor([0])))
