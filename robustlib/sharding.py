"""Several processes attack one set of images: each its share of the rows, all hear the result.

Started by `torchrun`, one process a device, a script calls `sharded` where it would call `attack`:

    torch.distributed.init_process_group()
    result = sharded(model, images, Misclassify(labels), Linf(8 / 255), auto_attack)

Each process has the same images and the same model. A row draws by its key, so its verdict is the
one that a single process would have found.
"""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

import torch
from torch import Tensor, distributed

from robustlib._conversation import Stopped
from robustlib.engine import AttackResult, attack
from robustlib.errors import InputError, ModelError
from robustlib.goals import Goal
from robustlib.questions import Attack
from robustlib.threats import ThreatModel
from robustlib.types import Classifier, Images

Part = dict[str, Any]


def sharded(
    model: Classifier,
    images: Images,
    goal: Goal,
    threat: ThreatModel,
    method: Attack,
    *,
    keys: Iterable[int] | None = None,
    **arguments: Any,
) -> AttackResult:
    """Runs an attack on this process's rows, and returns the result of all rows in all processes.

    Of p processes the i-th takes the rows i, i + p, i + 2 p, …, so that hard rows which stand
    together are shared.

    Args:
        model: The victim, the same in all processes, on each one's own device.
        images: All images.
        goal: What the attacker wants of each.
        threat: What may be changed.
        method: An attack that treats each row by itself.
        keys: As in `robustlib.engine.attack`: one for each of all images.
        arguments: The others of `robustlib.engine.attack`.

    Returns:
        The result of all rows; `seconds` are those of the slowest process.

    Raises:
        InputError: If there is no group of processes, or an argument is wrong.
        ModelError: If another process has failed.

    Examples:
        >>> sharded(None, torch.zeros(1, 1), None, None, None)
        Traceback (most recent call last):
        robustlib.errors.InputError: ...
    """
    if not (distributed.is_available() and distributed.is_initialized()):
        raise InputError(
            "sharded needs a group of processes: torch.distributed.init_process_group() in a "
            "script that torchrun has started; one process alone calls robustlib.engine.attack"
        )
    rank, among = distributed.get_rank(), distributed.get_world_size()
    names = [*range(len(images))] if keys is None else [*keys]
    if len(names) != len(images):
        raise InputError(f"{len(images)} images came with {len(names)} keys")
    rows = torch.arange(len(images), device=images.device)[rank::among]
    own, failure = None, None
    try:
        taken = goal.take(rows), threat.take(rows)
        arguments["keys"] = names[rank::among]
        own = attack(model, images[rows], *taken, method, **arguments)
    except Exception as error:  # the others would wait for ever
        failure = error
    parts: list[Any] = [None] * among
    distributed.all_gather_object(parts, (_told(own), repr(failure) if failure else ""))
    if own is None or failure:
        raise failure or ModelError("there is no result")
    if failed := [f"process {at}: {why}" for at, (_, why) in enumerate(parts) if why]:
        raise ModelError(f"another process has failed; {'; '.join(failed)}")
    return _merged(own, [part for part, _ in parts], len(images), images.device)


def _told(result: AttackResult | None) -> Part:
    """What the other processes are told: no options, which may be functions."""
    if result is None:
        return {}
    found = {each.name: getattr(result, each.name) for each in fields(result)}
    found.pop("options")
    return {
        name: value.cpu() if isinstance(value, Tensor) else value for name, value in found.items()
    }


def _merged(own: AttackResult, parts: list[Part], count: int, device: torch.device) -> AttackResult:
    among = len(parts)
    by = [""] * count
    for rank, part in enumerate(parts):
        by[rank::among] = part["by"]
    whole: dict[str, Any] = {
        name: _woven([part[name] for part in parts], count).to(device)
        for name, value in parts[0].items()
        if isinstance(value, Tensor)
    }
    busy = [part for part in parts if part["by"]] or parts[:1]  # no rows, no word
    told = {part["precision"] for part in busy}
    return replace(
        own,
        **whole,
        by=tuple(by),
        probes=sum(part["probes"] for part in parts),
        stopped=_stopped([part["stopped"] for part in busy]),
        seconds=max(part["seconds"] for part in parts),
        precision=" | ".join(sorted(told)),
    )


def _woven(parts: list[Tensor], count: int) -> Tensor:
    """The rows of all processes in their order; one without rows does not know their shape."""
    known = max(parts, key=len)
    whole = known.new_zeros(count, *known.shape[1:])
    for rank, part in enumerate(parts):
        if len(part):
            whole[rank :: len(parts)] = part
    return whole


def _stopped(told: list[Stopped]) -> Stopped:
    """Why they ended: the same, or a budget, or some have gone to their end."""
    if len(set(told)) == 1:
        return told[0]
    return "budget" if "budget" in told else "done"
