"""The server's work, one turn after another, in the test's own thread."""

from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from robustlib._conversation import Run, Task, Terms
from robustlib._ledger import Candidates
from robustlib._shift import News, Seat, Shift
from robustlib._turns import at_once
from robustlib.attacks.pgd import pgd
from robustlib.attacks.transfer import transfer
from robustlib.engine import attack, followed
from robustlib.errors import ServingError
from robustlib.goals import Misclassify
from robustlib.questions import Gradient, WhiteBox
from robustlib.serving import Server
from robustlib.threats import Linf
from tests.robustlib._slope import BALL, Slope, low, stairs


def seat(model: Any, images: Tensor, goal: Any, how: Any, *, ahead: int = 0, **more: Any) -> Seat:
    own = {name: more.pop(name) for name in Terms.names() & more.keys()}
    user = more.pop("user", "")
    run = Run(Task(model, images, goal, BALL, how), Terms(**own, options=more))
    return Seat(user, run, News(), ahead=ahead)


def work(*seats: Seat) -> Shift:
    shift = Shift()
    for one in seats:
        shift.admit(one)
    while shift.turn():
        pass
    return shift


def test_what_all_ask_is_one_pass() -> None:
    model = Slope()
    seats = [seat(model, *low(0.1 * n), stairs, user=n) for n in range(4)]
    work(*seats)
    passes = [sorted(numbers) for numbers in model.shown[5:]]  # after the looks at the model
    assert passes[0] == [0.0, 0.1, 0.2, 0.3]
    assert passes[1] == [0.1, 0.2, 0.3, 0.4]
    assert len(passes) == 5
    for n, one in enumerate(seats):
        alone = attack(Slope(), *low(0.1 * n), BALL, stairs)
        assert torch.equal(one.result(0).adversarial, alone.adversarial)
        assert one.result(0).queries.tolist() == alone.queries.tolist()


def test_a_great_job_is_shown_in_pieces_between_which_others_come() -> None:
    model, numbers = Slope(), torch.linspace(0, 0.4, 700).tolist()
    great = seat(model, *low(*numbers), stairs, user="great", batch_size=256)
    small = seat(model, *low(0.2), stairs, user="small")
    shift = Shift()
    shift.admit(great)
    for _ in range(4):
        shift.turn()
    shift.admit(small)
    turns = 0
    while not small.over.is_set():
        shift.turn()
        turns += 1
    assert turns <= 2 * 5 + 1  # its look and its 4 steps, every second pass at the worst
    assert not great.over.is_set()
    while shift.turn():
        pass
    alone = attack(Slope(), *low(*numbers), BALL, stairs)
    assert torch.equal(great.result(0).adversarial, alone.adversarial)
    assert great.result(0).probes == alone.probes == 3


@pytest.mark.parametrize("watched", [True, False])
def test_what_nobody_watches_is_not_written_down(watched, monkeypatch) -> None:
    """Neither the latest candidates after each answer, nor a picture of them at the end."""
    put, made = Candidates.put, []

    def counted(self: Candidates, rows: Tensor, others: Candidates) -> None:
        made.append(self)
        put(self, rows, others)

    monkeypatch.setattr(Candidates, "put", counted)
    job = seat(Slope(), *low(0.1, 0.2), stairs, ahead=99 * watched)
    ledger = job.run.ledger
    work(job)
    assert any(one is ledger.latest for one in made) == watched
    assert any(one is ledger.best for one in made)
    alone = attack(Slope(), *low(0.1, 0.2), BALL, stairs)
    assert torch.equal(job.result(0).adversarial, alone.adversarial)
    assert job.result(0).queries.tolist() == alone.queries.tolist()


def test_the_last_item_of_a_job_that_nobody_watches_is_its_result() -> None:
    job = seat(Slope(), *low(0.1, 0.2), stairs)
    (last,) = at_once(followed(job.run, watched=False))
    assert last.result is not None
    assert last.step == 5
    for name in ("images", "best"):
        assert getattr(last, name) is last.result.adversarial
    assert last.queries is last.result.queries


def test_a_job_that_nobody_watches_on_waits_and_holds_nobody_up() -> None:
    model = Slope()
    slow = seat(model, *low(0.1), stairs, ahead=2, user="slow")
    quick = seat(model, *low(0.1), stairs, user="quick")
    shift = work(slow, quick)
    assert quick.over.is_set()
    assert not slow.over.is_set()
    steps = []
    while (item := slow.take()) is not None:
        steps.append(item.step)
        shift.turn()
    assert steps == [0, 1, 2, 3, 4, 5]
    assert item is None
    assert slow.take() is None


