"""Held against linear victims, whose best curve is a corner of a simplex, and against autograd."""

from functools import partial

import pytest
import torch

from robustlib.attacks.ace import _Curves, ace, normal
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError, ThreatError
from robustlib.goals import Misclassify
from robustlib.losses import margin
from robustlib.threats import L0, L1, L2, Linf

ANY = Linf(1.0)


def bent(image, shares):
    """A curve of straight pieces, pixel by pixel: [c, ...] and [c, pieces]."""
    result, pieces = image.clone(), shares.shape[1]
    for channel, curve in enumerate(shares):
        flat = result[channel].view(-1)
        for place, value in enumerate(flat.tolist()):
            piece = min(int(value * pieces), pieces - 1)
            flat[place] = curve[:piece].sum() + (value * pieces - piece) * curve[piece]
    return result


def some(count, channels, pieces, seed=0):
    """Curves' numbers, some of them zero."""
    generator = torch.Generator().manual_seed(seed)
    return (torch.rand(count, channels, pieces, generator=generator).double() - 0.2).clamp(min=0)


@pytest.mark.parametrize("pieces", [2, 3, 64])
def test_a_curve_that_is_straight_changes_nothing(pieces, pictures) -> None:
    images = pictures(5, (3, 7, 4))
    curves = _Curves(images, ANY)
    assert torch.equal(curves.of(normal(curves.still(pieces))), images)
    single = _Curves(images.float(), ANY)
    assert (single.of(normal(single.still(pieces))) - images).abs().max() < 1e-6


@pytest.mark.parametrize("pieces", [2, 5, 64])
def test_curves_are_as_drawn_by_hand(pieces, pictures) -> None:
    images, shares = pictures(4, (3, 5, 4)), normal(some(4, 3, pieces))
    found = _Curves(images, ANY).of(shares)
    for row in range(4):
        assert torch.allclose(found[row], bent(images[row], shares[row]), atol=1e-12)


@pytest.mark.parametrize("threat", [ANY, Linf(0.05), L2(0.3), L1(0.7)], ids=str)
def test_curves_rise_from_black_to_white_within_ball_and_box(threat) -> None:
    ramp = torch.linspace(0, 1, 201, dtype=torch.float64).expand(6, 2, 1, 201)
    found = _Curves(ramp, threat).of(normal(some(6, 2, 9)))
    assert (found.diff(dim=3) >= -1e-12).all()
    assert (found[..., 0] == 0).all()
    assert torch.allclose(found[..., -1], torch.ones(1).double(), rtol=0, atol=1e-12)
    assert (threat.distance(found, ramp) <= threat.radius(ramp) + 1e-12).all()


@pytest.mark.parametrize("threat", [ANY, Linf(0.05), L2(0.3), L1(0.7), L2(torch.inf)], ids=str)
def test_gradients_come_back_through_curve_and_ball(threat, pictures) -> None:
    """Of a straight line of differences, in each number of each curve."""
    images, shares = pictures(3, (2, 4, 4)), normal(some(3, 2, 5) + 0.1)
    curves, along = _Curves(images, threat), pictures(3, (2, 4, 4), seed=9) - 0.5
    slope = curves.pulled(along, shares)
    for channel in range(2):
        for piece in range(1, 5):
            way = torch.zeros_like(shares)
            way[:, channel, [0, piece]] = torch.tensor([-1e-6, 1e-6]).double()  # still up to white
            change = curves.of(shares + way) - curves.of(shares - way)
            wanted = (change * along).sum(dim=(1, 2, 3)) / 2e-6
            found = slope[:, channel, piece] - slope[:, channel, 0]
            assert torch.allclose(found, wanted, atol=1e-5)


def lines(images, seed=3):
    """A linear victim's weights for the second class, and what it must gain to be fooled."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(images.shape[1:], generator=generator, dtype=torch.float64)


def victim(weights, need):
    """Two classes: the second wins from where the weighted sum has gained what is needed."""

    def model(points, clean):
        gained = ((points - clean) * weights).flatten(1).sum(dim=1)
        return torch.stack([torch.zeros_like(gained), gained - need], dim=1)

    return model


@pytest.mark.parametrize("share", [0.97, 1.001])
@pytest.mark.parametrize("pieces", [2, 4, 16])
def test_the_best_curve_of_a_linear_victim_is_found(pieces, share, pictures) -> None:
    """All of each channel's rise in one piece, whichever gains the most: a closed form."""
    image = pictures(1, (3, 6, 6))
    weights = lines(image)
    corners = torch.eye(pieces, dtype=torch.float64)
    gains = torch.stack(
        [(bent(image[0], one.expand(3, -1)) * weights).flatten(1).sum(dim=1) for one in corners]
    )
    most = (gains.amax(dim=0) - (image[0] * weights).flatten(1).sum(dim=1)).sum()
    model = victim(weights, share * most)
    options = {"pieces": pieces, "weight": 0, "steps": 400, "step_size": 0.02}
    goal = Misclassify(torch.tensor([0]))
    result = attack(partial(model, clean=image), image, goal, ANY, ace, **options)
    assert result.success.item() == (share < 1)


