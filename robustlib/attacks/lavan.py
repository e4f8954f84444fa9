"""LaVAN, localized and visible adversarial noise: a patch for each picture, its place searched."""

from dataclasses import replace
from functools import partial

import torch
from jaxtyping import Float, Int
from torch import Tensor

from robustlib._border import check_counts, check_range
from robustlib.attacks._base import bounded, one_of
from robustlib.attacks.pgd import pgd
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.patch import Patch, best, canvas, squares, within, worths
from robustlib.questions import Decision, Gradient, WhiteBox
from robustlib.threats import ThreatModel
from robustlib.types import Images

_HALVINGS = 4
"""Of the step at each place: it begins by leaping from wall to wall."""


def lavan(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    places: int = 6,
    steps: int = 40,
    step_size: float | None = None,
    draws: Draws,
) -> WhiteBox:
    """Puts a patch where the slope promises most, and elsewhere, and climbs at each place.

    worth(square) = Σ |∂loss/∂pixel| · way to the wall, over the pixels of the square;
    at each place adversarial ← project(adversarial + step_size · sign ∇ loss(adversarial))

    Args:
        images: Clean images.
        goal: What to climb; `measure=margin` is the paper's loss.
        threat: A `Patch` of finite eps. Its size is the square that is moved about, within its
            region if it has one; a region without a size is the one place, climbed from as many
            random starts.
        places: Squares that are tried, ≥ 1: the first, third, … are those of the highest worth that
            overlap no earlier one by more than half a side both ways, the others random.
        steps: Gradient steps at each place, ≥ 1.
        step_size: Length of the first step in pixel units, > 0; by default 2 · eps. It is halved
            four times on the way.
        draws: The rows' random streams.

    Returns:
        The last iterate at the last place.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite or the threat model is no patch.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.cat([images.sum(1, True), 0 * images[:, :1] + 2.5], dim=1)
        >>> images, goal = torch.full((1, 4), 0.7), Misclassify(torch.tensor([0]))
        >>> result = attack(model, images, goal, Patch(size=1), lavan)
        >>> result.success.item(), (result.adversarial != images).sum().item()
        (True, 1)

    Source: karmon2018lavan, section 3

    Differences: the paper takes the place as given or draws one in each step, for noise that works
        at many; here it is searched, by the slope and at random. It ends when the target's
        probability is high enough; here a success ends a row. Its noise may also leave [0, 1]; this
        one is a picture's.
    """
    check_counts(places=places, steps=steps)
    if step_size is not None:
        check_range("(0, inf)", step_size=step_size)
    patch = bounded(one_of("lavan", threat, Patch))
    halvings = min(_HALVINGS, steps - 1)
    climb = partial(pgd, steps=steps, step_size=step_size, halvings=halvings)
    answer = yield from Gradient(images)
    search, adversarial = _Search(patch, images, answer.gradient), images
    for number in range(places):
        if number:
            yield from Decision(
                adversarial
            )  # the last at a place; the engine looks at the very last
        own = draws.child(number)
        corners = search.random(own.child(0)) if number % 2 else search.best()
        here = search.at(corners)
        adversarial = yield from climb(images, goal, here, draws=own.child(1))
    return adversarial


class _Search:
    """The places of a patch, and what the slope at the clean images says of them."""

    def __init__(self, patch: Patch, images: Images, gradient: Tensor) -> None:
        self._patch, self._images = patch, images
        self._size = patch.size or max(canvas(images))
        region = replace(patch, size=None, region=patch.open(images))
        ahead = region.project(images + gradient.sign() * patch.eps, images)
        gains = (gradient * (ahead - images)).reshape(len(images), -1, *canvas(images))
        self._worth = worths(gains.sum(dim=1).double(), self._size)
        self._crowded = torch.zeros_like(self._worth)

    def best(self) -> Int[Tensor, "n 2"]:
        """The squares of the highest worth that are far from those that came before."""
        most = self._worth.amax(dim=(1, 2), keepdim=True)
        order = self._worth / (1.5 * most).masked_fill(most == 0, 1) - self._crowded
        corners = best(order, 1)
        self._crowded += self._near(corners)
        return corners

    def random(self, draws: Draws) -> Int[Tensor, "n 2"]:
        """Squares anywhere in the region."""
        region = self._patch.open(self._images).expand(len(self._images), -1, -1, -1)
        return within(region, self._size, draws.uniform())

    def at(self, corners: Int[Tensor, "n 2"]) -> Patch:
        """The patch at these places."""
        square = squares(corners, self._size, canvas(self._images))
        region = self._patch.open(self._images) & square
        return replace(self._patch, region=region, size=None)

    def _near(self, corners: Int[Tensor, "n 2"]) -> Float[Tensor, "n p q"]:
        """1 where a square overlaps these by more than half a side both ways, else 0."""
        down, across = (
            (torch.arange(side, device=corners.device) - corners[:, axis, None]).abs()
            < self._size / 2
            for axis, side in enumerate(self._worth.shape[1:])
        )
        return (down[:, :, None] & across[:, None, :]).to(self._worth)
