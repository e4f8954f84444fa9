"""The engine: it holds the conversation between an attack and a model.

An attack asks questions (`robustlib.questions`); the engine answers them. Because every call of a
model passes through here, batching, retirement of finished rows, accounting, budgets, access
levels, streaming and the promises about the result are the same for all attacks.

    attack   the whole conversation, and its result
    stream   the same, step by step; closing the generator cancels it
    craft    what training wants: the last point of the attack as its paper writes it, unjudged
"""

import itertools
import time
from collections.abc import Generator, Iterable, Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from robustlib._border import check_promise
from robustlib._conversation import Run, Surrogate, Task, Terms, name_of
from robustlib._desk import VICTIM
from robustlib._fast import Precision
from robustlib._ledger import Retire
from robustlib._results import AttackResult, Progress
from robustlib._turns import Turns, at_once, handing
from robustlib.goals import Goal
from robustlib.questions import Attack
from robustlib.threats import ThreatModel
from robustlib.types import Classifier, Images

__all__ = ["AttackResult", "Progress", "Surrogate", "attack", "craft", "stream"]


def attack(
    model: Classifier,
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    attack: Attack,
    *,
    seed: int = 0,
    keys: Iterable[int] | None = None,
    retire: Retire = "reached",
    budget: int | None = None,
    exact: bool = False,
    device: torch.device | str | None = None,
    surrogates: Mapping[str, Classifier | Surrogate] | None = None,
    batch_size: int | None = None,
    precision: Precision = "full",
    **options: Any,
) -> AttackResult:
    """Runs an attack on a model and returns what it found.

    Args:
        model: The victim: images in [0, 1] to logits, in eval mode.
        images: Clean images.
        goal: What the attacker wants of each.
        threat: What may be changed.
        attack: The attack, a function such as `pgd`; its return annotation is its access level.
        seed: Of all randomness. The same seed gives the same result.
        keys: An integer for each image, the name of its random stream; by default its position.
            Whoever splits or reorders images passes their keys along.
        retire: "reached" stops showing a row when its goal is reached; "never" goes on to the
            best loss, for transferred, universal and randomised attacks.
        budget: Queries that each row may cost, the look at the clean image included.
        exact: Pads every pass to one size: the same bits for a row whatever stands beside it, on
            one machine and with one number of threads.
        device: Where to work; by default where the model is.
        surrogates: Models that the attack may ask by name.
        batch_size: Inputs in a pass; by default what suits the device.
        precision: "fast" lets a copy of the model in bfloat16 propose, for models and images of
            float32: each success is shown to the model itself before it counts, so is all at one
            pass in sixteen, and the best candidate is the best of those. Left alone where bfloat16
            takes more than 0.8 of float32's time; the result's `precision` says so.
        options: The attack's own.

    Returns:
        The best candidate of each row, and what it cost: within a radius that of the highest loss,
        without one the nearest that leads by more than logits differ from batch to batch.

    Raises:
        InputError: If an argument is wrong.
        ThreatError: If the threat model does not fit, or the attack leaves it.
        ModelError: If the model answers NaN, or has no gradient where one is asked for.
        AccessError: If the attack asks for more than its access level.

    Examples:
        >>> from robustlib.attacks.pgd import pgd
        >>> from robustlib.goals import Misclassify
        >>> from robustlib.threats import Linf
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, labels = torch.tensor([[0.55], [0.9]]), torch.tensor([0, 0])
        >>> attack(model, images, Misclassify(labels), Linf(0.1), pgd, steps=5).success.tolist()
        [True, False]
    """
    terms = Terms(
        seed, keys, retire, budget, exact, device, surrogates, batch_size, precision, options
    )
    run, began = Run(Task(model, images, goal, threat, attack), terms), time.perf_counter()
    run.ledger.follows = False
    with run.border:
        for _ in at_once(run.judged()):
            pass
        return _result(run, began)


def stream(
    model: Classifier,
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    attack: Attack,
    **arguments: Any,
) -> Generator[Progress, None, None]:
    """Runs an attack step by step; its arguments are those of `attack`.

    Returns:
        A generator of `Progress`, one item after the look at the clean images, one after each
        answer, and a last one that holds the result. Closing it cancels the attack.

    Raises:
        InputError: As `attack`, at the call; what goes wrong later is raised where it happens.

    Examples:
        >>> from robustlib.attacks.pgd import pgd
        >>> from robustlib.goals import Misclassify
        >>> from robustlib.threats import Linf
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> images, goal = torch.tensor([[0.9]]), Misclassify(torch.tensor([0]))
        >>> [progress.step for progress in stream(model, images, goal, Linf(0.1), pgd, steps=2)]
        [0, 1, 2, 3, 4]
    """
    own = {name: arguments.pop(name) for name in Terms.names() & arguments.keys()}
    run = Run(Task(model, images, goal, threat, attack), Terms(**own, options=arguments))
    return run.border.around(at_once(followed(run)))


