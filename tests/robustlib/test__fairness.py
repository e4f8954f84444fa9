"""Passes are dealt out fairly: the bound by a clock that counts passes, and the rule by hand."""

import random
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robustlib._fairness import Fairness, Wish, filled


def test_rows_go_to_whoever_has_the_fewest() -> None:
    assert filled([(0, 9), (2, 9), (0, 1), (9, 9)], 6) == [4, 1, 1, 0]
    assert filled([(5, 3), (5, 3)], 3) == [2, 1]
    assert filled([(0, 2), (0, 2)], 9) == [2, 2]


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), min_size=1, max_size=9),
    st.integers(1, 200),
)
def test_filling_is_row_by_row(levels: list[tuple[int, int]], room: int) -> None:
    """Against the plain way: one row after another, each to the lowest that wants one."""
    slow = [0] * len(levels)
    for _ in range(room):
        open_ = [n for n, (_, wanted) in enumerate(levels) if slow[n] < wanted]
        if open_:
            slow[min(open_, key=lambda n: (levels[n][0] + slow[n], n))] += 1
    assert filled(levels, room) == slow


@pytest.mark.parametrize("big", [100, 10_000])
def test_a_great_job_holds_no_small_one_up(big: int) -> None:
    fairness = Fairness()
    wishes = [Wish("a", 1, "lane", big), Wish("b", 2, "lane", 1)]
    assert fairness.deal(wishes, fairness.lead(wishes).lane, 32) == {1: 31, 2: 1}


def test_a_user_of_many_jobs_gets_no_more_than_a_user_of_one() -> None:
    fairness = Fairness()
    wishes = [Wish("a", number, "lane", 50) for number in range(9)] + [Wish("b", "b", "lane", 50)]
    given = [fairness.deal(wishes, fairness.lead(wishes).lane, 8) for _ in range(9)]
    assert sum(one["b"] for one in given) == 36
    assert {sum(one.get(job, 0) for one in given) for job in range(9)} == {4}


def test_users_lead_in_turn_whatever_they_want() -> None:
    fairness = Fairness()
    wishes = [Wish("a", number, ("a", number), 50) for number in range(3)]
    wishes += [Wish("b", "b", "b", 50)]
    assert [fairness.lead(wishes).job for _ in range(6)] == [0, "b", 1, "b", 2, "b"]


def test_who_stays_away_saves_nothing_up() -> None:
    fairness = Fairness()
    old, new = Wish("old", 0, "lane", 1_000), Wish("new", 1, "lane", 1_000)
    for _ in range(10):
        fairness.deal([old], fairness.lead([old]).lane, 8)
    assert fairness.deal([old, new], fairness.lead([old, new]).lane, 8) == {0: 4, 1: 4}


@dataclass
class Request:
    """One wish, from when it came to when all of its rows have been shown."""

    wish: Wish
    came: int
    jobs: set[tuple[Hashable, Hashable]] = field(default_factory=set)
    lanes: set[Hashable] = field(default_factory=set)

    def meets(self, waiting: list[Wish]) -> None:
        self.jobs |= {(wish.user, wish.job) for wish in waiting}
        self.lanes |= {wish.lane for wish in waiting}

    def share(self, room: int) -> float:
        """Passes in which the user's part, of a job's part, holds all the rows."""
        jobs = Counter(user for user, _ in self.jobs)
        if len(self.lanes) == 1:
            return max(1.0, len(jobs) * jobs[self.wish.user] * self.wish.rows / room)
        return len(jobs) * max(jobs.values()) * max(1.0, self.wish.rows / room)


def waits(seed: int, lanes: int, room: int) -> list[float]:
    """Passes that each request has waited over its share, in a world where anybody may come."""
    draw, fairness = random.Random(seed), Fairness()
    jobs = [(f"user {n % draw.randint(1, 9)}", n) for n in range(draw.randint(1, 24))]
    habits = {job: (draw.choice([1, 3, 40, 400]), draw.random() ** 3) for _, job in jobs}
    left: dict[Hashable, int] = {}
    asked: dict[Hashable, Request] = {}
    over = []
    for clock in range(400):
        arriving = [(user, job) for user, job in jobs if job not in asked]
        arriving = [one for one in arriving if draw.random() < max(0.02, habits[one[1]][1])]
        for user, job in arriving:  # while the pass before this one is under way
            rows = draw.randint(1, habits[job][0])
            asked[job] = Request(Wish(user, job, draw.randrange(lanes), rows), clock - 1)
            left[job] = rows
        wishes = [replace(one.wish, rows=left[job]) for job, one in asked.items()]
        for one in asked.values():
            one.meets(wishes)
        if not wishes:
            continue
        dealt = fairness.deal(wishes, fairness.lead(wishes).lane, room)
        assert sum(dealt.values()) <= room
        for job, rows in dealt.items():
            left[job] -= rows
            if not left[job]:
                over.append((clock - asked[job].came) / asked[job].share(room))
                del asked[job]
    over += [(400 - 1 - one.came) / one.share(room) for one in asked.values()]
    return over


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([1, 1, 2, 5]), st.sampled_from([1, 8, 32]))
def test_no_request_waits_more_than_three_times_its_fair_share(
    seed: int, lanes: int, room: int
) -> None:
    assert max(waits(seed, lanes, room), default=0.0) <= 3


def test_first_come_first_served_would_break_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock tells: the oldest wish alone, until it is done, starves small ones."""

    def oldest(
        self: Fairness, wishes: list[Wish], lane: Hashable, room: int
    ) -> dict[Hashable, int]:
        first = next(wish for wish in wishes if wish.lane == lane)
        return {first.job: min(room, first.rows)}

    monkeypatch.setattr(Fairness, "deal", oldest)
    monkeypatch.setattr(Fairness, "lead", lambda _, wishes: wishes[0])
    assert max(max(waits(seed, 1, 8), default=0.0) for seed in range(20)) > 3
