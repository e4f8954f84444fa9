"""32 attacks on one model at once, served together and one after another, in one run."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks._table import publish
from robustlib.attacks import attacks
from robustlib.data import data
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.run import load_model
from robustlib.serving import Server
from robustlib.threats import Linf

CLIENTS, EACH, STEPS, EPS, SEED = 32, 2, 20, 8 / 255, 20_261_122
ASKED = 0.8  # of g, of a job in company
ROUNDS = 3  # served and one at a time in turn, so that drift hits both alike
FULL = 32  # inputs in a full pass
FIRST = "their ratio (≤ 0.1)"

Task = tuple[Any, ...]


def cost(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    """CPU seconds of one bare forward and backward pass, by row."""
    passes = 10 * FULL // len(images)
    began = time.process_time()
    for _ in range(passes):
        point = images.clone().requires_grad_()
        loss = nn.functional.cross_entropy(model(point), labels, reduction="sum")
        torch.autograd.grad(loss, point)
    return (time.process_time() - began) / passes / len(images)


def tasks(model: nn.Module) -> list[Task]:
    """One picture for each request of each client."""
    pictures = data["signs"](CLIENTS * EACH, seed=SEED)
    pairs = zip(torch.split(pictures.images, 1), torch.split(pictures.labels, 1), strict=True)
    pgd, threat = attacks["pgd"], Linf(EPS)
    return [(model, image, Misclassify(label), threat, pgd) for image, label in pairs]


class Clients:
    """As many threads as there are users; each asks again when it has been answered."""

    def __init__(self, ask: Callable[[Task, int, dict[str, Any]], float]) -> None:
        self.ask = ask
        self.here = threading.Barrier(CLIENTS)  # who begins early would not be in company
        self.firsts: list[float] = []
        self.whole: list[float] = []

    def run(self, asked: list[Task], options: dict[str, Any]) -> tuple[float, float]:
        """CPU and wall seconds until all have been answered."""
        threads = [
            threading.Thread(target=self._client, args=(number, asked[number::CLIENTS], options))
            for number in range(CLIENTS)
        ]
        cpu, wall = time.process_time(), time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.process_time() - cpu, time.perf_counter() - wall

    def _client(self, user: int, mine: list[Task], options: dict[str, Any]) -> None:
        self.here.wait()
        for task in mine:
            began = time.perf_counter()
            self.firsts.append(self.ask(task, user, options) - began)
            self.whole.append(time.perf_counter() - began)


def one_at_a_time() -> Clients:
    """Who comes waits for all who came before; the first answer is the last."""
    queue = ThreadPoolExecutor(1)

    def ask(task: Task, user: int, options: dict[str, Any]) -> float:
        queue.submit(attack, *task, steps=STEPS, **options).result()
        return time.perf_counter()

    return Clients(ask)


def together(server: Server) -> Clients:
    """What a visitor of the playground does: look at the first answer, wait for the result."""

    def ask(task: Task, user: int, options: dict[str, Any]) -> float:
        job = server.stream(*task, user=user, steps=STEPS, **options)
        next(job)
        first = time.perf_counter()
        job.result()
        return first

    return Clients(ask)


def measure(name: str, options: dict[str, Any]) -> dict[str, Any]:
    """Both ways of serving on one model, and g beside them."""
    model = load_model("signs_standard").requires_grad_(False)
    asked = tasks(model)
    images = torch.cat([task[1] for task in asked])
    labels = torch.cat([task[2].labels for task in asked])
    alone, full, cpu = [], [], {"alone": 0.0, "served": 0.0}
    with Server() as server:
        waiting, company = one_at_a_time(), together(server)
        for number in range(ROUNDS):
            alone.append(cost(model, images[number : number + 1], labels[:1]))
            full.append(cost(model, images[:FULL], labels[:FULL]))
            cpu["alone"] += waiting.run(asked, options)[0]
            cpu["served"] += company.run(asked, options)[0]
    jobs, g = ROUNDS * len(asked), sum(alone) / sum(full)
    times = cpu["alone"] / cpu["served"]
    p95, p50 = quantiles(company.firsts, n=20)[-1], median(waiting.whole)
    return {
        "PGD-20": name,
        "g": round(g, 2),
        "one at a time, jobs / cpu s": round(jobs / cpu["alone"], 1),
        "served, jobs / cpu s": round(jobs / cpu["served"], 1),
        "times as many": round(times, 2),
        "÷ g": round(times / g, 2),
        "p50 of a job, one at a time, ms": round(1000 * p50),
        "p95 of the first answer, served, ms": round(1000 * p95),
        FIRST: round(p95 / p50, 3),
    }


def main() -> None:
    """Measure and publish."""
    torch.set_num_threads(1)
    rows = [
        measure("every step of every row", {"retire": "never"}),
        measure("rows retire when fooled", {}),
        measure("every step, to the bit", {"retire": "never", "exact": True}),
    ]
    below = [f"{row['PGD-20']} ({row['÷ g']})" for row in rows if row["÷ g"] < ASKED]
    late = [f"{row['PGD-20']} ({row[FIRST]})" for row in rows if row[FIRST] > 0.1]
    notes = [
        f"{CLIENTS} clients, a thread each, ask {EACH} times one after another for PGD of {STEPS} "
        "steps on one picture; one thread of torch. Both ways take turns, "
        f"{ROUNDS} times {CLIENTS * EACH} jobs each.",
        "g is what a bare forward and backward pass costs by the row, of one row ÷ of "
        f"{FULL}: what company can save at the most, if nothing else took time. ÷ g is to be "
        f"{ASKED} at least; missed by: {', '.join(below) or 'none'}.",
        "A job's time is from the request to the result, waiting included; the first answer is the "
        f"look at the clean picture. Their ratio is missed by: {', '.join(late) or 'none'}.",
        "To the bit: each pass is padded to 16 rows, which a lone job pays for by itself.",
        "No request waits more than 3 × its fair share by a clock that counts passes: "
        "tests/robustlib/test__fairness.py.",
    ]
    publish("serving", "Many attacks at once", rows, notes)
