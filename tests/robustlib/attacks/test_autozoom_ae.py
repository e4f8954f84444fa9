import pytest
import torch

from robustlib.attacks._codes import bilinear
from robustlib.attacks.autozoom_ae import autozoom_ae
from robustlib.attacks.autozoom_bilin import autozoom_bilin
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.threats import L2
from tests.robustlib.attacks._talk import held

FREE = L2(torch.inf)


def test_it_comes_near_the_nearest_point_that_the_decoder_can_make(open_plane) -> None:
    """Within a subspace the plane lies height / ‖w's part in it‖ away."""
    model, images = open_plane.model.double(), open_plane.images.double()
    drawn = torch.randn(16, 3, generator=torch.Generator().manual_seed(3)).double()
    space = torch.linalg.qr(drawn).Q.T
    exact = (images.flatten(1) @ model.weight + model.offset) / (space @ model.weight).norm()
    inside = (exact < 0.4).nonzero()[:5, 0]
    assert len(inside) == 5
    options = {
        "decoder": lambda codes: (codes @ space).view(-1, 1, 4, 4),
        "code_shape": (3,),
        "steps": 500,
    }
    goal = Misclassify(open_plane.labels[inside])
    result = attack(model, images[inside], goal, FREE, autozoom_ae, **options)
    assert result.success.all()
    assert (result.distance / exact[inside]).max() <= 1.1
    assert (result.distance / exact[inside]).min() >= 1 - 1e-6


def test_with_a_decoder_that_enlarges_it_is_bilin(net, pictures, labels_of) -> None:
    model, images = net(), pictures(4)
    goal, code = Misclassify(labels_of(model, images)), bilinear(images, 3)
    seen = []
    for each, own in (
        (autozoom_bilin, {"side": 3}),
        (autozoom_ae, {"decoder": code.decode, "code_shape": code.shape}),
    ):
        draws = Draws(2, range(4), dtype=torch.float64)
        seen.append(held(each(images, goal, FREE, **own, steps=20, draws=draws), model, goal)[1])
    assert torch.equal(*seen)


def test_the_first_point_is_the_image_whatever_the_decoder_makes_of_zero(net, pictures) -> None:
    model, images = net(), pictures(3)
    decoder = torch.nn.Sequential(torch.nn.Linear(4, 72), torch.nn.Unflatten(1, (2, 6, 6))).double()
    goal, draws = Misclassify(model(images).argmax(1)), Draws(0, range(3), dtype=torch.float64)
    coded = {"decoder": decoder, "code_shape": (4,), "steps": 3}
    bundles, _ = held(autozoom_ae(images, goal, FREE, **coded, draws=draws), model, goal)
    assert torch.equal(bundles[0][0].inputs, images)


def test_every_query_is_counted(net, pictures, labels_of) -> None:
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, FREE, autozoom_ae, steps=7, directions=5)
    assert result.queries.tolist() == [2 + 7 * 2] * 3


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"decoder": 3}, "decoder is a function from codes to changes, not 3"),
        ({"decoder": torch.nn.Identity()}, "code_shape is a shape"),
        ({"directions": 0}, "directions is a count ≥ 1"),
    ],
)
def test_a_decoder_comes_with_its_shape(options, told, net, pictures, labels_of) -> None:
    model, images = net(), pictures(1)
    goal = Misclassify(labels_of(model, images))
    with pytest.raises(InputError, match=told):
        attack(model, images, goal, FREE, autozoom_ae, **options)
