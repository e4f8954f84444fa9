"""What every scene promises; a new file joins by existing."""

import inspect
from functools import partial

import pytest
import torch

from robustlib.attacks.eot import eot
from robustlib.attacks.pgd import pgd
from robustlib.draws import Draws
from robustlib.engine import craft
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.scenes import scenes
from robustlib.threats import Linf

EVERY = pytest.mark.parametrize("name", scenes)
SHAPES = [(3, 16, 16), (1, 9, 14), (2, 13, 6), (1, 1, 1)]
OPTIONS = [
    (name, option)
    for name in scenes
    for option, one in inspect.signature(scenes[name]).parameters.items()
    if one.kind is one.KEYWORD_ONLY
]


def rows(textures, seed=0):
    return Draws(seed, range(len(textures)))


@EVERY
def test_it_is_called_as_promised(name) -> None:
    first, second, *options = inspect.signature(scenes[name]).parameters.values()
    assert (first.name, second.name) == ("textures", "draws")
    assert all(one.kind is one.KEYWORD_ONLY for one in options)
    assert all(one.default is not one.empty for one in options)


@EVERY
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_pictures_come_back_as_pictures(name, shape, dtype, pictures, random_states) -> None:
    textures = pictures(20, shape, dtype)
    before, states = textures.clone(), random_states()
    seen = scenes[name](textures, rows(textures))
    assert (seen.shape, seen.dtype, seen.device) == (textures.shape, dtype, textures.device)
    assert seen.min() >= 0
    assert seen.max() <= 1
    assert torch.equal(textures, before)
    assert random_states() == states


@EVERY
def test_a_row_is_seen_by_itself(name, pictures) -> None:
    """Neither company nor order changes it; a row that is asked again is seen anew."""
    textures = pictures(6)
    whole = scenes[name](textures, Draws(3, range(6)))
    order = torch.tensor([4, 0, 5, 2], device=textures.device)
    some = scenes[name](textures[order], Draws(3, order.tolist()))
    assert torch.allclose(some, whole[order], rtol=0, atol=1e-9)
    twice = scenes[name](textures[[1, 1]], Draws(3, range(6)).take(torch.tensor([1, 1])))
    assert torch.allclose(twice[0], whole[1], rtol=0, atol=1e-9)
    assert not torch.allclose(twice[1], whole[1])


@EVERY
def test_the_seed_is_all_there_is_to_chance(name, pictures) -> None:
    textures = pictures(3)
    once, again, other = (scenes[name](textures, rows(textures, seed)) for seed in (0, 0, 1))
    assert torch.equal(once, again)
    assert not torch.equal(once, other)


@EVERY
def test_single_and_double_precision_agree(name, pictures) -> None:
    textures = pictures(4, (3, 16, 16), torch.float32)
    single = scenes[name](textures, rows(textures))
    double = scenes[name](textures.double(), rows(textures))
    assert (single - double).abs().max() < 1e-4


@EVERY
def test_slopes_in_the_texture_are_those_of_small_differences(name, pictures) -> None:
    textures = pictures(2, (2, 5, 6)) * 0.5 + 0.25
    seen = partial(scenes[name], draws=None)
    assert torch.autograd.gradcheck(
        lambda given: seen.func(given, Draws(4, [0, 1])), textures.requires_grad_(), eps=1e-7
    )


@EVERY
def test_no_textures_are_no_trouble(name, device) -> None:
    nothing = torch.zeros(0, 3, 8, 8, device=device)
    assert scenes[name](nothing, Draws(0, [])).shape == nothing.shape


@EVERY
def test_attacks_look_through_it(name, net, pictures) -> None:
    """By expectation over transformation: the texture stays in its ball, the mean loss rises."""
    textures, model = pictures(3), net()
    goal = Misclassify(model(textures).argmax(1))
    scene, threat = scenes[name], Linf(0.1)
    method = partial(pgd, steps=20)
    found = craft(model, textures, goal, threat, eot, method=method, transform=scene, samples=8)
    assert (threat.distance(found, textures) <= 0.1 + 1e-12).all()
    many = torch.arange(3, device=textures.device).repeat_interleave(200)

    def expected(given):
        draws = Draws(9, range(3)).take(many)
        return goal.loss(model(scene(given[many], draws)), many).view(3, 200).mean(dim=1)

    assert (expected(found) > expected(textures)).all()


@EVERY
def test_what_makes_no_sense_is_refused(name, pictures) -> None:
    with pytest.raises(InputError, match="textures are"):
        scenes[name](pictures(1)[0], Draws(0, [0]))
    with pytest.raises(InputError, match="a stream for each of 2 pictures"):
        scenes[name](pictures(2), Draws(0, [0]))


@pytest.mark.parametrize(("name", "option"), OPTIONS)
@pytest.mark.parametrize("value", [torch.nan, torch.inf, -1000, "8", True], ids=repr)
def test_options_are_told(name, option, value, pictures) -> None:
    with pytest.raises(InputError, match=f"^{option} is a .*, not {value!r}"):
        scenes[name](pictures(1), Draws(0, [0]), **{option: value})
