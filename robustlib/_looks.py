"""What is found out about a victim before an attack talks to it: its company, and its scores."""

from collections.abc import Generator
from functools import partial
from typing import TypeAlias, TypeVar

import torch
from torch import Tensor

from robustlib import doubts
from robustlib._ledger import Ledger
from robustlib._passes import Passes, Request, Seen
from robustlib._turns import Showing
from robustlib.errors import ModelError

T = TypeVar("T")
Looking: TypeAlias = Generator[Showing, list[Seen], T]


def look_for_company(passes: Passes, ledger: Ledger) -> Looking[int]:
    """Finds out whether a victim answers a row by that row alone, and steadily; goes on so.

    Args:
        passes: The victim's. One whose rows are not independent is shown them one by one.
        ledger: It retires no row of a victim of either kind.

    Returns:
        The inputs that this took, which belong to no row.
    """
    first = ledger.images[:1]
    shared = len(ledger.images) > 1 and passes.size != 1
    # Whether one image is answered steadily shows in any company that the model is fit for.
    show = partial(_shown, passes, alone=shared)
    pair = yield from show(torch.cat([first, 1 - first]) if shared else first)
    beside, alone = pair[:1], (yield from show(first))
    if doubts.alike(alone, beside):
        return 2 + shared
    ledger.retires = False
    if not shared or not doubts.alike(alone, (yield from show(first))):
        doubts.tell(doubts.RandomAnswers)
    else:
        passes.size, passes.exact = 1, False
        doubts.tell(doubts.MixedRows)
    return 2 + 2 * shared


def look_at_scores(outputs: Tensor, attack: str) -> None:
    """Before an attack that needs scores is misled by what are none, or hardly.

    Args:
        outputs: The answers to the clean images.
        attack: The attack's name.

    Raises:
        ModelError: If they are labels.
    """
    if not outputs.is_floating_point():
        raise ModelError(
            f"the model answers labels ({outputs.dtype}), and {attack} needs scores: let it "
            "return its logits, or take a decision-based attack"
        )
    if doubts.probable(outputs):
        doubts.tell(doubts.Probabilities)


def _shown(passes: Passes, inputs: Tensor, *, alone: bool) -> Looking[Tensor]:
    seen = yield Showing(passes, [Request((inputs,))], alone=alone)
    return seen[0].outputs