def craft(
    model: Classifier,
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    attack: Attack,
    *,
    seed: int = 0,
    keys: Iterable[int] | None = None,
    batch_size: int | None = None,
    **options: Any,
) -> Images:
    """The last point of an attack as its paper writes it, for training on.

    No row is retired, no candidate preferred, and nothing looked at but by the attack itself: k
    steps of PGD cost k forward and k backward passes. The arguments are those of `attack`; give
    another seed in each training step, and switch the model back to train mode afterwards. Its
    parameters may require gradients, and get none.

    Returns:
        The points that the attack returned, in threat model and box.

    Raises:
        InputError: As `attack`.

    Examples:
        >>> from robustlib.attacks.pgd import pgd
        >>> from robustlib.goals import Misclassify
        >>> from robustlib.threats import Linf
        >>> model = lambda images: torch.cat([images, 1 - images], dim=1)
        >>> craft(model, torch.tensor([[0.9]]), Misclassify(torch.tensor([0])), Linf(0.1), pgd)
        tensor([[0.8000]])
    """
    terms = Terms(seed, keys, retire="never", batch_size=batch_size, options=options)
    run = Run(Task(model, images, goal, threat, attack), terms, judging=False)
    with run.border:
        for _ in at_once(run.talk()) if len(images) else ():
            pass
        last = run.images if run.last is None else run.last
        check_promise(last, run.images, run.threat, name_of(attack))
    return last.to(images.device)


def followed(run: Run, *, watched: bool = True) -> Turns[Progress]:
    """The whole conversation, and how far it has come after each answer.

    Args:
        run: A conversation that has not begun.
        watched: Whether anybody looks before the end; if not, there is but the last item.

    Returns:
        Turns; the last thing handed over holds the result.
    """
    began, steps = time.perf_counter(), itertools.count()
    run.ledger.follows = watched

    def made() -> Progress | None:
        step = next(steps)
        return _snapshot(run, step) if watched else None

    yield from handing(run.judged(), made)
    result, step = _result(run, began), next(steps)
    if watched:
        yield replace(_snapshot(run, step), best=result.adversarial, result=result)
    else:
        yield _end(result, step)


def _snapshot(run: Run, step: int) -> Progress:
    latest, best = run.ledger.latest, run.ledger.best
    seen = {
        "images": latest.points,
        "loss": latest.loss,
        "outputs": latest.outputs,
        "reached": latest.reached,
        "best": best.points,
        "success": best.reached,
    }
    return Progress(step, result=None, **_copies(run, seen))


def _end(result: AttackResult, step: int) -> Progress:
    """The last item for whoever wants the result alone: nobody has followed the candidates."""
    best, success = result.adversarial, result.success
    same = ("loss", "outputs", "queries", "forwards", "backwards")
    seen = {name: getattr(result, name) for name in same}
    seen |= {"images": best, "best": best, "reached": success, "success": success}
    return Progress(step, result=result, **seen)


def _result(run: Run, began: float) -> AttackResult:
    best, name = run.ledger.best, name_of(run.attack)
    found = {
        "adversarial": best.points,
        "success": best.reached,
        "loss": best.loss,
        "distance": check_promise(best.points, run.images, run.threat, name),
        "outputs": best.outputs,
        "clean_outputs": run.clean_outputs,
    }
    return AttackResult(
        by=tuple(run.ledger.names[number] or name for number in best.by.tolist()),
        probes=run.probes,
        seed=run.terms.seed,
        attack=name,
        options=run.terms.options,
        stopped=run.stopped,
        precision=run.parties[VICTIM].passes.precision,
        seconds=time.perf_counter() - began,
        **_copies(run, found),
    )


def _copies(run: Run, found: dict[str, Tensor]) -> dict[str, Any]:
    """What was found, and what it cost, copied to where the images came from."""
    ledger = run.ledger
    books = {each: getattr(ledger, each) for each in ("queries", "forwards", "backwards")}
    return {name: tensor.to(run.home, copy=True) for name, tensor in {**found, **books}.items()}
