"""Who is shown next, where many wait for one model: users take turns, whatever they ask for."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Wish:
    """Rows that somebody waits to have shown.

    Args:
        user: Whose they are.
        job: Which of the user's jobs asks.
        lane: Rows of one lane may stand in one pass.
        rows: How many, ≥ 1.
    """

    user: Hashable
    job: Hashable
    lane: Hashable
    rows: int


class Fairness:
    """Deals passes out.

    Users lead passes in turn, and so do the jobs of each user; who leads says of which lane the
    pass is. The pass's room is dealt out row by row, each row to the user of that lane who has been
    given the fewest since he waits, and of that user's jobs to the one that has. Who comes new
    begins with the most that anybody there has been given: nothing is saved up by staying away.

    Let N users wait, m jobs of the one who asks, and let a pass hold B rows. Where all wait in one
    lane, r rows are an N-th of an m-th of what is dealt out in x = max(1, r · N · m / B) passes;
    where they do not, and nobody has more than M jobs, in x = N · M · max(1, r / B). It never takes
    more than 3 · x, the pass under way counted in.
    """

    def __init__(self) -> None:
        self._users: _Ring[Hashable] = _Ring()
        self._jobs: dict[Hashable, _Ring[Hashable]] = {}
        self._lanes: dict[Hashable, _Lane] = {}

    def lead(self, wishes: Sequence[Wish]) -> Wish:
        """Whose turn it is, and of which of the wishes.

        Args:
            wishes: Of all who wait, the oldest first; one a job.
        """
        user = self._users.turn(wish.user for wish in wishes)
        theirs = {wish.job: wish for wish in wishes if wish.user == user}
        waiting = {wish.user for wish in wishes}
        self._jobs = {one: ring for one, ring in self._jobs.items() if one in waiting}
        return theirs[self._jobs.setdefault(user, _Ring()).turn(theirs)]

    def deal(self, wishes: Sequence[Wish], lane: Hashable, room: int) -> dict[Hashable, int]:
        """How many rows of each job the pass holds; no job that holds none is named.

        Args:
            wishes: As in `lead`.
            lane: Of the pass.
            room: Rows that the pass may hold, ≥ 1.
        """
        lanes = {wish.lane for wish in wishes}
        self._lanes = {one: books for one, books in self._lanes.items() if one in lanes}
        books = self._lanes.setdefault(lane, _Lane())
        return books.deal([wish for wish in wishes if wish.lane == lane], room)


class _Ring(Generic[K]):
    """Takes turns; who comes new stands at the end, who is gone is forgotten."""

    def __init__(self) -> None:
        self._order: dict[K, None] = {}

    def turn(self, present: Iterable[K]) -> K:
        here = dict.fromkeys(present)
        self._order = dict.fromkeys(one for one in [*self._order, *here] if one in here)
        first = next(iter(self._order))
        self._order[first] = self._order.pop(first)
        return first


class _Lane:
    """The books of one lane: what its users, and their jobs, have been given."""

    def __init__(self) -> None:
        self._users: _Level[Hashable] = _Level()
        self._jobs: dict[Hashable, _Level[Hashable]] = {}

    def deal(self, wishes: Sequence[Wish], room: int) -> dict[Hashable, int]:
        wanted: dict[Hashable, dict[Hashable, int]] = {}
        for wish in wishes:
            wanted.setdefault(wish.user, {})[wish.job] = wish.rows
        self._jobs = {user: self._jobs.get(user, _Level()) for user in wanted}
        given = self._users.deal({user: sum(jobs.values()) for user, jobs in wanted.items()}, room)
        found: dict[Hashable, int] = {}
        for user, rows in given.items():
            found |= self._jobs[user].deal(wanted[user], rows)
        return found


class _Level(Generic[K]):
    """How many rows each has been given who has been waiting since; a satisfied one is forgotten.

    Who is given all that he wants takes what the others leave: that is no debt, nor is it a credit
    that he wants little. So of those who go on waiting none is ever more than a row ahead.
    """

    def __init__(self) -> None:
        self._given: dict[K, int] = {}

    def deal(self, wanted: Mapping[K, int], room: int) -> dict[K, int]:
        most = max((self._given[one] for one in wanted if one in self._given), default=0)
        levels = [(self._given.get(one, most), rows) for one, rows in wanted.items()]
        shares = dict(zip(wanted, filled(levels, room), strict=True))
        self._given = {
            one: given + shares[one]
            for one, (given, rows) in zip(wanted, levels, strict=True)
            if shares[one] < rows
        }
        return {one: rows for one, rows in shares.items() if rows}


def filled(levels: Sequence[tuple[int, int]], room: int) -> list[int]:
    """Pours rows where the level is lowest, the first of equals first.

    Args:
        levels: (what has been given, what is wanted now) of each.
        room: How many rows there are.

    Examples:
        >>> filled([(0, 9), (2, 9), (0, 1), (9, 9)], 6)
        [4, 1, 1, 0]
    """
    low = min(given for given, _ in levels)
    high = max(given + wanted for given, wanted in levels)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(_up_to(middle, *one) for one in levels) <= room:
            low = middle
        else:
            high = middle - 1
    shares = [_up_to(low, *one) for one in levels]
    left = room - sum(shares)
    for place, (given, wanted) in enumerate(levels):
        if left and given <= low and shares[place] < wanted:
            shares[place] += 1
            left -= 1
    return shares


def _up_to(level: int, given: int, wanted: int) -> int:
    return min(wanted, max(0, level - given))