@pytest.mark.parametrize("norm", [Linf, L2, L1])
def test_two_pieces_have_one_way_to_go(norm, pictures) -> None:
    """F(x) - x = (2 y - 1) min(x, 1 - x): the ball says how far, the victim whether."""
    options = {"pieces": 2, "weight": 0.01, "steps": 100}
    for image in pictures(3, (1, 5, 5)).split(1):
        weights, way = lines(image), torch.minimum(image, 1 - image)
        need = 0.2 * (way * weights).sum().abs()  # the nearest success is a fifth of the way
        model = partial(victim(weights, need), clean=image)
        goal, exact = Misclassify(torch.tensor([0])), 0.2 * norm(1.0).distance(image + way, image)
        nearest = attack(model, image, goal, norm(torch.inf), ace, **options)
        assert nearest.success.all()
        assert nearest.distance.item() == pytest.approx(exact.item(), rel=0.01)
        for factor, found in ((0.98, False), (1.02, True)):
            ball = norm(factor * exact)
            assert attack(model, image, goal, ball, ace, **options).success.item() == found


def test_its_steps_are_adam_s_on_the_paper_s_objective(net, pictures, labels_of) -> None:
    """Autograd through a curve written otherwise, torch's own Adam, and no ball in the way."""
    model, image, shown = net(3, (2, 6, 6), seed=4), pictures(1), []

    def watched(points):
        shown.extend([points.detach()] * points.requires_grad)
        return model(points)

    labels = labels_of(model, image)
    options = {"steps": 6, "pieces": 5, "weight": 0.7, "step_size": 0.02, "retire": "never"}
    attack(watched, image, Misclassify(labels), ANY, ace, **options)
    theta = torch.full((2, 5), 0.2, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.Adam([theta], lr=0.02)
    piece = (image[0] * 5).long().clamp(max=4).flatten(1)
    assert len(shown) == 7
    for ours in shown:
        shares = theta / theta.sum(dim=1, keepdim=True)
        sums = shares.cumsum(dim=1) - shares
        risen = image[0].flatten(1) * 5 - piece
        point = (sums.gather(1, piece) + risen * shares.gather(1, piece)).view_as(image)
        assert torch.allclose(ours[:1], point, rtol=0, atol=1e-9)
        optimiser.zero_grad()
        behind = (-margin(model(point), labels)).clamp(min=0).sum()
        (behind + 0.7 * ((shares - 0.2) ** 2).sum()).backward()
        optimiser.step()
        theta.data.clamp_(min=0)


def test_black_and_white_have_no_curve() -> None:
    images = torch.tensor([0.0, 1.0, 1.0, 0.0]).view(1, 1, 2, 2)
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(4, 2)).eval()
    generator = torch.Generator().manual_seed(0)
    for _ in range(20):
        torch.nn.init.normal_(torch.as_tensor(model[1].weight), generator=generator)
        goal = Misclassify(model(images).argmax(1))
        result = attack(model, images, goal, Linf(torch.inf), ace, steps=10)
        assert not result.success.any()
        assert torch.equal(result.adversarial, images)


@pytest.mark.parametrize(("option", "value"), [("pieces", 1), ("weight", -0.1), ("step_size", 0)])
def test_options_are_told(option, value, pictures) -> None:
    goal = Misclassify(torch.zeros(2, dtype=torch.int64))
    with pytest.raises(InputError, match=f"^{option} is a "):
        next(ace(pictures(2), goal, ANY, **{option: value}, draws=Draws(0, range(2))))
    with pytest.raises(ThreatError, match="ace knows Linf and L2 and L1, not L0"):
        next(ace(pictures(2), goal, L0(3), draws=Draws(0, range(2))))
