"""A server's thread at work: it deals out passes, shows them, and lets conversations go on."""

import itertools
import threading
import time
from collections.abc import Callable, Hashable
from queue import SimpleQueue
from typing import Any

import torch

from robustlib._border import Border
from robustlib._company import Asked, Found, Room, show
from robustlib._conversation import Run
from robustlib._fairness import Fairness, Wish
from robustlib._passes import Passes, Seen
from robustlib._results import AttackResult, Progress
from robustlib._turns import Showing, Turns
from robustlib.engine import followed
from robustlib.errors import ServingError

News = SimpleQueue["Seat | None"]


class Seat:
    """A job's place at a server: what its thread and the job's owner know of it.

    Args:
        user: Whose it is.
        run: What is to be done.
        news: The thread waits for what comes here; None: something is to be looked at. Nothing but
            a queue may be used where memory is cleared up, which may be in the midst of anything.
        ahead: How many items may wait to be taken; 0: nobody watches.
    """

    def __init__(self, user: Hashable, run: Run, news: News, *, ahead: int) -> None:
        self.user, self.run, self.ahead, self.watched = user, run, ahead, ahead > 0
        self.over, self.seconds = threading.Event(), 0.0
        self.cancelled = False
        self.left: Callable[[], None] = lambda: None
        self._news = news
        self._items: SimpleQueue[Any] = SimpleQueue()
        self._outcome: AttackResult | Exception = ServingError("this job is not over")

    # The owner's side.

    def take(self) -> Progress | None:
        """The next item, None at the end."""
        item: Progress | Exception | None = self._items.get()
        self._news.put(None)  # there is room for another
        if item is None:
            self._items.put(None)  # for whoever asks again
        if isinstance(item, Exception):
            raise item
        return item

    def result(self, timeout: float | None) -> AttackResult:
        """What came out, or raises why nothing did; nobody watches from now on."""
        if self.watched:
            self.watched = False
            self._news.put(None)
        if not self.over.wait(timeout):
            raise ServingError(f"the job is not over after {timeout} s; it goes on")
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome

    def cancel(self) -> None:
        """Has the thread end the job, if it is not over."""
        if not self.over.is_set():
            self.cancelled = True
            self._news.put(None)

    # The thread's side.

    @property
    def full(self) -> bool:
        """Whether whoever watches has fallen behind."""
        return self.watched and self._items.qsize() >= self.ahead

    def tell(self, progress: Progress) -> None:
        """Hands an item to whoever watches."""
        if self.watched:
            self._items.put(progress)

    def end(self, outcome: AttackResult | Exception) -> None:
        """Says what came out, and leaves the place to another."""
        self._outcome = outcome
        told = not isinstance(outcome, AttackResult) and not self.cancelled
        if told:
            self._items.put(outcome)
        self._items.put(None)
        self.over.set()
        self.left()


class _Talk:
    """A conversation under way, and what it waits for."""

    room: Room
    lane: Hashable
    asked: Asked
    since: int

    def __init__(self, seat: Seat) -> None:
        self.seat, self.run = seat, seat.run
        self.run.border.note_buffers()  # between two passes; one may have been changing them
        self.turns: Turns[Progress] = followed(self.run, watched=seat.watched)

    def wish(self) -> Wish:
        return Wish(self.seat.user, self, self.lane, self.asked.left)

    def stand(self, room: Room) -> None:
        """Takes its place among those who wait for a model."""
        self.room, self.lane = room, room.lane(self.asked.showing, self)


class Shift:
    """The jobs under way. All but `Seat`'s first half is done by one thread."""

    def __init__(self) -> None:
        self._talks: list[_Talk] = []
        self._rooms: dict[int, Room] = {}
        self._fairness, self._asked = Fairness(), itertools.count()
        self._outside = Border([], torch.device("cpu"), None)

    def admit(self, seat: Seat) -> None:
        """Begins a job, up to its first question."""
        talk = _Talk(seat)
        self._talks.append(talk)
        with self._outside:  # up to its first question nothing is drawn
            self._go_on(talk, None)

    def turn(self) -> bool:
        """Deals out one pass, shows it, and lets everybody go on who has all answers.

        Returns:
            Whether there was anything to do.
        """
        for talk in [talk for talk in self._talks if talk.seat.cancelled]:
            self._finish(talk, ServingError("the job was cancelled"))
        waiting = sorted(
            (talk for talk in self._talks if not talk.seat.full), key=lambda talk: talk.since
        )
        if not waiting:
            return False
        wishes = [talk.wish() for talk in waiting]
        lane = self._fairness.lead(wishes).lane
        first = next(talk for talk in waiting if talk.lane == lane)
        request, room = first.asked.showing.requests[0], first.room
        passes = room.passes(first.asked.showing)
        dealt = self._fairness.deal(wishes, lane, passes.room(request))
        shares = {talk: dealt[talk] for talk in waiting if talk in dealt}
        if len(shares) > 1 and not room.mixes(request.inputs):
            for talk in self._talks:
                talk.stand(talk.room)  # each in a lane of its own
        else:
            self._pass(passes, shares)
        return True

    def end(self, why: Exception) -> None:
        """Ends all jobs."""
        for talk in self._talks.copy():
            self._finish(talk, why)

    def _pass(self, passes: Passes, shares: dict[_Talk, int]) -> None:
        first = next(iter(shares))
        parts = [talk.asked.next(rows) for talk, rows in shares.items()]
        with first.run.border if len(shares) == 1 else first.room.border:
            began = time.perf_counter()
            found = show(passes, [[request for _, request in part] for part in parts])
            each = (time.perf_counter() - began) / sum(shares.values())
            for talk, part, one in zip(shares, parts, found, strict=True):
                talk.seat.seconds += each * shares[talk]
                self._hear(talk, [number for number, _ in part], one)

    def _hear(self, talk: _Talk, numbers: list[int], found: Found) -> None:
        if isinstance(found, Exception):
            self._finish(talk, found)
            return
        talk.asked.hear(numbers, found)
        if not talk.asked.left:
            self._go_on(talk, talk.asked.answer())

    def _go_on(self, talk: _Talk, heard: list[Seen] | None) -> None:
        """Lets a conversation go on to its next question, or to its end."""
        began = time.perf_counter()
        try:
            turn = talk.turns.send(heard)
            while isinstance(turn, Progress):
                talk.seat.tell(turn)
                if turn.result is not None:
                    self._finish(talk, turn.result)
                    return
                turn = next(talk.turns)
        except Exception as error:
            self._finish(talk, error)
            return
        finally:
            talk.seat.seconds += time.perf_counter() - began
        talk.asked, talk.since = Asked(turn), next(self._asked)
        talk.stand(self._room(turn, talk.run))

    def _room(self, showing: Showing, run: Run) -> Room:
        model = showing.passes.model
        return self._rooms.setdefault(id(model), Room(model, run.device))

    def _finish(self, talk: _Talk, outcome: AttackResult | Exception) -> None:
        try:
            talk.turns.close()
        except Exception as error:  # an attack that does not let itself be ended
            outcome = error
        self._talks.remove(talk)
        kept = {id(each.passes.model) for one in self._talks for each in one.run.parties.values()}
        self._rooms = {number: room for number, room in self._rooms.items() if number in kept}
        talk.seat.end(outcome)
