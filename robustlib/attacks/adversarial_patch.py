"""Adversarial patches: one sticker that works on any picture, wherever and however it is put."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from robustlib._border import check_counts, check_draws, check_range
from robustlib._motions import Motion, moved
from robustlib.attacks._base import bounded, one_of
from robustlib.attacks._canvas import Canvas, on_canvas
from robustlib.draws import Draws
from robustlib.errors import InputError, ThreatError
from robustlib.goals import Goal
from robustlib.patch import Patch, canvas, within
from robustlib.questions import Gradient, WhiteBox
from robustlib.threats import ThreatModel
from robustlib.types import Images, PerRow

Sticker = Float[Tensor, "c s t"]
"""The colours of a patch; s and t are its size, or the picture's sides where those are shorter."""


def adversarial_patch(
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    *,
    steps: int = 100,
    step_size: float = 0.1,
    samples: int = 1,
    turn: float = 22.5,
    zoom: float = 0.5,
    report: Callable[[Sticker], object] | None = None,
    draws: Draws,
) -> WhiteBox:
    """Climbs the mean loss of all pictures with one patch on them, each time put elsewhere.

    patch ← clip(patch + step_size · sign(Σ ∇_patch loss(A(patch, image, place, turn, zoom))), 0, 1)

    The pictures are those that the model had right, and belong together: their results depend on
    each other. All that is asked on the way are probes; the victim is shown each picture once, with
    the last patch at a last random place. What was found may be put on other pictures:

        patches = []
        attack(model, images, goal, Patch(size=8), adversarial_patch, report=patches.append)
        seen = stuck(patches[-1], others, Patch(size=8), draws=Draws(1, range(len(others))))

    Args:
        images: Clean pictures.
        goal: What is wanted of each; the paper's is a `Target`, the same for all.
        threat: A `Patch` with a size and of finite eps. Where it has a region, the patch lies in
            it, or as much of it as fits; the rest is not seen.
        steps: Of the patch, ≥ 1.
        step_size: How far a colour goes in the first step, in (0, 1]; it shrinks evenly towards
            zero.
        samples: Places of each picture in a step, ≥ 1.
        turn: The largest turn either way, in degrees, in [0, 180]. With any, the patch is the disk
            that the square holds; with none it is the square.
        zoom: The smallest zoom, in (0, 1]; the largest is 1. The smaller one lies in the middle of
            its square.
        report: Called with the patch after each step.
        draws: The rows' random streams.

    Returns:
        All pictures with the patch, each at a random place.

    Raises:
        InputError: If an option is out of its range.
        ThreatError: If eps is infinite, or the threat model is no patch with a size.

    Examples:
        >>> from robustlib.engine import attack
        >>> from robustlib.goals import Misclassify
        >>> model = lambda images: torch.stack([images.amax((1, 2, 3)), images.mean((1, 2, 3))], 1)
        >>> images, goal = torch.full((2, 1, 6, 6), 0.5), Misclassify(torch.tensor([1, 1]))
        >>> options = {"steps": 10, "turn": 0.0, "zoom": 1.0}
        >>> result = attack(model, images, goal, Patch(size=2), adversarial_patch, **options)
        >>> result.success.tolist()
        [True, True]

    Source: brown2017adversarial, section 2

    Differences: steps of the sign, which shrink, stand for the paper's optimiser; all pictures are
        seen in each step. The patch stays within a square of its size, whose corner lies on a whole
        pixel. Where eps is below 1 a colour goes only so far from each picture's own.
    """
    check_counts(steps=steps, samples=samples)
    check_range("(0, 1]", step_size=step_size, zoom=zoom)
    check_range("[0, 180]", turn=turn)
    if report is not None and not callable(report):
        raise InputError(f"report is a function that takes a patch, not {report!r}")
    patch = _sized(bounded(one_of("adversarial_patch", threat, Patch)))
    sticker = torch.full((on_canvas(images).shape[1], *_sides(images, patch)), 0.5).to(images)
    rows = torch.arange(len(images), device=images.device).repeat_interleave(samples)
    on = _Pictures.of(images[rows], patch.take(rows))
    for step in range(steps):
        manner = on.drawn(draws, turn, zoom)
        with torch.enable_grad():
            leaf = sticker.clone().requires_grad_()
            points = on.with_patch(leaf, manner, disk=turn > 0)
        shown = points.detach().view(-1, *images.shape[1:])
        answer = yield from Gradient(shown, rows, candidate=False)
        (slope,) = torch.autograd.grad(points, leaf, answer.gradient.view_as(points))
        sticker = (sticker + step_size * (1 - step / steps) * slope.sign()).clamp(0, 1)
        if report is not None:
            report(sticker)
    return stuck(sticker, images, patch, turn=turn, zoom=zoom, draws=draws)


