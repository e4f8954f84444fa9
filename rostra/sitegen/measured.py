"""What benchmarks have measured of one attack: nothing here is typed, `python -m benchmarks` is.

A table speaks of attacks if it has a column `attack` and a column `library`; what its other columns
mean is known by their names.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

Row = Mapping[str, int | float | str]
Rows = Iterable[Row]
OWN, PEER, ROBUST, KEPT, ASKED = "/ own passes", "/ best peer", "robust %", "kept", "asked"
OURS = "robustlib"


@dataclass(frozen=True)
class Strength:
    """Robust accuracy that an attack leaves of a model, and that the strongest peer leaves."""

    model: str
    ours: float
    peers: float | None


@dataclass(frozen=True)
class Measured:
    """Figures of one attack; a span goes from the least to the most over models.

    Attributes:
        own: Time over that of its own bare passes.
        peer: Time over that of the best peer.
        promises: How many promises of conformance it kept, of how many it was asked.
        strengths: What it leaves of each model.
    """

    own: tuple[float, float] | None
    peer: tuple[float, float] | None
    promises: tuple[int, int] | None
    strengths: tuple[Strength, ...]


def measured(rows: Rows, attack: str) -> Measured:
    """Collect what tables say of an attack.

    Args:
        rows: Of all tables.
        attack: Its name. A row's may be followed by the norm: `pgd L2`.

    Examples:
        >>> row = {"attack": "pgd", "library": "robustlib", "/ best peer": 0.5}
        >>> measured([row], "pgd").peer
        (0.5, 0.5)
    """
    all_of_it = [row for row in rows if str(row.get("attack", "")).split(" ")[0] == attack]
    ours = [row for row in all_of_it if str(row.get("library")).split(",")[0] == OURS]
    whole = [row for row in ours if row["library"] == OURS]
    return Measured(
        own=_span(ours, OWN),
        peer=_span(whole, PEER),
        promises=_promises(whole),
        strengths=tuple(_strengths(whole, [row for row in all_of_it if row not in ours])),
    )


def _span(rows: Rows, column: str) -> tuple[float, float] | None:
    found = list(_numbers(rows, column))
    return (min(found), max(found)) if found else None


def _promises(rows: Rows) -> tuple[int, int] | None:
    asked = sum(_numbers(rows, ASKED))
    return (int(sum(_numbers(rows, KEPT))), int(asked)) if asked else None


def _strengths(ours: Rows, others: list[Row]) -> Iterator[Strength]:
    for row in ours:
        for figure in _numbers([row], ROBUST):
            beside = [other for other in others if _same(row, other)]
            yield Strength(str(row["model"]), figure, min(_numbers(beside, ROBUST), default=None))


def _same(one: Row, other: Row) -> bool:
    """Whether both tell of one experiment: of what both name, all but who did it is the same."""
    named = {"model", "attack", "threat", "norm"} & one.keys() & other.keys()
    return all(one[column] == other[column] for column in named)


def _numbers(rows: Rows, column: str) -> Iterator[float]:
    return (value for row in rows if isinstance(value := row.get(column), int | float))
