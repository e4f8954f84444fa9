"""Many attacks on one model at once: a server holds the conversations and answers them together.

    with Server() as server:
        jobs = [server.submit(model, images, goal, Linf(8 / 255), pgd, user=user) for user in users]
        results = [job.result() for job in jobs]

An attack takes as many passes as it has steps, and a pass of one image costs about three times
what an image costs in a full one, on a GPU far more. So a server does not answer one job after
another: jobs come and go between two passes, and each pass holds what all of them ask just then.
"""

import threading
from collections import Counter
from collections.abc import Hashable
from functools import partial
from typing import Any

from robustlib._border import check_counts
from robustlib._conversation import Run, Task, Terms
from robustlib._results import AttackResult, Progress
from robustlib._shift import News, Seat, Shift
from robustlib.errors import InputError, ServingError
from robustlib.goals import Goal
from robustlib.questions import Attack
from robustlib.threats import ThreatModel
from robustlib.types import Classifier, Images

__all__ = ["Job", "Server"]


class Job:
    """An attack under way at a server: wait for its result, or watch it step by step.

    Iterating gives what `robustlib.engine.stream` gives, and may be done once. A job that nobody
    holds any more is cancelled.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def __iter__(self) -> "Job":
        return self

    def __next__(self) -> Progress:
        if not self._seat.ahead:
            raise InputError("nobody was to watch this job: submit it with watch=True")
        item = self._seat.take()
        if item is None:
            raise StopIteration
        return item

    def __del__(self) -> None:
        self._seat.cancel()

    def result(self, timeout: float | None = None) -> AttackResult:
        """Waits for the end.

        Args:
            timeout: Seconds to wait, ≥ 0; None: as long as it takes.

        Returns:
            What `robustlib.engine.attack` returns.

        Raises:
            ServingError: If it was cancelled, the server was closed, or the time is over.
            RobustlibError: As `robustlib.engine.attack`; what a model or a goal raises is raised
                here as it is.
        """
        return self._seat.result(timeout)

    def cancel(self) -> None:
        """Ends the job before its next pass. Whoever waits for it is told so."""
        self._seat.cancel()

    close = cancel

    @property
    def done(self) -> bool:
        """Whether it is over, for whatever reason."""
        return self._seat.over.is_set()

    @property
    def seconds(self) -> float:
        """Seconds of work so far: its own turns, and its share of each pass that it stood in."""
        return self._seat.seconds


class Server:
    """Runs attacks of many users at once, and answers what they ask of a model in one pass.

    One thread works. Passes are dealt out by the rule of `robustlib._fairness`: users in turn, row
    by row, so that no request waits more than three times its fair share. A row gets the same
    numbers as in `robustlib.engine.attack`, whatever stands beside it: iterates agree in float64 to
    1e-9, with `exact=True` to the bit, and the books of each row are the same. What one job raises,
    in its attack, its goal or for its images, ends that job and no other. A model whose answers
    depend on what else is in a batch, or that draws random numbers, is shown one job at a time.

    Args:
        most: Jobs held at once, ≥ 1.
        each: Jobs of one user held at once, ≥ 1; by default a quarter of `most`.
        ahead: Steps that a watched job may be ahead of who watches it, ≥ 1; then it waits.
        batch_size: Inputs in a pass, ≥ 1; by default what suits the device.

    Raises:
        InputError: If an argument is wrong.

    Examples:
        >>> import torch
        >>> from robustlib.attacks.pgd import pgd
        >>> from robustlib.goals import Misclassify
        >>> from robustlib.threats import Linf
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.55]]), Misclassify(torch.tensor([0]))
        >>> with Server() as server:
        ...     jobs = [server.submit(model, images, goal, Linf(0.1), pgd, user=n) for n in "ab"]
        ...     [job.result().success.item() for job in jobs]
        [True, True]
    """

    def __init__(
        self,
        *,
        most: int = 256,
        each: int | None = None,
        ahead: int = 8,
        batch_size: int | None = None,
    ) -> None:
        self.most, self.each = most, max(1, most // 4) if each is None else each
        sizes = {} if batch_size is None else {"batch_size": batch_size}
        check_counts(most=most, each=self.each, ahead=ahead, **sizes)
        self.ahead, self.batch_size = ahead, batch_size
        self._held: Counter[Hashable] = Counter()
        self._places = threading.Condition()
        self._news: News = News()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._shift = Shift()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(
        self,
        model: Classifier,
        images: Images,
        goal: Goal,
        threat: ThreatModel,
        attack: Attack,
        *,
        user: Hashable = "",
        watch: bool = False,
        wait: float = 0.0,
        **arguments: Any,
    ) -> Job:
        """Begins an attack.

        Args:
            model: As in `robustlib.engine.attack`, and so are the next four; it stays as it is
                while jobs run.
            images: Clean images.
            goal: What the attacker wants of each.
            threat: What may be changed.
            attack: The attack.
            user: Whose job it is.
            watch: Whether the job is iterated over; what nobody looks at is not copied.
            wait: Seconds to wait for a place where all are taken, ≥ 0.
            arguments: The other arguments of `robustlib.engine.attack`, but for
                `batch_size` and `precision`.

        Returns:
            The job.

        Raises:
            ServingError: If there is no place, or the server is closed.
            InputError: As `robustlib.engine.attack`.
        """
        if "batch_size" in arguments:
            raise InputError("jobs share their passes: give batch_size to the server")
        if arguments.get("precision", "full") != "full":
            raise InputError("jobs share their passes, and fast ones are each attack's own")
        own = {name: arguments.pop(name) for name in Terms.names() & arguments.keys()}
        terms = Terms(**own, batch_size=self.batch_size, options=arguments)
        run = Run(Task(model, images, goal, threat, attack), terms)
        seat = Seat(user, run, self._news, ahead=self.ahead * watch)
        seat.left = partial(self._give_place, user)
        self._take_place(seat, wait)
        return Job(seat)

    def attack(self, *task: Any, **arguments: Any) -> AttackResult:
        """As `robustlib.engine.attack`, in the company of others; its arguments are `submit`'s."""
        return self.submit(*task, **arguments).result()

    def stream(self, *task: Any, **arguments: Any) -> Job:
        """As `robustlib.engine.stream`, in the company of others; its arguments are `submit`'s."""
        return self.submit(*task, **arguments, watch=True)

    @property
    def closed(self) -> bool:
        """Whether jobs are not taken any more: it was closed, or its thread has failed."""
        return self._closed

    def close(self) -> None:
        """Cancels what is under way, and ends the thread; jobs are not taken any more."""
        with self._places:
            self._closed = True
            self._places.notify_all()
        self._news.put(None)
        if self._thread is not None:
            self._thread.join()

    def _take_place(self, seat: Seat, wait: float) -> None:
        user = seat.user
        with self._places:
            self._places.wait_for(lambda: self._closed or self._free(user), timeout=wait)
            if self._closed:
                raise ServingError("this server is closed")
            if not self._free(user):
                raise ServingError(
                    f"all places are taken: {self._held.total()} of {self.most} jobs are under "
                    f"way, {self._held[user]} of this user's {self.each}; wait= waits for one"
                )
            self._held[user] += 1
            self._news.put(seat)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="serving", daemon=True)
                self._thread.start()

    def _free(self, user: Hashable) -> bool:
        return self._held.total() < self.most and self._held[user] < self.each

    def _give_place(self, user: Hashable) -> None:
        with self._places:
            self._held[user] -= 1
            self._held += Counter()  # forgets who is at zero
            self._places.notify_all()

    def _work(self) -> None:
        why: Exception = ServingError("this server was closed")
        try:
            idle = False
            while not self._closed:
                self._take_in(idle)
                idle = not self._shift.turn()
        except BaseException as error:  # ours, or somebody's sys.exit(): nobody shall wait for ever
            why = error if isinstance(error, Exception) else ServingError(f"ended by {error!r}")
        with self._places:
            self._closed = True
        self._shift.end(why)
        while not self._news.empty():
            if (seat := self._news.get()) is not None:
                seat.end(why)

    def _take_in(self, idle: bool) -> None:
        """What has come; where there is nothing to do, waits for something."""
        while idle or not self._news.empty():
            idle = False
            if (seat := self._news.get()) is not None:
                self._shift.admit(seat)
