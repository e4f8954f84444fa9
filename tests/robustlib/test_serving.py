"""Attacks of many users at once: each as if it were alone, and none at another's cost."""

import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from robustlib.attacks._base import cascade
from robustlib.attacks.apgd import apgd
from robustlib.attacks.boundary import boundary
from robustlib.attacks.deepfool import deepfool
from robustlib.attacks.pgd import pgd
from robustlib.attacks.square import square
from robustlib.engine import attack, stream
from robustlib.errors import InputError, ServingError
from robustlib.goals import Misclassify, Target
from robustlib.losses import margin
from robustlib.questions import WhiteBox
from robustlib.serving import Job, Server
from robustlib.threats import L2, Linf
from tests.robustlib._slope import BALL, Slope, low, stairs


def both(images: Any, goal: Any, threat: Any, *, draws: Any) -> WhiteBox:
    """Two attacks, the second on what the first has left."""
    stages = [partial(pgd, steps=3), partial(square, steps=6)]
    return (yield from cascade(stages, images, goal, threat, draws=draws))


ASKED: list[tuple[Any, Any, Any, dict[str, Any]]] = [
    (Misclassify, Linf(0.05), pgd, {"steps": 7, "seed": 3}),
    (Misclassify, Linf(0.3), pgd, {"steps": 5, "retire": "never"}),
    (Target, L2(0.5), pgd, {"steps": 6, "restarts": 2}),
    (partial(Misclassify, measure=margin), Linf(0.08), apgd, {"steps": 12}),
    (Misclassify, Linf(0.1), square, {"steps": 30, "budget": 17}),
    (Misclassify, L2(float("inf")), deepfool, {"steps": 8}),
    (Misclassify, L2(float("inf")), boundary, {"steps": 9}),
    (Misclassify, Linf(0.04), both, {}),
    (Misclassify, Linf(0.05), pgd, {"steps": 7, "budget": 4, "retire": "never"}),
]


def tasks(model: nn.Module, pictures: Callable[..., Tensor], dtype: torch.dtype) -> list[Any]:
    """What nine users ask of one model, of one to four images each."""
    found = []
    for number, (wish, threat, how, more) in enumerate(ASKED):
        images = pictures(1 + number % 4, seed=number, dtype=dtype)
        labels = model(images).argmax(1)
        goal = wish((labels + 1) % 4 if wish is Target else labels)
        found.append(((model, images, goal, threat, how), more))
    return found


def same_books(one: Any, other: Any) -> None:
    for name in ("queries", "forwards", "backwards", "success"):
        assert torch.equal(getattr(one, name), getattr(other, name)), name
    assert (one.by, one.stopped, one.probes) == (other.by, other.stopped, other.probes)


@pytest.mark.parametrize("company", [1, 3])
def test_logic_holds_in_any_company(company: int, net, pictures) -> None:
    model = net().requires_grad_(False)
    asked = tasks(model, pictures, torch.float64)
    order = torch.randperm(len(asked), generator=torch.Generator().manual_seed(company)).tolist()
    with Server(batch_size=None if company == 1 else 5) as server:
        jobs = {n: server.submit(*asked[n][0], user=n % company, **asked[n][1]) for n in order}
        served = {n: job.result(60) for n, job in jobs.items()}
    for number, (task, more) in enumerate(asked):
        alone, one = attack(*task, **more), served[number]
        assert torch.allclose(one.adversarial, alone.adversarial, rtol=0, atol=1e-9), number
        same_books(one, alone)


def test_verdicts_hold_in_float32(net, pictures) -> None:
    model, images = net(dtype=torch.float32), pictures(512, dtype=torch.float32)
    labels = model(images).argmax(1)
    alone = attack(model, images, Misclassify(labels), Linf(0.03), pgd, steps=10)
    with Server() as server:
        jobs = [
            server.submit(
                model, images[a : a + 16], Misclassify(labels[a : a + 16]), Linf(0.03), pgd,
                steps=10, keys=range(a, a + 16), user=a,
            )
            for a in range(0, 512, 16)
        ]  # fmt: skip
        served = torch.cat([job.result(60).success for job in jobs])
    assert 0.05 < alone.success.double().mean() < 0.95
    assert (served != alone.success).double().mean() <= 0.002


def test_exact_jobs_are_the_same_to_the_bit(net, pictures) -> None:
    model = net(dtype=torch.float32)
    asked = tasks(model, pictures, torch.float32)
    with Server() as server:
        jobs = [
            server.submit(*task, user=n, exact=n != 3, **more)
            for n, (task, more) in enumerate(asked)
        ]
        served = [job.result(60) for job in jobs]
    for number, (task, more) in enumerate(asked):
        if number != 3:
            alone = attack(*task, exact=True, **more)
            assert torch.equal(served[number].adversarial, alone.adversarial), number
            assert torch.equal(served[number].loss, alone.loss)
            same_books(served[number], alone)


def test_a_watched_job_tells_what_a_stream_tells(net, pictures) -> None:
    model, images = net(), pictures(2)
    goal = Misclassify(model(images).argmax(1))
    with Server(ahead=2) as server:
        seen = list(server.stream(model, images, goal, Linf(0.05), pgd, steps=9))
    known = list(stream(model, images, goal, Linf(0.05), pgd, steps=9))
    assert [one.step for one in seen] == [one.step for one in known]
    for one, other in zip(seen, known, strict=True):
        for name in ("images", "best", "outputs", "loss"):
            assert torch.allclose(getattr(one, name), getattr(other, name), rtol=0, atol=1e-9)
        assert torch.equal(one.queries, other.queries)
    assert seen[-1].result is not None
    assert [one.result for one in seen[:-1]] == [None] * (len(seen) - 1)


