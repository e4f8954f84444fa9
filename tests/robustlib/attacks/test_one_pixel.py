from itertools import combinations, product

import pytest
import torch
from torch import Tensor

from robustlib.attacks.one_pixel import _three, one_pixel
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify, Target
from robustlib.losses import margin
from robustlib.threats import L0
from tests.robustlib.attacks._talk import held

GENERATOR = torch.Generator().manual_seed(6)
PLACES = [(row, column) for row in range(3) for column in range(4)]
IMAGES = torch.rand(8, 2, 3, 4, generator=GENERATOR, dtype=torch.float64)
PEAKS = torch.rand(2, 3, 4, generator=GENERATOR, dtype=torch.float64)
WEIGHT = torch.randn(2, 3, 4, generator=GENERATOR, dtype=torch.float64)
GOAL = Misclassify(torch.zeros(8, dtype=torch.int64), measure=margin)


def sloping(images: Tensor) -> Tensor:
    """Each pixel's best colour is a corner of the box."""
    height = (images * WEIGHT).flatten(1).sum(1) - 100
    return torch.stack([torch.zeros_like(height), height], dim=1)


def peaked(images: Tensor) -> Tensor:
    """Each pixel's best colour lies somewhere within."""
    height = -((images - PEAKS).abs() * WEIGHT.abs()).flatten(1).sum(1) - 1
    return torch.stack([torch.zeros_like(height), height], dim=1)


def painted(image: Tensor, places, colours) -> Tensor:
    copy = image.clone()
    for (row, column), colour in zip(places, colours, strict=True):
        copy[:, row, column] = colour
    return copy


def highest(model, image: Tensor, count: int) -> Tensor:
    """The best of all places, each with all colours that can be its best."""
    corners = [torch.tensor(colour).double() for colour in product((0.0, 1.0), repeat=2)]
    pictures = [
        painted(image, places, colours)
        for places in combinations(PLACES, count)
        for colours in product(*[[*corners, PEAKS[:, row, column]] for row, column in places])
    ]
    outputs = model(torch.stack(pictures))
    return (outputs[:, 1] - outputs[:, 0]).amax()


@pytest.mark.parametrize(
    ("model", "count", "least"),
    [(sloping, 1, 1), (sloping, 2, 1), (peaked, 1, 1), (peaked, 2, 0.9)],
)
def test_it_finds_the_best_that_there_is(model, count, least) -> None:
    """Of two pixels within the box one now and then is the second best."""
    result = attack(model, IMAGES, GOAL, L0(count), one_pixel)
    best = torch.stack([highest(model, image, count) for image in IMAGES])
    clean = model(IMAGES)[:, 1]
    assert not result.success.any()
    assert (result.loss <= best + 1e-9).all()
    share = (result.loss - clean) / (best - clean)
    assert share.min() >= least - 1e-6
    assert share.median() >= 0.995
    assert result.distance.tolist() == [count] * 8


@pytest.mark.parametrize(("room", "share"), [(-0.001, 0.0), (0.001, 1.0)])
def test_one_pixel_succeeds_exactly_where_one_can(room, share) -> None:
    best = torch.stack([highest(sloping, image, 1) for image in IMAGES])

    def model(images: Tensor) -> Tensor:
        nearest = (images[:, None] == IMAGES).flatten(2).sum(2).argmax(1)  # whose copy it is
        return sloping(images) - torch.stack([0 * best, best - room], dim=1)[nearest]

    result = attack(model, IMAGES, GOAL, L0(1), one_pixel, population=60)
    assert result.success.double().mean() == share


@pytest.mark.parametrize("count", [1, 3])
def test_a_generation_is_that_of_a_slow_loop(count) -> None:
    draws, options = Draws(1, range(8), dtype=torch.float64), {"steps": 6, "population": 60}
    talk = one_pixel(IMAGES, GOAL, L0(count), **options, draws=draws)
    bundles, last = held(talk, peaked, GOAL)
    assert [len(asked.inputs) for (asked,) in bundles] == [400, 80] * 7
    assert all(asked.candidate for (asked,) in bundles)
    for row in range(8):
        asked = torch.cat([asked.inputs[asked.rows == row] for (asked,) in bundles])
        slow = list(breed(IMAGES[row], row, count))
        assert torch.allclose(asked, torch.stack(slow[:-1]), rtol=0, atol=1e-12)
        assert torch.allclose(last[row], slow[-1], rtol=0, atol=1e-12)


