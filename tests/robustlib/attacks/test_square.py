import pytest
import torch

from robustlib.attacks import square as module
from robustlib.attacks._windows import Window, window_of
from robustlib.attacks.square import square
from robustlib.draws import Draws
from robustlib.engine import attack
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.threats import L1, L2, Linf


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


@pytest.mark.parametrize("threat", [Linf(1e-6), L2(1e-6), L1(1e-6)])
def test_queries_are_the_steps_and_the_two_looks(threat, net, pictures, labels_of) -> None:
    model, images = net(), pictures(3)
    goal = Misclassify(labels_of(model, images))
    result = attack(model, images, goal, threat, square, steps=30)
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


@pytest.mark.parametrize("threat", [Linf(0.1), L2(1.0), L1(2.0)])
def test_a_proposal_changes_one_window_and_stays_on_the_sphere(threat) -> None:
    images, draws = canvas(), Draws(0, range(40))
    start, propose = module._moves(threat)
    adversarial = start(images, threat, draws)
    assert torch.allclose(threat.distance(adversarial, images), torch.tensor(threat.eps), rtol=1e-4)
    window = window_of(images.shape[2:], 25 / 144)
    assert window.sides == (5, 5)
    changed = propose(images, adversarial, threat, window, draws)
    moved = (changed != adversarial).flatten(1).any(1)
    assert moved.all()
    assert torch.allclose(threat.distance(changed, images), torch.tensor(threat.eps), rtol=1e-4)
    if isinstance(threat, Linf):
        box = (changed != adversarial).any(1)
        assert box.any(2).sum(1).max() <= 5
        assert box.any(1).sum(1).max() <= 5


def test_a_repainted_square_is_never_the_same() -> None:
    images = torch.full((200, 1, 4, 4), 0.5)
    threat, draws = Linf(0.1), Draws(0, range(200))
    flat = images + 0.1
    changed = module._propose_linf(images, flat, threat, Window((2, 2), (4, 4)), draws)
    assert (changed != flat).flatten(1).any(1).all()


@pytest.mark.parametrize(
    ("way", "halvings"), [(0.0, 0), (0.0011, 1), (0.01, 2), (0.5, 7), (0.81, 9)]
)
def test_the_squares_shrink_as_in_the_paper(way, halvings) -> None:
    """Section 4 of the official code: halved after 10, 50, 200, … of 10,000 iterations."""
    official = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000]
    assert sum(way * 10_000 > each for each in official) == halvings
    assert torch.tensor(module._HALVINGS).mul(10_000).round().int().tolist() == official


@pytest.mark.parametrize("steps", [40, 200])
def test_they_shrink_over_the_steps_that_are_asked_for(steps, monkeypatch, net, pictures) -> None:
    """The whole schedule, whatever the budget: the n-th of N steps is as the 10,000 n / N-th."""
    seen: list[float] = []
    real = module.window_of
    monkeypatch.setattr(
        module, "window_of", lambda sides, share: seen.append(share) or real(sides, share)
    )
    images, model = pictures(1), net()
    goal = Misclassify(model(images).argmax(1))
    attack(model, images, goal, Linf(1e-9), square, steps=steps, share=0.8)
    official = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000]
    places = [10_000 * step / steps for step in range(steps - 1)]
    assert seen == [0.8 / 2 ** sum(place > each for each in official) for place in places]


def test_a_norm_of_its_own_moves_as_the_one_it_is_made_of() -> None:
    class Strange(Linf):
        pass

    assert module._moves(Strange(0.1)) == module._moves(Linf(0.1))


def test_l1_search_finds_what_is_there_and_nothing_else(plane) -> None:
    goal, images = Misclassify(plane.labels), plane.images
    near = attack(plane.model, images, goal, L1(3 * plane.l1), square, steps=300)
    far = attack(plane.model, images, goal, L1(0.98 * plane.l1), square, steps=100)
    assert near.success.all()
    assert not far.success.any()


def test_in_l1_a_window_is_filled_as_in_the_official_code() -> None:
    """One row, by hand: the slots of the paper, and then the nearest point of ball and box."""
    images = torch.rand(6, 3, 12, 12, generator=torch.Generator().manual_seed(4))
    threat = L1(5.0)
    adversarial = module._start_bumps(images, threat, Draws(1, range(6)))
    found = module._propose_bump(
        images, adversarial, threat, Window((5, 5), (12, 12)), Draws(2, range(6))
    )
    for row in range(6):
        numbers = Draws(2, [row]).uniform(8)[0].tolist()
        (top, left), (top2, left2) = (
            [int(8 * number) for number in pair] for pair in (numbers[:2], numbers[2:4])
        )
        here = (slice(top, top + 5), slice(left, left + 5))
        there = (slice(top2, top2 + 5), slice(left2, left2 + 5))
        change = adversarial[row] - images[row]
        unspent = max(0.0, 5.0 - float(change.abs().sum()))
        new = torch.zeros(3, 5, 5)
        for channel in range(3):
            mask = torch.zeros(12, 12)
            mask[here], mask[there] = 1, 1
            freed = float((change[channel] * mask).abs().sum())
            old = change[channel][here]
            sign = -1.0 if numbers[5 + channel] < 0.5 else 1.0
            bump = sign * bump_of_five(lying=numbers[4] >= 0.5) + old / (1e-10 + old.abs().sum())
            new[channel] = bump / (1e-10 + bump.abs().sum()) * (unspent / 3 + freed) * 3
        change[:, *there] = 0
        change[:, *here] = new
        wanted = threat.project((images[row] + change)[None], images[row][None])[0]
        assert torch.allclose(found[row], wanted, atol=1e-5)


def bump_of_five(*, lying: bool) -> torch.Tensor:
    """Weights 1, 1/16, 1/81 of the rectangles around (1, 2) of two lines and (1, 2) of three."""
    upper, lower = torch.zeros(2, 5), torch.zeros(3, 5)
    for hill, middle in ((upper, 1), (lower, 1)):
        for line in range(len(hill)):
            for column in range(5):
                ring = max(abs(line - middle), abs(column - 2))
                hill[line, column] = sum(1 / (k + 1) ** 4 for k in range(ring, 3))
        hill /= hill.sum()
    bump = torch.cat([upper, -lower]) / 2
    return bump.T if lying else bump
