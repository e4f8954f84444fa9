"""What the engine hands over: a result at the end, and how far it has come on the way."""

import itertools
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from robustlib._conversation import Stopped
from robustlib.types import Flags, Images, Outputs, PerRow


@dataclass(frozen=True, eq=False)
class AttackResult:
    """What an attack found, one row an image; tensors lie where the images lay.

    Args:
        adversarial: The best candidates, always in threat model and box: of those that reach the
            goal the nearest where eps is infinite, else that of the highest loss; of the others
            too. Rows that the model had wrong to begin with are not changed.
        success: Whether the goal is reached there.
        loss: The goal's loss there.
        distance: From the clean image, in the threat model's norm.
        outputs: The model's answer there.
        clean_outputs: The model's answer to the clean images.
        queries: Inputs of each row that the victim was shown, the clean image included.
        forwards: Forward passes of each row, surrogates' included.
        backwards: Backward passes of each row.
        by: Which part of the attack found the candidate of each row, where it has parts, else the
            attack's name; "clean" for the clean image itself.
        probes: Inputs shown to the victim to find out whether its rows are independent, and how
            fast it is.
        seed: Of the run.
        attack: The attack's name.
        options: The attack's own.
        stopped: Why it ended: it was "done", every row was "reached", or the "budget" was spent.
        seconds: How long it took.
        precision: "full", "fast", or why a fast run has been one in float32.
    """

    adversarial: Images
    success: Flags
    loss: PerRow
    distance: PerRow
    outputs: Outputs
    clean_outputs: Outputs
    queries: Tensor
    forwards: Tensor
    backwards: Tensor
    by: tuple[str, ...]
    probes: int
    seed: int
    attack: str
    stopped: Stopped
    seconds: float
    options: Mapping[str, Any] = field(default_factory=dict)
    precision: str = "full"

    def fooled(self) -> dict[str, int]:
        """How many rows each part of the attack has fooled, in the order of the parts' names."""
        return dict(sorted(Counter(itertools.compress(self.by, self.success.tolist())).items()))

    def record(self) -> dict[str, str | int | float]:
        """A flat dict for cards, tables, plots; of no images, shares and distances are NaN."""
        rows = len(self.success) or math.nan
        return {
            "attack": self.attack,
            **{f"option_{name}": str(value) for name, value in self.options.items()},
            "seed": self.seed,
            "images": len(self.success),
            "successes": int(self.success.sum()),
            "robust_accuracy": 1 - float(self.success.sum()) / rows,
            "mean_distance": float(self.distance.sum()) / rows,
            "max_distance": float(self.distance.amax()) if len(self.distance) else math.nan,
            **{f"fooled_by_{name}": count for name, count in self.fooled().items()},
            "queries": int(self.queries.sum()),
            "forwards": int(self.forwards.sum()),
            "backwards": int(self.backwards.sum()),
            "probes": self.probes,
            "stopped": self.stopped,
            "precision": self.precision,
            "seconds": self.seconds,
        }

    def rows(self) -> list[dict[str, str | int | float]]:
        """A flat dict for each row."""
        books = {
            name: getattr(self, name).tolist()
            for name in ("success", "loss", "distance", "queries", "forwards", "backwards")
        }
        return [
            {"row": row, "by": by, **{name: book[row] for name, book in books.items()}}
            for row, by in enumerate(self.by)
        ]


@dataclass(frozen=True, eq=False)
class Progress:
    """How far an attack has come; the tensors are copies, one row an image.

    `step` counts answers; 0 is the look at the clean images. `images`, `loss`, `outputs` and
    `reached` are of each row's latest candidate, `best` and `success` of its best one so far.
    `result` is None but in the last item.
    """

    step: int
    images: Images
    loss: PerRow
    outputs: Outputs
    reached: Flags
    best: Images
    success: Flags
    queries: Tensor
    forwards: Tensor
    backwards: Tensor
    result: AttackResult | None = None
