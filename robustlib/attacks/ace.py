"""Adversarial color enhancement."""

import torch
from jaxtyping import Float
from torch import Tensor

from robustlib._balls import column
from robustlib._border import check_counts, check_range
from robustlib.attacks._base import one_of
from robustlib.attacks._canvas import on_canvas
from robustlib.attacks._carlini import Adam
from robustlib.attacks._nearest import Nearest
from robustlib.draws import Draws
from robustlib.goals import Goal
from robustlib.losses import margin
from robustlib.questions import WhiteBox
from robustlib.threats import L1, L2, Linf, ThreatModel
from robustlib.types import Images

Shares = Float[Tensor, "n c pieces"]
"""How much of the way from 0 to 1 each piece of each channel's curve climbs."""

_TINY = 1e-12


def ace(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 500,
    step_size: float = 0.01,
    pieces: int = 64,
    weight: float = 5.0,
    halvings: int = 8,
    draws: Draws,
) -> WhiteBox:
    """Bends the curve of each colour until the picture is misread, as an editor of photos would.

    min over θ ≥ 0 of max(-margin(F(image)), 0) + weight · Σ (t - 1 / K)², by Adam, with
    t = θ / Σθ of each channel and F(x) = Σₖ tₖ · min(max(K x - k, 0), 1), k = 0 … K - 1:
    a curve of K straight pieces that rises from 0 to 1, and does nothing at t = 1 / K. A curve that
    leads out of the ball is drawn in: F ← image + s (F - image) with the largest s ≤ 1 within it.

    Args:
        images: Clean images [n, c, h, w]; inputs of another shape have one curve for all numbers.
        goal: What is wanted, by its margin.
        threat: `Linf`, `L2` or `L1`. Colours change everywhere: `Linf(1)` allows any curve, and
            `eps=inf` asks for the nearest success.
        steps: Steps, ≥ 1.
        step_size: Adam's, in θ, which begins at 1 / K, > 0.
        pieces: Of each curve, ≥ 2: K.
        weight: Of the curve's change against the margin, ≥ 0.
        halvings: Of the way from the image to the nearest success at the end, ≥ 0.
        draws: The rows' random streams; none is used.

    Returns:
        The nearest successes.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If the norm is none of the three.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.stack([images.mean(1), images.new_full((1,), 0.6)], dim=1)
        >>> images, goal = torch.tensor([[0.5, 0.9]]), Misclassify(torch.tensor([0]))
        >>> options = {"pieces": 2, "steps": 50, "weight": 0.1}
        >>> result = attack(model, images, goal, Linf(torch.inf), ace, **options)
        >>> [round(pixel, 2) for pixel in result.adversarial[0].tolist()]
        [0.33, 0.87]

    Source: zhao2020adversarial, section 3

    Differences: what comes nearest in the threat's norm is kept, where the paper keeps the least
        change of the curve; the end is a bisection, on which every point is a curve's too. There is
        no search for the weight: it is the official code's 5. Its rounding to 8 bits is not here.
    """
    one_of("ace", threat, Linf, L2, L1)
    check_counts(steps=steps)
    check_counts(2, pieces=pieces)
    check_counts(0, halvings=halvings)
    check_range("(0, inf)", step_size=step_size)
    check_range("[0, inf)", weight=weight)
    nearest, climbed = Nearest(images, threat), goal.measured(margin)
    filters = _Curves(images, threat)
    place = filters.still(pieces)
    adam, points = Adam(place, step_size), images
    for _ in range(steps):
        answer = yield from nearest.gradient(points, climbed.loss)
        wanted = column(answer.loss < 0, images) * answer.gradient
        shares = normal(place)
        slope = 2 * weight * (shares - 1 / pieces) - filters.pulled(wanted, shares)
        place = _risen_somewhere(place - adam.step(_unnormal(slope, place)))
        points = filters.of(normal(place))
    yield from nearest.gradient(points, climbed.loss)
    yield from nearest.closer(halvings)
    return nearest.result(points)


class _Curves:
    """The pictures as curves show them, drawn into the ball, and the way back for gradients."""

    def __init__(self, images: Images, threat: ThreatModel) -> None:
        self._images, self._threat = images, threat
        self._canvas = on_canvas(images).flatten(2)

    def still(self, pieces: int) -> Shares:
        """The curves that change nothing."""
        return self._canvas.new_full((*self._canvas.shape[:2], pieces), 1 / pieces)

    def of(self, shares: Shares) -> Images:
        """The pictures, in ball and box."""
        return self._threat.project(self._drawn_in(self._change(shares)), self._images)

    def pulled(self, gradient: Images, shares: Shares) -> Shares:
        """Gradients with respect to the shares, from those with respect to the pictures."""
        with torch.enable_grad():
            change = self._change(shares).requires_grad_()
            (slope,) = torch.autograd.grad(self._drawn_in(change), change, gradient)
        flat = on_canvas(slope).flatten(2)
        parts = [(flat * risen).sum(dim=2) for risen in self._risen(shares.shape[2])]
        return torch.stack(parts, dim=2)

    def _change(self, shares: Shares) -> Images:
        """What the curves add: nothing, to the bit, where they are still."""
        more = (shares - 1 / shares.shape[2]).unbind(2)
        change = torch.zeros_like(self._canvas)
        for share, risen in zip(more, self._risen(shares.shape[2]), strict=True):
            change = change + share[:, :, None] * risen
        # No curve moves white, nor may rounding; all shares are zero, and there is no curve.
        white = (self._canvas == 1) & (shares.sum(dim=2, keepdim=True) > 0.5)
        return change.masked_fill(white, 0).view_as(self._images)

    def _risen(self, pieces: int) -> list[Tensor]:
        """How much of each piece lies below each pixel, from 0 to 1."""
        return [(self._canvas * pieces - number).clamp(0, 1) for number in range(pieces)]

    def _drawn_in(self, change: Images) -> Images:
        far = self._threat.distance(self._images + change, self._images)
        most = self._threat.radius(self._images)
        outside = far > most
        share = torch.where(outside, most / torch.where(outside, far, 1), 1)
        return self._images + column(share, self._images) * change


def normal(place: Shares) -> Shares:
    """Each curve's numbers over their sum."""
    return place / place.sum(dim=2, keepdim=True).clamp(min=_TINY)


def _risen_somewhere(place: Shares) -> Shares:
    """No number below zero; a curve that rises nowhere, which is none, begins anew."""
    place = place.clamp(min=0)
    return place.masked_fill(place.sum(dim=2, keepdim=True) == 0, 1 / place.shape[2])


def _unnormal(slope: Shares, place: Shares) -> Shares:
    """Gradients with respect to the numbers, from those with respect to them over their sum."""
    total = place.sum(dim=2, keepdim=True).clamp(min=_TINY)
    return (slope - (slope * place / total).sum(dim=2, keepdim=True)) / total