def breed(image: Tensor, row: int, count: int):
    """All pictures that one row shows, and at last the fittest."""
    main = Draws(1, [row], dtype=torch.float64)
    pens = [main.child(number) for number in range(count)]
    drawn = [(pen.normal(60, 2)[0] / 2 + 0.5, pen.uniform(60, 2)[0]) for pen in pens]
    members = [
        [[*place[i].tolist(), *colour[i].clamp(0, 1).tolist()] for colour, place in drawn]
        for i in range(60)
    ]
    yield from (picture(image, member) for member in members)
    fitness = [height(image, member) for member in members]
    for _ in range(6):
        others = [each[0].tolist() for each in _three(main, 60)]
        fresh = [pen.uniform(60, 2)[0].tolist() for pen in pens]
        children = []
        for i, (a, b, c) in enumerate(zip(*others, strict=True)):
            child = []
            for k in range(count):
                trio = zip(members[a][k], members[b][k], members[c][k], strict=True)
                genes = [x + 0.5 * (y - z) for x, y, z in trio]
                for axis in range(2):
                    if not 0 <= genes[axis] < 1:
                        genes[axis] = fresh[k][i][axis]
                child.append(genes[:2] + [min(max(gene, 0.0), 1.0) for gene in genes[2:]])
            children.append(child)
        for i, child in enumerate(children):
            yield picture(image, child)
            if height(image, child) > fitness[i]:
                members[i], fitness[i] = child, height(image, child)
    yield picture(image, members[fitness.index(max(fitness))])


def picture(image: Tensor, member) -> Tensor:
    places = [(int(3 * genes[0]), int(4 * genes[1])) for genes in member]
    return painted(
        image, places, [torch.tensor(genes[2:], dtype=torch.float64) for genes in member]
    )


def height(image: Tensor, member) -> float:
    return float(peaked(picture(image, member)[None])[0, 1])


def test_three_others_are_three_and_others_and_all_alike_likely() -> None:
    trios = torch.stack(_three(Draws(0, range(4000)), 5), dim=2)
    itself = torch.arange(5).expand(4000, 5)[..., None]
    whole = torch.cat([itself, trios], dim=2).sort(dim=2).values
    assert (whole.diff(dim=2) > 0).all()
    places = trios[:, 0].unique(dim=0, return_counts=True)
    assert len(places[0]) == 24
    assert (places[1] - 4000 / 24).abs().max() < 5 * (4000 / 24) ** 0.5


def test_every_query_is_counted(net, pictures, labels_of) -> None:
    """Each member of each generation; the first look, and one at the fittest."""
    model, images = net(), pictures(3)
    far = lambda points: 1e-9 * model(points) + model(images[:1])  # noqa: E731
    goal = Misclassify(labels_of(far, images))
    result = attack(far, images, goal, L0(1), one_pixel, steps=4, population=70)
    assert result.queries.tolist() == [1 + 5 * 70 + 1] * 3


def test_a_target_is_reached_and_named(net, pictures, labels_of) -> None:
    model, images = net(), pictures(4)
    targets = (labels_of(model, images) + 1) % 4
    result = attack(model, images, Target(targets), L0(36), one_pixel, population=40)
    assert result.success.all()
    assert torch.equal(result.outputs.argmax(1), targets)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"population": 3}, "population is a count ≥ 4"),
        ({"factor": 0}, r"factor is a number in \(0, 2\]"),
    ],
)
def test_a_child_has_three_parents_and_a_difference(options, told, net, pictures) -> None:
    goal = Misclassify(torch.tensor([0]))
    with pytest.raises(InputError, match=told):
        attack(net(), pictures(1), goal, L0(1), one_pixel, **options, retire="never")
    attack(net(), pictures(1), goal, L0(1), one_pixel, population=4, factor=2, steps=1)
