"""Recipes: complete descriptions of one training run each, checked before anything runs."""

import difflib
import re
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)

from robustlib.errors import RecipeError, UnknownNameError

RECIPES = Path(__file__).parent / "recipes"
PATCH = "Patch"

Settings = dict[str, int | float | str | bool | list[float]]
M = TypeVar("M", bound=BaseModel)


def radius(text: str) -> float:
    """The number written as `8/255`, `8 / 255` or `0.03`.

    Raises:
        ValueError: it is none, or too large for one; `8 255` is none.

    Examples:
        >>> radius("8 / 255") == 8 / 255
        True
    """
    try:
        return float(Fraction(re.sub(r"\s*/\s*", "/", text)))
    except (ValueError, ZeroDivisionError, OverflowError):
        raise ValueError("expected a number such as 8/255 or 0.03") from None


def _number(value: object) -> object:
    return radius(value) if isinstance(value, str) else value


Radius = Annotated[float, BeforeValidator(_number), Field(gt=0, allow_inf_nan=False)]


class Strict(BaseModel):
    """Frozen; a key that is not a field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Threat(Strict):
    """What the attacker may change: the norm's name in `robustlib.threats`, and a radius.

    Attributes:
        norm: `Linf`, `L2`, `L1` or `L0`; or `Patch`, one square of the picture.
        eps: radius in pixel units of [0, 1], in `Linf` and `Patch` at most 1; `8/255` may be
            written so. In `L0` a number of pixels. Of a `Patch` 1 by default, which is any colour.
        size: the side of a `Patch`, in pixels; of nothing else.

    Examples:
        >>> Threat(norm="Patch", size=7).model_dump()
        {'norm': 'Patch', 'eps': 1.0, 'size': 7}
    """

    norm: str
    eps: Radius
    size: Annotated[int | None, Field(ge=1, strict=True, validate_default=True)] = None

    @model_validator(mode="before")
    @classmethod
    def _any_colour(cls, given: Any) -> Any:
        patch = isinstance(given, dict) and given.get("norm") == PATCH
        return {"eps": 1.0, **given} if patch else given

    @field_validator("eps")
    @classmethod
    def _bounds(cls, eps: float, others: ValidationInfo) -> float:
        norm = others.data.get("norm")
        if norm in ("Linf", PATCH) and eps > 1:
            raise ValueError(f"at most 1 in {norm}; grey levels are written over 255, as 8/255")
        return eps

    @field_validator("size")
    @classmethod
    def _square(cls, size: int | None, others: ValidationInfo) -> int | None:
        norm = others.data.get("norm")
        if norm == PATCH and size is None:
            raise ValueError("a Patch needs the side of its square in pixels, as size: 7")
        if norm != PATCH and size is not None:
            raise ValueError(f"{norm} has no size, only a Patch has: norm: Patch, size: {size}")
        return size

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """As the norms were written before there were patches: without a size."""
        fields: dict[str, Any] = write(self)
        return {name: value for name, value in fields.items() if value is not None}


class Source(Strict):
    """Where pictures come from.

    Attributes:
        name: a data set in `robustlib.data`.
        split: `train` or `test`.
        count: how many; none: all there are.
        seed: of their rendering or variation.
    """

    name: str
    split: str
    count: int | None = Field(default=None, ge=1)
    seed: int = Field(default=0, ge=0)


class Part(Strict):
    """A thing of a catalogue by its name, and its options."""

    name: str
    options: Settings = {}


class Schedule(Strict):
    """How the weights move: SGD with Nesterov momentum, and an average of the weights.

    Attributes:
        epochs: passes over the training pictures.
        batch_size: pictures a step; what is left of an epoch is dropped.
        lr: the highest learning rate.
        warm_up: share of the steps in which it rises from 0, linearly; then it falls to 0.
        momentum: in [0, 1).
        weight_decay: of all weights.
        average: decay of the average of the weights, a step, in [0, 1).
    """

    epochs: int = Field(ge=1)
    batch_size: int = Field(ge=2)
    lr: float = Field(gt=0)
    warm_up: float = Field(ge=0, lt=1)
    momentum: float = Field(ge=0, lt=1)
    weight_decay: float = Field(ge=0)
    average: float = Field(ge=0, lt=1)


class Recipe(Strict):
    """One training run, complete: nothing is inherited and nothing is taken from elsewhere.

    Attributes:
        name: the recipe's and the model's name; also the file's.
        summary: one sentence on what the model is for.
        train: pictures to learn from.
        test: pictures that judge the result; they choose nothing, and are of another split than
            those to learn from: with another seed too the same digits would be varied.
        model: a name in `robustlib.models` with its options.
        objective: a name in `robustlib.training` with its options.
        threat: against which the result is judged, and an objective that needs one trains.
        schedule: how the weights move.
        seed: of weights, order and attacks.
        device: where to compute: `auto` (the best there is), `cpu`, `cuda`, `cuda:1`, `mps`.
        notes: what a user of the model should know, such as why this eps.
    """

    name: str
    summary: str
    train: Source
    test: Source
    model: Part
    objective: Part
    threat: Threat
    schedule: Schedule
    seed: int = Field(ge=0)
    device: str = "auto"
    notes: str = ""

    @field_validator("test")
    @classmethod
    def _unseen(cls, test: Source, others: ValidationInfo) -> Source:
        train = others.data.get("train")
        if train and (train.name, train.split) == (test.name, test.split):
            raise ValueError(f"split {test.split} of {test.name} is trained on; judge by another")
        return test


def recipe(name: str) -> Recipe:
    """The recipe that ships with the library under this name.

    Raises:
        UnknownNameError: there is none; the message suggests the nearest.

    Examples:
        >>> recipe("signs_robust").threat.eps * 255
        8.0
    """
    known = {file.stem: file for file in RECIPES.glob("*.yaml")}
    if name not in known:  # a path is no name
        raise UnknownNameError(name, known, kind="recipe")
    return read_recipe(known[name])


def read_recipe(file: Path) -> Recipe:
    """A recipe from any file.

    Raises:
        RecipeError: every fault of the file, each with its line.
    """
    return read_checked(file, Recipe)


def read_checked(file: Path, kind: type[M]) -> M:
    """A YAML file as a validated model.

    Args:
        file: UTF-8 YAML.
        kind: a pydantic model.

    Returns:
        An instance of it.

    Raises:
        RecipeError: all faults at once, each as `file:line: what was expected`.
    """
    root, content = _parsed(file)
    faults = _repeated(root)
    try:
        if not faults:
            return kind.model_validate(content)
    except ValidationError as error:
        faults = [_fault(root, kind, fault) for fault in error.errors()]
    raise RecipeError("\n".join(f"{file}:{line}: {text}" for line, text in faults))


def _parsed(file: Path) -> tuple[yaml.Node, Any]:
    try:
        loader = yaml.SafeLoader(file.read_text(encoding="utf-8"))
        root = loader.get_single_node()
        if isinstance(root, yaml.MappingNode):
            return root, loader.construct_document(root)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RecipeError(f"{file}: not a readable YAML file: {error}") from error
    raise RecipeError(f"{file}:1: expected keys with values")


def _repeated(node: yaml.Node) -> list[tuple[int, str]]:
    if not isinstance(node, yaml.MappingNode):
        return []
    faults, seen = [], set()
    for key, value in node.value:
        if key.value in seen:
            faults.append((key.start_mark.line + 1, f"the key '{key.value}' stands here twice"))
        seen.add(key.value)
        faults += _repeated(value)
    return faults


def _fault(root: yaml.Node, kind: type[BaseModel], fault: Any) -> tuple[int, str]:
    place = tuple(str(part) for part in fault["loc"])
    line = _line(root, place)
    if fault["type"] != "extra_forbidden":
        told = fault["msg"].removeprefix("Value error, ")
        return line, f"{'.'.join(place)}: {told}, got {fault['input']!r}"
    known = list(_at(kind, place[:-1]).model_fields)
    near = difflib.get_close_matches(place[-1], known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(known)}"
    return line, f"unknown key '{'.'.join(place)}'; {hint}"


def _at(kind: type[BaseModel], place: tuple[str, ...]) -> type[BaseModel]:
    for part in place:
        inner = kind.model_fields[part].annotation
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            break
        kind = inner
    return kind


def _line(node: yaml.Node, place: tuple[str, ...]) -> int:
    line = node.start_mark.line + 1
    for part in place:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        for key, value in pairs:
            if key.value == part:
                line, node = key.start_mark.line + 1, value
    return line