def stuck(
    sticker: Sticker,
    images: Images,
    threat: Patch,
    *,
    turn: float = 22.5,
    zoom: float = 0.5,
    draws: Draws,
) -> Images:
    """Pictures with a patch on them, each at a random place, turned and zoomed at random.

    Args:
        sticker: The patch, as `adversarial_patch` tells it.
        images: The pictures.
        threat: What may be changed; the patch has its size.
        turn: The largest turn either way, in degrees; with none the patch is a square, else a disk.
        zoom: The smallest zoom.
        draws: One random stream for each picture.

    Returns:
        The pictures, within the threat model.

    Raises:
        InputError: If an option is out of its range, there is no stream for each picture, or the
            patch is of another size than the threat model's.
        ThreatError: If the threat model has no size.

    Examples:
        >>> white, images = torch.ones(1, 2, 2), torch.zeros(3, 1, 5, 5)
        >>> options = {"turn": 0.0, "zoom": 1.0, "draws": Draws(0, range(3))}
        >>> stuck(white, images, Patch(size=2), **options).sum(dim=(1, 2, 3)).tolist()
        [4.0, 4.0, 4.0]
    """
    check_draws(draws, images)
    check_range("(0, 1]", zoom=zoom)
    check_range("[0, 180]", turn=turn)
    wanted = on_canvas(images).shape[1], *_sides(images, _sized(threat))
    if tuple(sticker.shape) != wanted:
        raise InputError(f"the patch has the shape {wanted} here, not {tuple(sticker.shape)}")
    on = _Pictures.of(images, threat)
    manner = on.drawn(draws, turn, zoom)
    return on.with_patch(sticker, manner, disk=turn > 0).view_as(images)


@dataclass(frozen=True, eq=False)
class _Manner:
    """How the patch of each row is put."""

    corners: Int[Tensor, "m 2"]
    motion: Motion


@dataclass(frozen=True, eq=False)
class _Pictures:
    """What the patch is put on, one a row, each with its own threat model."""

    canvas: Canvas
    threat: Patch

    @classmethod
    def of(cls, images: Images, threat: Patch) -> "_Pictures":
        """Images of any shape, and the threat model of each."""
        pictures = on_canvas(images)
        return cls(pictures, threat.placed(pictures))

    def drawn(self, draws: Draws, turn: float, zoom: float) -> _Manner:
        """A place, a turn and a zoom of each row; a stream's rows follow each other."""
        many = len(self.canvas) // max(1, len(draws))
        place, around, scale = draws.uniform(many, 3).flatten(0, 1).unbind(1)
        still = torch.zeros_like(place)
        motion = Motion((2 * around - 1) * turn, zoom + (1 - zoom) * scale, still, still)
        return _Manner(self._corners(place), motion)

    def with_patch(self, sticker: Sticker, manner: _Manner, *, disk: bool) -> Canvas:
        """The pictures with the patch on them; differentiable in the patch."""
        cover = (_disk if disk else torch.ones_like)(sticker[:1])
        both = torch.cat([sticker * cover, cover]).expand(len(self.canvas), -1, -1, -1)
        laid = self._laid(moved(both, manner.motion), manner.corners)
        points = self.canvas * (1 - laid[:, -1:]) + laid[:, :-1]
        return self.threat.project(points, self.canvas)

    def _corners(self, place: PerRow) -> Int[Tensor, "m 2"]:
        region = self.threat.open(self.canvas).expand(len(self.canvas), -1, -1, -1)
        return within(region, self.threat.size or 1, place)

    def _laid(self, patches: Canvas, corners: Int[Tensor, "m 2"]) -> Canvas:
        """The patches at their places, nothing around them."""
        rows = torch.arange(len(patches), device=patches.device)[:, None, None]
        (down, lower), (across, wider) = (
            _within(corners[:, axis], patches.shape[2 + axis], self.canvas.shape[2 + axis])
            for axis in (0, 1)
        )
        found = patches[rows, :, down[:, :, None], across[:, None, :]].movedim(3, 1)
        return found * (lower[:, :, None] & wider[:, None, :])[:, None]


def _within(first: Tensor, length: int, side: int) -> tuple[Tensor, Tensor]:
    """For each line of a picture the patch's line that covers it, and whether one does."""
    line = torch.arange(side, device=first.device) - first[:, None]
    return line.clamp(0, length - 1), (line >= 0) & (line < length)


def _disk(square: Tensor) -> Tensor:
    """1 on the disk that a square holds, 0 in its corners."""
    down, across = (
        (2 * torch.arange(side, device=square.device) + 1) / side - 1 for side in square.shape[1:]
    )
    return (down[:, None] ** 2 + across**2 <= 1).to(square)[None]


def _sides(images: Images, patch: Patch) -> tuple[int, int]:
    height, width = canvas(images)
    return min(patch.size or 1, height), min(patch.size or 1, width)


def _sized(patch: Patch) -> Patch:
    if patch.size is None:
        raise ThreatError("a patch that is put anywhere needs a size: Patch(region=..., size=8)")
    return patch