def test_a_cancelled_job_is_shown_no_more() -> None:
    model = Slope()
    one, other = (seat(model, *low(number), stairs) for number in (0.1, 0.2))
    shift = Shift()
    shift.admit(one)
    shift.admit(other)
    shift.turn()
    before = len(model.shown)
    one.cancel()
    while shift.turn():
        pass
    assert {len(numbers) for numbers in model.shown[before:]} == {1}
    with pytest.raises(ServingError, match="was cancelled"):
        one.result(0)
    assert other.result(0).queries.tolist() == [5]


def test_a_job_cancelled_while_it_is_full_is_ended() -> None:
    one = seat(Slope(), *low(0.1), stairs, ahead=1)
    shift = work(one)
    one.cancel()
    assert not shift.turn()
    assert one.over.is_set()


def test_no_images_need_no_pass() -> None:
    one = seat(Slope(), *low(), stairs)
    work(one)
    assert len(one.result(0).success) == 0


def test_the_end_of_a_shift_is_told_to_all() -> None:
    one = seat(Slope(), *low(0.1), stairs, ahead=9)
    shift = Shift()
    shift.admit(one)
    shift.end(ServingError("closed"))
    with pytest.raises(ServingError, match="closed"):
        one.take()
    with pytest.raises(ServingError, match="closed"):
        one.result(0)


def test_an_attack_that_does_not_let_itself_be_ended_is_told_of() -> None:
    def stubborn(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
        try:
            while True:
                yield from Gradient(images)
        except GeneratorExit:
            yield from Gradient(images)

    one = seat(Slope(), *low(0.1), stubborn, retire="never")
    shift = Shift()
    shift.admit(one)
    for _ in range(3):
        shift.turn()
    one.cancel()
    assert not shift.turn()
    with pytest.raises(RuntimeError, match="GeneratorExit"):
        one.result(0)


class Counting(nn.Module):
    """Counts its passes in a buffer, which is to be put back."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body
        self.register_buffer("passes", torch.zeros(1))
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        self.passes += 1
        return self.body(images)


def test_buffers_and_random_states_are_as_found(net, pictures) -> None:
    model, images = Counting(net()), pictures(2)
    labels = net()(images).argmax(1)
    state = torch.get_rng_state()
    goals = [Misclassify(labels[n : n + 1]) for n in range(2)]
    seats = [seat(model, images[n : n + 1], goals[n], pgd, steps=3, user=n) for n in range(2)]
    shift = Shift()
    shift.admit(seats[0])
    shift.turn()
    late = seat(model, images[:1], goals[0], pgd, steps=1)
    for one in (seats[1], late):
        shift.admit(one)
    while shift.turn():
        assert torch.is_grad_enabled()
    assert model.passes.item() == 0
    assert torch.equal(torch.get_rng_state(), state)
    assert all(one.over.is_set() for one in seats)


def test_work_is_told_to_whom_it_was_done_for() -> None:
    seats = [seat(Slope(), *low(0.1), stairs, user=n) for n in range(2)]
    work(*seats)
    assert all(0 < one.seconds < 5 for one in seats)


def test_a_surrogate_is_asked_in_company_too(net, pictures) -> None:
    victim, own, images = net(), net(seed=3), pictures(4)
    labels = victim(images).argmax(1)
    more = {"surrogates": {"surrogate": own}, "method": partial(pgd, steps=3)}
    seats = [
        seat(victim, images[n : n + 1], Misclassify(labels[n : n + 1]), transfer, keys=[n], **more)
        for n in range(4)
    ]
    work(*seats)
    alone = attack(victim, images, Misclassify(labels), Linf(0.5), transfer, **more)
    for n, one in enumerate(seats):
        result = one.result(0)
        assert torch.allclose(result.adversarial[0], alone.adversarial[n], rtol=0, atol=1e-9)
        assert result.queries[0] == alone.queries[n]
        assert result.forwards[0] == alone.forwards[n]


def test_a_want_of_memory_is_survived(net, pictures) -> None:
    class Small(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body, self.sizes = net(), []
            self.eval()

        def forward(self, images: Tensor) -> Tensor:
            self.sizes.append(len(images))
            if len(images) > 3:
                raise torch.OutOfMemoryError("planted")
            return self.body(images)

    model, images = Small(), pictures(12)
    labels = model.body(images).argmax(1)
    alone = attack(model.body, images, Misclassify(labels), BALL, pgd, steps=9, retire="never")
    with Server() as server:
        jobs = [
            server.submit(
                model, images[n : n + 1], Misclassify(labels[n : n + 1]), BALL, pgd,
                steps=9, retire="never", keys=[n], user=n,
            )
            for n in range(12)
        ]  # fmt: skip
        found = torch.cat([job.result(60).adversarial for job in jobs])
    assert torch.allclose(found, alone.adversarial, rtol=0, atol=1e-9)
    assert sum(size > 3 for size in model.sizes) <= 4  # the size is remembered, lane by lane
