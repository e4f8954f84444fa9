"""JSON Schema 2020-12, as far as our own schemas use it: a build needs no library to check them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
Found = Iterator[tuple[str, str]]

TYPES: Mapping[str, type | tuple[type, ...]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "null": type(None),
    "number": (int, float),
    "object": dict,
    "string": str,
}
# What says nothing about a value, and what `mismatches` knows how to check.
NOTES = {"$schema", "$id", "$defs", "title", "description", "default"}
KNOWN = {
    "$ref", "type", "enum", "const", "pattern", "minimum", "items", "properties", "required",
    "additionalProperties", "propertyNames", "anyOf", "oneOf",
}  # fmt: skip


def mismatches(value: Any, schema: Schema, top: Schema, at: str = "") -> Found:
    """Yield where a value is not as a schema says, each with its reason.

    Args:
        value: what was read.
        schema: what it shall be like.
        top: the whole schema, in which `$ref` points.
        at: where the value stands (JSON Pointer, RFC 6901).

    Examples:
        >>> shape = {"type": "array", "items": {"type": "integer"}}
        >>> list(mismatches([1, "2"], shape, shape))
        [('/1', "'2' is no integer")]
    """
    if unknown := set(schema) - NOTES - KNOWN:
        yield at, f"the schema says {', '.join(sorted(unknown))}, which is not checked"
    if "$ref" in schema:
        yield from mismatches(value, resolved(schema["$ref"], top), top, at)
    kind = schema.get("type")
    if kind and not _is(value, kind):
        yield at, f"{value!r} is no {kind}"
        return
    yield from ((at, fault) for fault in _wrong(value, schema))
    yield from _options(value, schema, top, at)
    if isinstance(value, list):
        for index, inner in enumerate(value if "items" in schema else ()):
            yield from mismatches(inner, schema["items"], top, f"{at}/{index}")
    elif isinstance(value, dict):
        yield from _members(value, schema, top, at)


def resolved(pointer: str, top: Schema) -> Schema:
    """The definition that a `$ref` of this document means.

    Raises:
        LookupError: where there is none.
    """
    found: Any = top
    for step in pointer.removeprefix("#").split("/")[1:]:
        found = found[step]
    return dict(found)


def _is(value: Any, kind: str) -> bool:
    # In JSON a truth value is no number.
    if isinstance(value, bool) and kind != "boolean":
        return False
    return isinstance(value, TYPES[kind])


def _wrong(value: Any, schema: Schema) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"{value!r} is none of {', '.join(map(str, schema['enum']))}"
    if "const" in schema and value != schema["const"]:
        yield f"{value!r} is not {schema['const']!r}"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"'{value}' is not written as {schema['pattern']}"
    if isinstance(value, int) and value < schema.get("minimum", value):
        yield f"{value} is below {schema['minimum']}"


def _options(value: Any, schema: Schema, top: Schema, at: str) -> Found:
    for name in ("anyOf", "oneOf"):
        options = schema.get(name, ())
        fitting = sum(not any(mismatches(value, one, top, at)) for one in options)
        if options and (fitting == 0 or (name == "oneOf" and fitting > 1)):
            yield at, f"it fits {fitting} of {len(options)} descriptions"


def _members(value: Mapping[str, Any], schema: Schema, top: Schema, at: str) -> Found:
    known = schema.get("properties", {})
    more = schema.get("additionalProperties", True)
    for key in schema.get("required", ()):
        if key not in value:
            yield at, f"'{key}' is missing"
    for key, inner in value.items():
        here = f"{at}/{key.replace('~', '~0').replace('/', '~1')}"
        if "propertyNames" in schema:
            yield from mismatches(key, schema["propertyNames"], top, here)
        if key in known or isinstance(more, dict):
            yield from mismatches(inner, known.get(key, more), top, here)
        elif not more:
            yield here, f"'{key}' is no key"
