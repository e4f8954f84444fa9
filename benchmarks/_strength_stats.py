"""The figures of the comparison: what the rows say of two libraries, and how sure they are."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

TIMES, SEED, LEVEL = 10_000, 20_261_122, 0.95
_AT_ONCE = 500


def upper_bound(
    ours: Float[Tensor, " rows"],
    peers: Sequence[Float[Tensor, " rows"]],
    *,
    times: int = TIMES,
    seed: int = SEED,
) -> float:
    """The one-sided 95 % bound of mean(ours) - min over peers of mean(peer), by paired bootstrap.

    Rows are drawn with replacement, the same ones for every library, and the best peer is chosen
    anew in each draw: a library that is best by luck only widens the bound.

    Args:
        ours: The share of our runs that each row withstood, in [0, 1].
        peers: The same of each peer, for the same rows.
        times: Draws.
        seed: Of the draws.

    Returns:
        The difference that 95 % of the draws do not exceed.
    """
    table, generator = torch.stack([ours, *peers]).double(), torch.Generator().manual_seed(seed)
    count, found = table.shape[1], []
    for start in range(0, times, _AT_ONCE):
        size = min(_AT_ONCE, times - start), count
        rows = torch.randint(count, size, generator=generator)
        means = table[:, rows].mean(dim=2)
        found.append(means[0] - means[1:].min(dim=0).values)
    return float(torch.cat(found).quantile(LEVEL))


def difference(ours: Tensor, peers: Sequence[Tensor]) -> float:
    """mean(ours) - min over peers of mean(peer), of the rows as they are."""
    return float(ours.mean()) - min(float(peer.mean()) for peer in peers)


def median_ratio(ours: Tensor, peers: Sequence[Tensor]) -> float:
    """Our median distance as a multiple of the smallest of the peers'; inf is not found."""
    return median(ours) / min(median(peer) for peer in peers)


def row_by_row(ours: Tensor, peers: Sequence[Tensor]) -> tuple[int, int, float]:
    """On how many rows ours is nearer and farther by 0.1 % than the best peer, and the usual ratio.

    The best is the one of the smallest median; the usual ratio is the median of the rows' own.
    Rows where neither found anything are alike.
    """
    best = min(peers, key=median)
    ratios = torch.where(ours == best, 1.0, ours.double() / best.double())
    nearer, farther = (ratios < 0.999).sum(), (ratios > 1.001).sum()
    return int(nearer), int(farther), median(ratios)


def median(distances: Tensor) -> float:
    """The middle one; of an even number the mean of the two in the middle."""
    ordered, middle = distances.double().sort().values, len(distances) // 2
    if len(distances) % 2:
        return float(ordered[middle])
    return float((ordered[middle - 1] + ordered[middle]) / 2)


def theirs_alone(ours: Tensor, peers: Sequence[Tensor]) -> list[int]:
    """The places of the rows that some run of some peer breaks, and no run of ours.

    Args:
        ours: The share of our runs that each row withstood: 1 where none broke it.
        peers: The same of each peer.
    """
    broken = torch.stack([peer < 1 for peer in peers]).any(dim=0)
    return ((ours == 1) & broken).nonzero()[:, 0].tolist()
