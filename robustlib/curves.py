"""Robustness curves: how much accuracy is left at each radius, with no work done twice.

curve    the share of rows that attacks leave unfooled within each radius
lowest   of several curves the lowest, row by row: any of their attacks counts
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from robustlib._border import check_counts, check_range
from robustlib._conversation import name_of
from robustlib._curve import Curve, Found
from robustlib._shards import Shards, key_of
from robustlib.draws import Draws
from robustlib.engine import attack, stream
from robustlib.errors import InputError, ThreatError
from robustlib.goals import Goal
from robustlib.questions import Attack, Decision, DecisionBased
from robustlib.threats import ThreatModel
from robustlib.types import Classifier, Images

__all__ = ["Curve", "Shards", "Sweeping", "curve", "lowest"]

Norm = Callable[[float], ThreatModel]

_FIRST = ("ace", "jsma", "simba", "spatial")
"""Attacks that an endless radius leads to a far success: each radius shows them another way.

JSMA changes pixels by twos, and a last one alone only where a radius allows no more.

Whether an attack of somebody's own seeks the nearest, nobody knows: it is shown each radius, too.
"""

Sweeping = Callable[[int, int, str], None]
"""report(done, of, words): of all (row, radius, attack) how many are decided, and what runs."""


@dataclass(frozen=True, eq=False)
class _Stage:
    """One attack within one radius, on the rows not known to be fooled within `at`."""

    name: str
    attack: Attack
    at: float
    within: float


@dataclass(frozen=True, eq=False)
class _Task:
    """What is swept over, and by what, in this order."""

    model: Classifier
    images: Images
    goal: Goal
    norm: Norm
    radii: tuple[float, ...]
    stages: Sequence[_Stage]
    seed: int


def curve(
    model: Classifier,
    images: Images,
    goal: Goal,
    norm: Norm,
    radii: Sequence[float],
    *,
    attacks: Mapping[str, Attack],
    seed: int = 0,
    shard: int = 100,
    shards: Shards | None = None,
    origin: str = "",
    report: Sweeping | None = None,
) -> Curve:
    """Attacks every row within every radius, and does nothing that is already known.

    The radii are gone through from the smallest. A row that is fooled within one is fooled within
    every larger one and is not attacked again; a success that lies within a smaller radius than
    asked counts there, too. Attacks that seek the nearest success go first and once: a row whose
    nearest success lies at a distance d is not attacked within d or more. Only a point that the
    model was shown counts, so the curve never rises. At no radius does it lie above the one of the
    same attacks run for that radius alone, if each treats a row by itself and is shown each
    radius; one that goes first walks another way without a radius than within one, and may leave
    a row here and there that it would have fooled there.

    Args:
        model: Images in [0, 1] to logits, in eval mode.
        images: Clean images.
        goal: What the attacker wants of each, mostly `Misclassify(labels)`.
        norm: A threat model of a radius, as `Linf`.
        radii: In the norm's own units, ≥ 0, rising; 0 costs one look.
        attacks: By the names that the curve is to show, their options bound by `partial`. Of
            several, each attacks within a radius what those before it have left. One that makes a
            single change for all images makes one for each shard.
        seed: Of each run, as `robustlib.engine.attack` takes it.
        shard: Rows that are swept over together, ≥ 1.
        shards: Where finished ones are kept; a run with the same settings takes them from there.
        origin: What else the result depends on, such as the text of the model's file: it is part
            of the settings.
        report: Called after each attack.

    Returns:
        The curve.

    Raises:
        InputError: If an argument is wrong, or finished shards are in the way.
        ThreatError: If an attack does not know the norm.

    Examples:
        >>> from robustlib.attacks.pgd import pgd
        >>> from robustlib.goals import Misclassify
        >>> from robustlib.threats import Linf
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.55], [0.75], [0.1]]), Misclassify(torch.zeros(3).long())
        >>> found = curve(model, images, goal, Linf, [0, 0.1, 0.3], attacks={"pgd": pgd})
        >>> [round(found.robust_accuracy(eps), 2) for eps in found.radii]
        [0.67, 0.33, 0.0]
    """
    _check(images, radii, attacks, shard)
    began, radii = time.perf_counter(), tuple(map(float, radii))
    norm(radii[-1])  # refused now, and not after hours
    stages = _stages(attacks, radii, partial(_endless, images[:1], goal, norm, radii[-1]))
    task = _Task(model, images, goal, norm, radii, stages, seed)
    if shards:
        settings = (model, images, goal, norm, radii, dict(attacks), seed, shard, origin)
        shards.opened(key_of(*settings))
    parts = _parts(task, shard, shards, report)
    return Curve(
        radii,
        Found.joined(parts),
        norm=getattr(norm, "__name__", "threat"),
        attacks=tuple(attacks),
        seed=seed,
        seconds=time.perf_counter() - began,
    )


def lowest(curves: Sequence[Curve]) -> Curve:
    """Of several curves of the same images the lowest: what any of their attacks fools counts.

    Args:
        curves: With the same radii and norm, at least one.

    Returns:
        The curve of all their attacks; of each row the find within the smallest radius, of those
        within the same radius the first curve's. Costs and times are added up.

    Raises:
        InputError: If the curves do not belong together.
    """
    if not curves or len({(one.radii, one.norm, len(one.clean)) for one in curves}) > 1:
        raise InputError("curves of the same images, radii and norm are laid together")
    return Curve(
        curves[0].radii,
        Found.nearest([one.found for one in curves]),
        norm=curves[0].norm,
        attacks=tuple(name for one in curves for name in one.attacks),
        seed=curves[0].seed,
        seconds=sum(one.seconds for one in curves),
    )


def _check(
    images: Images, radii: Sequence[float], attacks: Mapping[str, Attack], shard: int
) -> None:
    check_counts(shard=shard)
    for radius in radii:
        check_range("[0, inf)", radius=radius)
    if not len(radii) or any(low >= high for low, high in pairwise(radii)):
        raise InputError(f"radii are one number at least, and rise; {list(radii)} came")
    if not attacks:
        raise InputError("a curve is drawn by one attack at least; none came")
    if not len(images):
        raise InputError("a curve is drawn of one image at least; none came")


def _endless(image: Images, goal: Goal, norm: Norm, radius: float, method: Attack) -> bool:
    """Whether an attack looks for the nearest success by itself, and needs no radius.

    Raises:
        ThreatError: If it does not serve a finite one either: it does not know the norm.
    """
    one, own = torch.arange(1), Draws(0, [0], device=image.device, dtype=image.dtype)
    endless = _is_ours(method) and name_of(method) not in _FIRST
    for eps in (radius, torch.inf):
        try:
            next(method(image, goal.take(one), norm(eps).placed(image), draws=own), None)
        except ThreatError:
            if eps == radius:
                raise
            return False
    return endless


def _is_ours(method: Attack) -> bool:
    while isinstance(method, partial):
        method = method.func
    return getattr(method, "__module__", "").startswith("robustlib.attacks.")


def _stages(
    attacks: Mapping[str, Attack], radii: Sequence[float], endless: Callable[[Attack], bool]
) -> list[_Stage]:
    """First what needs no radius, then the others from radius to radius."""
    positive = [radius for radius in radii if radius > 0]
    alone = {name: each for name, each in attacks.items() if endless(each)}
    return [
        *(_Stage(name, each, min(positive), torch.inf) for name, each in alone.items() if positive),
        *(
            _Stage(name, each, radius, radius)
            for radius in positive
            for name, each in attacks.items()
            if name not in alone
        ),
    ]


def _parts(task: _Task, size: int, shards: Shards | None, report: Sweeping | None) -> list[Found]:
    parts: list[Found] = []
    whole = torch.arange(len(task.images))
    for number, rows in enumerate(torch.split(whole, size)):
        kept = shards.read(number) if shards else None
        found = Found.read(kept) if kept else _swept(task, rows, _teller(task, rows, report))
        if shards and not kept:
            shards.write(number, found.written())
        parts.append(found)
    if report:
        report(len(whole) * len(task.stages), len(whole) * len(task.stages), "done")
    return parts


def _teller(task: _Task, rows: Tensor, report: Sweeping | None) -> Callable[[Found, int], None]:
    """Tells how many (row, radius, attack) are decided, those above a success included."""
    whole = len(task.images) * len(task.stages)
    behind = (len(task.images) - 1 - int(rows[-1])) * len(task.stages)

    def tell(found: Found, passed: int) -> None:
        if report:
            ahead = sum(int(found.above(each.at).sum()) for each in task.stages[passed:])
            stage = task.stages[passed - 1]
            report(whole - behind - ahead, whole, f"{stage.name} within {stage.within:.4g}")

    return tell


def _swept(task: _Task, rows: Tensor, tell: Callable[[Found, int], None]) -> Found:
    """One shard, from the look at the clean images to the largest radius."""
    found = Found.empty(len(rows))
    _look(task, rows, found)
    for passed, stage in enumerate(task.stages, start=1):
        _run(task, rows, found, stage)
        tell(found, passed)
    return found


def _look(task: _Task, rows: Tensor, found: Found) -> None:
    """Which images need no attack."""
    goal, images = task.goal.take(rows), task.images[rows]
    with closing(stream(task.model, images, goal, task.norm(0.0), _nothing)) as talk:
        found.look(next(talk))


def _nothing(images: Images, _: Goal, __: ThreatModel, *, draws: Draws) -> DecisionBased:
    """The attack that leaves the images as they are."""
    yield from Decision(images)
    return images


def _run(task: _Task, rows: Tensor, found: Found, stage: _Stage) -> None:
    """Attacks the rows that are not known to be fooled."""
    left = found.above(stage.at).nonzero()[:, 0]
    if not len(left):
        return
    some = rows[left]
    images, threat = task.images[some], task.norm(stage.within)
    terms: dict[str, Any] = {"seed": task.seed, "keys": some.tolist()}
    result = attack(task.model, images, task.goal.take(some), threat, stage.attack, **terms)
    distance = threat.distance(result.adversarial.double(), images.double()).cpu()
    radius = _radius_of(distance, task.radii, stage.within)
    found.add(left, result, stage.name, radius, distance)


def _radius_of(distance: Tensor, radii: Sequence[float], within: float) -> Tensor:
    """The smallest radius of the grid that holds a distance; that the engine has promised, too."""
    grid = torch.tensor([*radii, torch.inf], dtype=torch.float64)
    return grid[torch.searchsorted(grid, distance)].clamp(max=within)
