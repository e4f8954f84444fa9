"""An autoencoder beside what codes can hold, and what linear ones lose at least."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from robustlib.attacks.autozoom_ae import autozoom_ae
from robustlib.attacks.zoo_ae import zoo_ae
from robustlib.autoencoder import autoencoder
from robustlib.data.digits import digits
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.threats import L2


def slow_pictures(count: int) -> torch.Tensor:
    """Enlarged from 4 x 4: a linear space of 16 dimensions within 64, all that a code can hold."""
    small = torch.rand(count, 1, 4, 4, generator=torch.Generator().manual_seed(0))
    return functional.interpolate(small, size=(8, 8), mode="bilinear")


def best_linear(images: torch.Tensor, size: int) -> float:
    """The least mean square error of any affine code of a size: Eckart and Young's."""
    flat = images.flatten(1).double()
    lost = torch.linalg.svdvals(flat - flat.mean(0))[size:]
    return float(lost.square().sum()) / flat.numel()


def test_what_a_code_can_hold_is_hardly_lost() -> None:
    """The optimum is zero: 16 numbers of 64 hold all; an affine code of 12 would lose more."""
    images = slow_pictures(256)
    found = autoencoder(images, epochs=100, batch_size=32)
    assert found.code_shape == (1, 4, 4)
    assert best_linear(images, 16) < 1e-12
    assert found.error <= 0.1 * float(images.var())
    assert found.error <= best_linear(images, 12)


def test_the_error_is_that_of_its_own_coders() -> None:
    images = digits(70).images
    found = autoencoder(images, shrink=3, channels=2, width=4, epochs=1)
    assert found.code_shape == (2, 10, 10)
    codes = found.encoder(images)
    assert codes.shape == (70, 2, 10, 10)
    away = (found.decoder(codes) - images).square().mean().item()
    assert found.error == pytest.approx(away, rel=1e-5)


def test_first_steps_are_those_of_adam_by_hand() -> None:
    """One batch, one step of size α against each slope's sign: Adam's first, from the same net."""
    images, still, moved = slow_pictures(8), *(1e-12, 1e-3)
    options = {"width": 2, "epochs": 1, "batch_size": 8, "seed": 3}
    before = autoencoder(images, step_size=still, **options)
    after = autoencoder(images, step_size=moved, **options)
    weights = [*before.encoder.parameters(), *before.decoder.parameters()]
    for weight in weights:
        weight.requires_grad_()
    lost = (before.decoder(before.encoder(images)) - images).square().mean()
    slopes = torch.autograd.grad(lost, weights)
    ends = [*after.encoder.parameters(), *after.decoder.parameters()]
    for weight, slope, end in zip(weights, slopes, ends, strict=True):
        assert torch.allclose(end, weight - moved * slope / (slope.abs() + 1e-8), atol=1e-5)


def test_the_same_seed_gives_the_same_weights_and_disturbs_nothing(random_states) -> None:
    images, states = digits(64).images, random_states()
    codes = [
        autoencoder(images, width=4, epochs=1, seed=seed).encoder(images) for seed in (1, 1, 2)
    ]
    assert torch.equal(codes[0], codes[1])
    assert not torch.equal(codes[0], codes[2])
    assert random_states() == states


@pytest.mark.parametrize("method", [autozoom_ae, zoo_ae])
def test_attacks_search_in_its_codes(method, net, labels_of) -> None:
    """Whatever they find is the image plus a difference of two decoded codes."""
    model, images = net(shape=(1, 28, 28), dtype=torch.float32), digits(3, split="test").images
    coder = autoencoder(digits(64).images, shrink=4, width=4, epochs=1)
    read: list[Tensor] = []
    shown: list[Tensor] = []

    def decoder(codes: Tensor) -> Tensor:
        read.append(coder.decoder(codes).detach())
        return read[-1]

    def spy(pictures: Tensor) -> Tensor:
        shown.append(pictures.clone())
        return model(pictures)

    terms = {"decoder": decoder, "code_shape": coder.code_shape, "steps": 3}
    goal = Misclassify(labels_of(model, images))
    result = attack(spy, images, goal, L2(torch.inf), method, **terms)
    assert (result.queries > 3).all()
    changes = torch.cat(read) - coder.decoder(torch.zeros(1, *coder.code_shape))
    possible = (images[:, None] + changes).clamp(0, 1).flatten(0, 1)
    points = torch.cat(shown[2:])  # after the looks for company
    points = points[:: 1 + len(points) // 300]
    far = torch.cdist(points.flatten(1), possible.flatten(1), p=torch.inf).amin(dim=1)
    assert far.max() < 1e-5
    assert len(points.unique(dim=0)) > len(images)


@pytest.mark.parametrize(
    "option",
    [{"shrink": 0}, {"channels": 0}, {"width": 1.5}, {"epochs": 0}, {"batch_size": -1}],
    ids=str,
)
def test_what_would_train_nothing_is_refused_by_name(option) -> None:
    with pytest.raises(InputError, match=f"^{next(iter(option))} is a count ≥ 1"):
        autoencoder(digits(4).images, **option)


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(InputError, match=r"^images are pictures \[n, c, h, w\], not of shape"):
        autoencoder(torch.rand(4, 9))
    with pytest.raises(InputError, match=r"^step_size is a number in \(0, inf\)"):
        autoencoder(digits(4).images, step_size=0)
