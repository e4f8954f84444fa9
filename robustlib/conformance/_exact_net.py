"""A tiny ReLU net whose nearest adversarial examples are known: every linear piece is searched.

Where a set of units is on and the others off, the net is linear, and the points of the box that
are of one pattern and of another class form a polytope. The nearest of its points is a quadratic
programme in L2, a linear one in Linf and L1, and in L0 a question of which coordinates suffice.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from scipy.optimize import linprog, nnls
from torch import Tensor, nn

from robustlib.threats import L0, L1, L2, Linf, ThreatModel

WIDTH, UNITS, CLASSES, POINTS = 4, 6, 3, 24
Polytope = tuple[np.ndarray, np.ndarray]  # G, h: the steps z with G z ≥ h
Ranked = Sequence[tuple[float, Polytope]]  # with their L2 distances, the nearest first


class ExactNet:
    """The net, points that it has right, and how far the nearest other answer is from each."""

    def __init__(self) -> None:
        generator = torch.Generator().manual_seed(5)
        self.model = built(generator)
        drawn = torch.rand(POINTS, WIDTH, generator=generator, dtype=torch.float64)
        self.images = (1.3 * drawn - 0.15).clamp(0, 1).float().double()
        self.labels = self.model(self.images).detach().argmax(1)
        self._distances = self._searched()

    def exact(self, threat: type[ThreatModel]) -> Tensor:
        """How far in a norm."""
        return self._distances[threat]

    def _searched(self) -> dict[type[ThreatModel], Tensor]:
        found: dict[type[ThreatModel], list[float]] = {norm: [] for norm in (Linf, L2, L1, L0)}
        for image, label in zip(self.images.numpy(), self.labels.tolist(), strict=True):
            polytopes = list(others(self.model, image, label))
            lengths = [euclidean(*polytope) for polytope in polytopes]
            ranked = sorted(zip(lengths, polytopes, strict=True), key=lambda pair: pair[0])
            found[L2].append(ranked[0][0])
            # no polytope is nearer in Linf than half its L2 distance, nor in L1 than that itself
            found[Linf].append(nearest(ranked, chebyshev, WIDTH**-0.5))
            found[L1].append(nearest(ranked, manhattan, 1.0))
            found[L0].append(fewest(polytopes))
        return {norm: torch.tensor(each) for norm, each in found.items()}


def built(generator: torch.Generator) -> nn.Sequential:
    """Seeded weights; each unit has its kink in the box, in whose middle all classes are equal."""
    model = nn.Sequential(nn.Linear(WIDTH, UNITS), nn.ReLU(), nn.Linear(UNITS, CLASSES)).double()
    weight = torch.randn(UNITS, WIDTH, generator=generator, dtype=torch.float64)
    kinks = torch.rand(UNITS, WIDTH, generator=generator, dtype=torch.float64)
    last = torch.randn(CLASSES, UNITS, generator=generator, dtype=torch.float64)
    bias = -(weight * kinks).sum(1)
    middle = (weight @ torch.full((WIDTH,), 0.5).double() + bias).relu()
    values = (weight, bias, last, 0.1 - last @ middle)
    for parameter, value in zip(model.parameters(), values, strict=True):
        parameter.data = value.float().double()  # that a model in float32 is the same
    return model.eval()


def others(model: nn.Sequential, image: np.ndarray, label: int) -> Iterator[Polytope]:
    """The polytopes of another class than the label's, as steps from the image."""
    weight, bias, last, offset = (each.detach().numpy() for each in model.parameters())
    height, eye = weight @ image + bias, np.eye(WIDTH)
    box = np.concatenate([eye, -eye]), np.concatenate([-image, image - 1])
    for pattern in itertools.product((0, 1), repeat=UNITS):
        on, sign = np.array(pattern), 2 * np.array(pattern)[:, None] - 1
        for rival in set(range(CLASSES)) - {label}:
            lead = (last[rival] - last[label]) * on
            level = lead @ height + offset[rival] - offset[label]
            g = np.concatenate([sign * weight, (lead @ weight)[None], box[0]])
            h = np.concatenate([-sign[:, 0] * height, [-level], box[1]])
            yield g, h


def euclidean(g: np.ndarray, h: np.ndarray) -> float:
    """Min ‖z‖₂ with G z ≥ h: Lawson and Hanson's least-distance programme; inf if there is none."""
    system = np.concatenate([g.T, h[None]])
    wanted = np.zeros(len(system))
    wanted[-1] = 1
    solution, _ = nnls(system, wanted)
    rest = system @ solution - wanted
    if abs(rest[-1]) < 1e-9:
        return np.inf
    step = -rest[:-1] / rest[-1]
    return float(np.linalg.norm(step)) if (g @ step >= h - 1e-7).all() else np.inf


def nearest(ranked: Ranked, distance: Callable[..., float], share: float) -> float:
    """The least of polytopes in order of L2 distance, of which it is such a share at least."""
    best = np.inf
    for length, polytope in ranked:
        if share * length >= best or length == np.inf:
            break
        best = min(best, distance(*polytope))
    return best


def chebyshev(g: np.ndarray, h: np.ndarray) -> float:
    """Min t with G z ≥ h and -t ≤ z ≤ t."""
    eye, one = np.eye(WIDTH), np.ones((WIDTH, 1))
    rows = np.block([[-g, np.zeros((len(g), 1))], [eye, -one], [-eye, -one]])
    return programme(np.r_[np.zeros(WIDTH), 1], rows, np.r_[-h, np.zeros(2 * WIDTH)])


def manhattan(g: np.ndarray, h: np.ndarray) -> float:
    """Min Σ u with G z ≥ h and -u ≤ z ≤ u."""
    eye = np.eye(WIDTH)
    rows = np.block([[-g, np.zeros_like(g)], [eye, -eye], [-eye, -eye]])
    return programme(np.r_[np.zeros(WIDTH), np.ones(WIDTH)], rows, np.r_[-h, np.zeros(2 * WIDTH)])


def programme(costs: np.ndarray, rows: np.ndarray, most: np.ndarray) -> float:
    """Min costs · v with rows v ≤ most; inf if there is none."""
    solved = linprog(costs, A_ub=rows, b_ub=most, bounds=(None, None), method="highs")
    return float(solved.fun) if solved.success else np.inf


def fewest(polytopes: list[Polytope]) -> float:
    """The least number of coordinates within which some polytope can be reached."""
    for count in range(1, WIDTH + 1):
        for chosen in itertools.combinations(range(WIDTH), count):
            if any(euclidean(g[:, chosen], h) < np.inf for g, h in polytopes):
                return float(count)
    return np.inf