def waiting_model() -> tuple[Slope, threading.Event]:
    """A model that answers when it is let."""
    model, go = Slope(), threading.Event()
    answer = model.forward

    def forward(images: Tensor) -> Tensor:
        assert go.wait(60)
        return answer(images)

    model.forward = forward  # type: ignore[method-assign]
    return model, go


def test_places_are_bounded_for_all_and_for_each() -> None:
    model, go = waiting_model()
    with Server(most=3, each=2) as server:
        begin = partial(server.submit, model, *low(0.1), BALL, stairs)
        jobs = [begin(user="a"), begin(user="a")]
        with pytest.raises(ServingError, match="2 of this user's 2"):
            begin(user="a")
        jobs.append(begin(user="b"))
        with pytest.raises(ServingError, match="3 of 3 jobs"):
            begin(user="c", wait=0.01)
        threading.Timer(0.05, go.set).start()
        jobs.append(begin(user="c", wait=60))
        assert [job.result(60).queries.tolist() for job in jobs] == [[5]] * 4
        assert server.attack(model, *low(0.1), BALL, stairs).queries.tolist() == [5]


def test_who_is_refused_takes_no_place() -> None:
    with Server(most=1) as server:
        for _ in range(3):
            with pytest.raises(InputError, match=r"in \[0, 1\]"):
                server.submit(Slope(), torch.full((1, 1), 2.0), low(0.1)[1], BALL, stairs)
        assert server.attack(Slope(), *low(0.1), BALL, stairs).queries.tolist() == [5]


def test_cancelling_ends_a_job_and_frees_its_place() -> None:
    model, go = waiting_model()
    with Server(most=1) as server:
        job = server.submit(model, *low(0.1), BALL, stairs, watch=True)
        job.cancel()
        go.set()
        with pytest.raises(ServingError, match="cancelled"):
            job.result(60)
        assert job.done
        assert list(job) == []
        assert server.submit(model, *low(0.1), BALL, stairs, wait=60).result(60).probes == 2


def test_a_job_that_nobody_holds_is_cancelled() -> None:
    with Server(most=1, ahead=1) as server:
        job = server.stream(Slope(), *low(0.1), BALL, stairs)
        next(job)
        del job
        server.submit(Slope(), *low(0.1), BALL, stairs, wait=60).result(60)


def test_a_result_does_not_wait_for_a_watcher() -> None:
    with Server(ahead=1) as server:
        job = server.stream(Slope(), *low(0.1), BALL, stairs)
        assert next(job).step == 0
        assert job.result(60).queries.tolist() == [5]
        assert job.seconds > 0


def test_a_closed_server_tells_everybody() -> None:
    model, go = waiting_model()
    server = Server()
    job = server.submit(model, *low(0.1), BALL, stairs)
    threading.Timer(0.05, go.set).start()
    assert not server.closed
    server.close()
    assert server.closed
    with pytest.raises(ServingError, match="was closed"):
        job.result(60)
    with pytest.raises(ServingError, match="is closed"):
        server.submit(model, *low(0.1), BALL, stairs)
    server.close()


def test_a_fault_of_ours_leaves_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server() as server:
        monkeypatch.setattr(server._shift, "turn", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            server.submit(Slope(), *low(0.1), BALL, stairs).result(60)
        assert server.closed


def test_who_leaves_the_process_in_a_goal_leaves_nobody_waiting() -> None:
    class Leaving(Slope):
        def forward(self, images):
            sys.exit(3)

    with Server() as server:
        job = server.submit(Leaving(), *low(0.1), BALL, stairs)
        with pytest.raises(ServingError, match="ended by SystemExit"):
            job.result(60)


def test_the_end_is_told_again_to_whoever_asks_again() -> None:
    with Server() as server:
        job = server.stream(Slope(), *low(0.1), BALL, stairs)
        assert len(list(job)) > 2
        assert list(job) == []


def test_misuse_is_refused_by_name() -> None:
    with Server() as server:
        with pytest.raises(InputError, match="batch_size to the server"):
            server.submit(Slope(), *low(0.1), BALL, stairs, batch_size=3)
        job = server.submit(Slope(), *low(0.1), BALL, stairs)
        with pytest.raises(InputError, match="watch=True"):
            next(iter(job))
        with pytest.raises(InputError, match="no option walk"):
            server.attack(Slope(), *low(0.1), BALL, stairs, walk=3)
        model, go = waiting_model()
        slow: Job = server.submit(model, *low(0.1), BALL, stairs)
        with pytest.raises(ServingError, match="goes on"):
            slow.result(0.01)
        go.set()
        assert slow.result(60).queries.tolist() == [5]
    for name in ("most", "each", "ahead", "batch_size"):
        with pytest.raises(InputError, match=name):
            Server(**{name: 0})


def test_many_threads_at_once(net, pictures) -> None:
    model, images = net(), pictures(8)
    labels = model(images).argmax(1)
    alone = attack(model, images, Misclassify(labels), Linf(0.05), pgd, steps=5)
    found: dict[int, Tensor] = {}

    def client(n: int) -> None:
        goal = Misclassify(labels[n : n + 1])
        for turn in range(3):
            more = {"steps": 5, "keys": [n], "user": n, "wait": 60.0}
            job = server.submit(model, images[n : n + 1], goal, Linf(0.05), pgd, **more)
            if turn == 1:
                job.cancel()
                time.sleep(0.001)
            else:
                found[n] = job.result(60).adversarial

    with Server(most=5) as server:
        threads = [threading.Thread(target=client, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    rows = torch.cat([found[n] for n in range(8)])
    assert torch.allclose(rows, alone.adversarial, rtol=0, atol=1e-9)
