"""What benchmarks have measured of one attack: nothing here is typed, `python -m benchmarks` is.

What a table's columns mean is known by their names. It speaks of attacks if it has a column
`attack`: where it has a column `library`, a line tells of one library, where `ours` and `peers`, of
all. Robust accuracy is the latter's: what one measures for time is of a few pictures.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

Row = Mapping[str, int | float | str]
Rows = Iterable[Row]
OWN, PEER, KEPT, ASKED = "/ own passes", "/ best peer", "kept", "asked"
OURS = "robustlib"
COMPARED = {"model", "images", "ours", "peers"}  # of a table that sets all libraries side by side
PAIR = re.compile(r"(\w+)_l(inf|[012])(?:_[a-z]+)?")  # pgd_linf; pgd_linf_art: one peer beside it
LOSS = re.compile(r"_(ce|dlr|t)$")  # as in APGD-T
FIGURE = re.compile(r"(?:^|, )(?:\w+ )?([\d.]+(?:e[+-]\d+)?|inf)( %)?(?=,|$)")


@dataclass(frozen=True)
class Figure:
    """What an attack has come to beside its peers; less is stronger.

    Attributes:
        norm: `Linf`, `L2`, `L1` or `L0`.
        loss: What it climbs, where there are several: `CE`, `DLR`, `T` of a chosen class.
        ours: Robust accuracy that is left, in per cent, or the median distance.
        peers: The same of the strongest peer.
        is_share: Whether both are per cent.
    """

    norm: str
    loss: str
    ours: float
    peers: float
    is_share: bool


@dataclass(frozen=True)
class Strength:
    """What an attack has come to on some pictures, and each figure's peers on the same."""

    model: str
    images: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Measured:
    """Figures of one attack; a span goes from the least to the most over models.

    Attributes:
        own: Time over that of its own bare passes.
        peer: Time over that of the best peer.
        promises: How many promises of conformance it kept, of how many it was asked.
        strengths: What it comes to on each model.
    """

    own: tuple[float, float] | None
    peer: tuple[float, float] | None
    promises: tuple[int, int] | None
    strengths: tuple[Strength, ...]


def measured(rows: Rows, attack: str) -> Measured:
    """Collect what tables say of an attack.

    Args:
        rows: Of all tables.
        attack: Its name. A row's may be followed by the norm: `pgd L2`, `pgd_l2`.

    Examples:
        >>> row = {"attack": "pgd", "library": "robustlib", "/ best peer": 0.5}
        >>> measured([row], "pgd").peer
        (0.5, 0.5)
    """
    told = [row for row in rows if "attack" in row]
    named = [row for row in told if str(row["attack"]).split(" ")[0] == attack]
    ours = [row for row in named if str(row.get("library")).split(",")[0] == OURS]
    whole = [row for row in ours if row["library"] == OURS]
    return Measured(
        own=_span(ours, OWN),
        peer=_span(whole, PEER),
        promises=_promises(whole),
        strengths=tuple(_strengths(told, attack)),
    )


def _span(rows: Rows, column: str) -> tuple[float, float] | None:
    found = list(_numbers(rows, column))
    return (min(found), max(found)) if found else None


def _promises(rows: Rows) -> tuple[int, int] | None:
    asked = sum(_numbers(rows, ASKED))
    return (int(sum(_numbers(rows, KEPT))), int(asked)) if asked else None


def _strengths(rows: Rows, attack: str) -> Iterator[Strength]:
    """One for each model and number of pictures."""
    found: dict[tuple[str, int], list[Figure]] = {}
    for row in (row for row in rows if row.keys() >= COMPARED):
        pair = PAIR.fullmatch(str(row["attack"]))
        if pair and LOSS.sub("", pair[1]) == attack:
            on = str(row["model"]), int(row["images"])
            found.setdefault(on, []).extend(_figures(row, pair))
    for (model, images), figures in found.items():
        if figures:
            yield Strength(model, images, tuple(figures))


def _figures(row: Row, pair: re.Match[str]) -> Iterator[Figure]:
    """What stands there, of one that somebody has measured beside us."""
    ours, peers = (FIGURE.findall(str(row[column])) for column in ("ours", "peers"))
    if ours and len(peers) == len(str(row["peers"]).split(", ")):
        loss = LOSS.search(pair[1])
        best = min(float(value) for value, _ in peers)
        share = bool(ours[0][1])
        yield Figure(f"L{pair[2]}", loss[1].upper() if loss else "", float(ours[0][0]), best, share)


def _numbers(rows: Rows, column: str) -> Iterator[float]:
    return (value for row in rows if isinstance(value := row.get(column), int | float))
