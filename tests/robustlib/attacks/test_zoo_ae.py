import pytest
import torch

from robustlib.attacks.zoo import zoo
from robustlib.attacks.zoo_ae import zoo_ae
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.threats import L2
from tests.robustlib.attacks._talk import held

FREE = L2(torch.inf)


def basis() -> torch.Tensor:
    """Three directions of unit length, at right angles, of 16 pixels."""
    drawn = torch.randn(16, 3, generator=torch.Generator().manual_seed(3)).double()
    return torch.linalg.qr(drawn).Q.T


def test_it_comes_to_the_nearest_point_that_the_decoder_can_make(open_plane) -> None:
    """Within a subspace the plane lies height / ‖w's part in it‖ away."""
    model, images = open_plane.model.double(), open_plane.images.double()
    space = basis()
    height = images.flatten(1) @ model.weight + model.offset
    exact = height / (space @ model.weight).norm()
    inside = (exact < 0.4).nonzero()[:5, 0]
    assert len(inside) == 5
    options = {"decoder": lambda codes: (codes @ space).view(-1, 1, 4, 4), "code_shape": (3,)}
    goal = Misclassify(open_plane.labels[inside])
    result = attack(model, images[inside], goal, FREE, zoo_ae, **options, steps=400)
    assert result.success.all()
    assert (result.distance / exact[inside]).max() <= 1.02
    assert (result.distance / exact[inside]).min() >= 1 - 1e-6


def test_with_a_decoder_that_does_nothing_it_is_zoo(net, pictures, labels_of) -> None:
    model, images = net(), 0.3 + 0.4 * pictures(4)  # away from the walls, which bound pixels
    goal = Misclassify(labels_of(model, images))
    options = {"steps": 12, "coordinates": 30, "draws": Draws(2, range(4), dtype=torch.float64)}
    plain, _ = held(zoo(images, goal, FREE, **options), model, goal)
    options["draws"] = Draws(2, range(4), dtype=torch.float64)
    same = {"decoder": lambda codes: codes, "code_shape": (2, 6, 6)}
    coded, _ = held(zoo_ae(images, goal, FREE, **options, **same), model, goal)
    for one, other in zip(plain, coded, strict=True):
        assert torch.allclose(one[0].inputs, other[0].inputs, rtol=0, atol=1e-7)


def test_the_first_point_is_the_image_whatever_the_decoder_makes_of_zero(net, pictures) -> None:
    model, images = net(), pictures(3)
    decoder = torch.nn.Sequential(torch.nn.Linear(4, 72), torch.nn.Unflatten(1, (2, 6, 6))).double()
    goal, draws = Misclassify(model(images).argmax(1)), Draws(0, range(3), dtype=torch.float64)
    coded = {"decoder": decoder, "code_shape": (4,), "steps": 3}
    bundles, _ = held(zoo_ae(images, goal, FREE, **coded, draws=draws), model, goal)
    assert torch.equal(bundles[0][0].inputs, images)


def test_every_query_is_counted(net, pictures, labels_of) -> None:
    """A code of the lower half of frequencies has 2 · 3 · 3 numbers."""
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, FREE, zoo_ae, steps=7)
    assert result.queries.tolist() == [2 + 7 * (1 + 2 * 18)] * 3


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"decoder": 3}, "decoder is a function from codes to changes, not 3"),
        ({"decoder": torch.nn.Identity()}, "code_shape is a shape"),
        ({"decoder": torch.nn.Identity(), "code_shape": (3,)}, "shaped as the images are"),
        ({"coordinates": 0}, "coordinates is a count ≥ 1"),
        ({"width": 0}, r"width is a number in \(0, 1\]"),
    ],
)
def test_a_decoder_comes_with_its_shape(options, told, net, pictures, labels_of) -> None:
    model, images = net(), pictures(1)
    goal = Misclassify(labels_of(model, images))
    with pytest.raises(InputError, match=told):
        attack(model, images, goal, FREE, zoo_ae, **options)
