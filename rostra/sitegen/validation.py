"""From a document to a model: what pydantic finds wrong becomes faults with their places."""

from collections.abc import Iterator
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rostra.sitegen.faults import closest, nearest
from rostra.sitegen.messages import say
from rostra.sitegen.reading import At, Document, Secret

M = TypeVar("M", bound=BaseModel)

# What the author should have written, for the errors that pydantic itself finds.
_EXPECTED = {
    "string_type": "text",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "mapping_type": "keys with values",
    "list_type": "a list: lines that begin with `- `",
    "tuple_type": "a list: lines that begin with `- `",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "bool_parsing": "true or false",
    "int_parsing": "a whole number",
}


def validate(model: type[M], document: Document, at: At = (), context: object = None) -> M | None:
    """Read one part of a document as a model.

    Returns:
        The model, or None where something is wrong; what it is stands in the document's faults.
    """
    value = _value(document.data, at)
    try:
        return model.model_validate(value, context=context)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        misspelt = set(_meant(model, value, errors))
        for found in errors:
            if found["type"] != "missing" or found["loc"] not in misspelt:
                _report(document, model, at, found)
        return None


def _meant(model: type[BaseModel], value: Any, errors: list[ErrorDetails]) -> Iterator[At]:
    """Where the unknown keys were meant to stand: what is misspelt is not missing besides."""
    for found in errors:
        if found["type"] == "extra_forbidden":
            *place, name = found["loc"]
            known = _keys(model, _way(value, found["loc"])[:-1])
            yield (*place, closest(str(name), known))


def _value(data: Any, at: At) -> Any:
    for step in at:
        data = data[step]
    return data


def _report(document: Document, model: type[BaseModel], at: At, found: ErrorDetails) -> None:
    kind, notes = found["type"], {str(k): _text(v) for k, v in found.get("ctx", {}).items()}
    way = _way(_value(document.data, at), found["loc"])
    here = (*at, *way)
    last = str(found["loc"][-1]) if found["loc"] else ""
    if kind == "extra_forbidden":
        known = _keys(model, way[:-1])
        note = {"expected": _one_of(known), "suggestion": nearest(last, known)}
        message = say("unknown key '{key}'", key=last)
        document.report(here, "unknown-key", message, on="key", **note)
    elif kind == "missing":
        document.report(here, "missing-key", say("the key '{key}' is missing", key=last))
    elif kind == "literal_error":
        choices = notes["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        got = str(found["input"])
        note = {"expected": _one_of(choices), "suggestion": nearest(got, choices)}
        document.report(here, "choice", say("'{got}' is not known here", got=got), **note)
    elif kind in _EXPECTED:
        message = say("the wrong kind of value")
        document.report(here, "type", message, **_type(kind, found["input"]))
    else:
        said = notes.pop("message", found["msg"])
        known_notes = {k: v for k, v in notes.items() if k in _NOTES}
        document.report((*here, *_inside(notes)), kind, said, **known_notes)


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value)


def _inside(notes: dict[str, str]) -> At:
    """The key below, where what is refused is a whole entry and only one key of it is to blame."""
    return (notes["at"],) if "at" in notes else ()


_NOTES = ("expected", "got", "suggestion", "needle")


def _type(kind: str, value: object) -> dict[str, str]:
    note: dict[str, str] = {"expected": say(_EXPECTED[kind]), "got": _spoken(value)}
    if kind == "string_type" and isinstance(value, bool | int | float):
        note["suggestion"] = say("put it in quotes if it is meant as text")
    return note


def _spoken(value: object) -> str:
    """Name a value as its author sees it."""
    if value is None:
        return say("nothing")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return say("the number {value}", value=value)
    if isinstance(value, Secret):
        return say("a secret")
    if isinstance(value, dict | list):
        return say("keys with values") if isinstance(value, dict) else say("a list")
    return f"'{value}'"


def _way(value: Any, location: tuple[int | str, ...]) -> At:
    """The way to the fault in the data, without the branches of unions that pydantic names."""
    way: list[str | int] = []
    for step in location:
        inside = isinstance(value, dict) and step in value
        if inside or (isinstance(value, list) and isinstance(step, int)):
            value = value[step]
            way.append(step)
    return tuple(way)


def _keys(model: type[BaseModel], way: At) -> list[str]:
    """The keys that are known where `way` leads, found by following the fields' annotations."""
    places: list[Any] = [model]
    for step in way:
        fields = [place.model_fields.get(str(step)) for place in places]
        annotations = [field.annotation for field in fields if field is not None]
        places = [place for one in annotations for place in _models(one)] or places
    return sorted({key for place in places for key in place.model_fields})


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]


def _one_of(names: list[str]) -> str:
    return say("one of {names}", names=", ".join(names))
