"""Cards: what came out of a training run, in a file that anybody can read."""

import datetime
import os
from pathlib import Path

import yaml
from pydantic import Field

from robustlib.recipe import Settings, Strict, Threat, read_checked

Share = Field(ge=0, le=1)


class Card(Strict):
    """One trained model: how it was made, and what was measured.

    Attributes:
        name: the model's name, also that of its files.
        recipe: name of the recipe that made it.
        summary: one sentence on what the model is for.
        data: name of the data set.
        model: name of the architecture in `robustlib.models`.
        model_options: what it was built with.
        classes: English names, in the order of the logits.
        classes_zh: Chinese names.
        image_shape: channels, height, width.
        parameters: numbers learned.
        threat: against which robust accuracy was measured.
        clean_accuracy: share of the test pictures named rightly, in [0, 1].
        robust_accuracy: share still named rightly after every attack.
        attack: what attacked.
        judged_on: which pictures.
        seed: of the run.
        versions: of the software that trained it.
        device: what it was trained on.
        seconds: that training and judging took there.
        date: of the end of the run.
        sha256: of the weights' file.
        tolerance: how far the accuracies of a repeated run may lie from these.
        montage: picture of the closest classes, a path in the repository.
        notes: what else a user should know.
    """

    name: str
    recipe: str
    summary: str
    data: str
    model: str
    model_options: Settings
    classes: tuple[str, ...]
    classes_zh: tuple[str, ...]
    image_shape: tuple[int, int, int]
    parameters: int
    threat: Threat
    clean_accuracy: float = Share
    robust_accuracy: float = Share
    attack: str
    judged_on: str
    seed: int
    versions: dict[str, str]
    device: str
    seconds: int
    date: datetime.date
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    tolerance: float = 0.02
    montage: str | None = None
    notes: str = ""

    def record(self) -> dict[str, str | int | float]:
        """A flat dict for tables and plots: what holds several things has a column for each."""
        fields = self.model_dump(mode="json", exclude_none=True)
        for name in ("classes", "classes_zh"):
            fields[name] = ", ".join(fields[name])
        fields["image_shape"] = "x".join(map(str, self.image_shape))
        for name in ("threat", "versions", "model_options"):
            inner = fields.pop(name)
            fields |= {f"{name}_{key}": _plain(value) for key, value in inner.items()}
        return fields

    def write(self, file: Path) -> None:
        """Writes the card as YAML, whole or not at all."""
        fields = self.model_dump(mode="json", exclude_none=True)
        text = yaml.safe_dump(
            fields, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None
        )
        write_aside(file, text.encode())


def _plain(value: object) -> str | int | float:
    return value if isinstance(value, str | int | float) else str(value)


def read_card(file: Path) -> Card:
    """A card from a file.

    Raises:
        RecipeError: every fault of the file, each with its line.
    """
    return read_checked(file, Card)


def write_aside(file: Path, content: bytes) -> None:
    """Writes a whole file or none of it: aside, to the disk, then renamed.

    Args:
        file: its final place; the folder is made.
        content: all of it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f"{file.name}.part")
    with aside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(file)
