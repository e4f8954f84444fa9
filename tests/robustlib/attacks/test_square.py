import pytest
import torch

from robustlib.attacks import square as module
from robustlib.attacks.square import square
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.threats import L2, Linf


def test_random_search_finds_the_plane(plane) -> None:
    goal, images = Misclassify(plane.labels), plane.images
    near = attack(plane.model, images, goal, Linf(1.1 * plane.linf), square, steps=1000)
    far = attack(plane.model, images, goal, Linf(0.98 * plane.linf), square, steps=300)
    assert near.success.all()
    assert not far.success.any()
    assert int(near.backwards.sum()) == 0


def test_l2_search_finds_a_generous_ball(open_plane) -> None:
    goal, threat = Misclassify(open_plane.labels), L2(2.5 * open_plane.l2)
    assert attack(open_plane.model, open_plane.images, goal, threat, square).success.all()


def test_queries_are_the_steps_and_the_two_looks(net, pictures, labels_of) -> None:
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, Linf(1e-6), square, steps=30)
    assert result.queries.tolist() == [32, 32, 32]


@pytest.mark.parametrize("share", [0, 1.001, 5])
def test_a_share_is_one_of_the_picture(share, net, pictures, labels_of) -> None:
    model, images = net(), pictures(1)
    goal = Misclassify(labels_of(model, images))
    with pytest.raises(InputError, match=r"share is a number in \(0, 1\]"):
        attack(model, images, goal, Linf(0.1), square, share=share)
    attack(model, images, goal, Linf(0.1), square, share=1, steps=3)


def canvas(count: int = 40) -> torch.Tensor:
    return torch.full((count, 3, 12, 12), 0.5)


@pytest.mark.parametrize("threat", [Linf(0.1), L2(1.0)])
def test_a_proposal_changes_one_window_and_stays_on_the_sphere(threat) -> None:
    images, draws = canvas(), Draws(0, range(40))
    start, propose = module._moves(threat)
    adversarial = start(images, threat, draws)
    assert torch.allclose(threat.distance(adversarial, images), torch.tensor(threat.eps), rtol=1e-4)
    window = module._window(images.shape[2:], 25 / 144)
    assert window.sides == (5, 5)
    changed = propose(images, adversarial, threat, window, draws)
    moved = (changed != adversarial).flatten(1).any(1)
    assert moved.all()
    assert torch.allclose(threat.distance(changed, images), torch.tensor(threat.eps), rtol=1e-4)
    if isinstance(threat, Linf):
        box = (changed != adversarial).any(1)
        assert box.any(2).sum(1).max() <= 5
        assert box.any(1).sum(1).max() <= 5


def test_windows_reach_every_edge_and_differ_between_images() -> None:
    window = module._Window((3, 3), (6, 6))
    masks = window.at(torch.rand(400, 2, generator=torch.Generator().manual_seed(0))).mask[:, 0]
    assert torch.equal(masks.flatten(1).sum(1), torch.full((400,), 9))
    assert masks.any(0).all()
    assert len(masks.flatten(1).unique(dim=0)) == 16


def test_a_repainted_square_is_never_the_same() -> None:
    images = torch.full((200, 1, 4, 4), 0.5)
    threat, draws = Linf(0.1), Draws(0, range(200))
    flat = images + 0.1
    changed = module._propose_linf(images, flat, threat, module._Window((2, 2), (4, 4)), draws)
    assert (changed != flat).flatten(1).any(1).all()


@pytest.mark.parametrize(
    ("way", "halvings"), [(0.0, 0), (0.0011, 1), (0.01, 2), (0.5, 7), (0.81, 9)]
)
def test_the_squares_shrink_as_in_the_paper(way, halvings) -> None:
    """Section 4 of the official code: halved after 10, 50, 200, … of 10,000 iterations."""
    official = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000]
    assert sum(way * 10_000 > each for each in official) == halvings
    assert torch.tensor(module._HALVINGS).mul(10_000).round().int().tolist() == official


def test_the_bump_is_a_hill_above_a_hollow() -> None:
    upright, lying = module._bumps(6, 6)
    assert upright.norm() == pytest.approx(1)
    assert torch.equal(lying, upright.T)
    assert (upright[:3] > 0).all()
    assert (upright[3:] < 0).all()


def test_a_norm_of_its_own_moves_as_the_one_it_is_made_of() -> None:
    class Strange(Linf):
        pass

    assert module._moves(Strange(0.1)) == module._moves(Linf(0.1))
