"""Our JSON Schema beside the reference implementation: both say the same of any value."""

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.sitegen.linters.schema import mismatches, resolved

SHAPE: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z]+$"},
        "count": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]},
        "kind": {"enum": ["a", "b"]},
        "fixed": {"const": 1},
        "inner": {"$ref": "#/$defs/Inner"},
        "words": {
            "type": "object",
            "propertyNames": {"enum": ["en", "zh"]},
            "additionalProperties": {"type": "string"},
        },
        "one": {"oneOf": [{"type": "integer"}, {"type": "number"}]},
        "flag": {"type": "boolean"},
    },
    "required": ["name"],
    "additionalProperties": False,
    "$defs": {"Inner": {"type": "array", "items": {"type": "number"}}},
}
REFERENCE = jsonschema.Draft202012Validator(SHAPE)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["a", "b", "A", "en"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from([*SHAPE["properties"], "en", "x"]), inner, max_size=4)
    ),
)


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ({}, ""),
        ({"name": "A"}, "/name"),
        ({"name": 1}, "/name"),
        ({"name": "a", "count": -1}, "/count"),
        ({"name": "a", "count": True}, "/count"),
        ({"name": "a", "kind": "c"}, "/kind"),
        ({"name": "a", "fixed": 2}, "/fixed"),
        ({"name": "a", "inner": [1, "2"]}, "/inner/1"),
        ({"name": "a", "words": {"de": "x"}}, "/words/de"),
        ({"name": "a", "words": {"en": 1}}, "/words/en"),
        ({"name": "a", "one": 1}, "/one"),
        ({"name": "a", "x/y": 1}, "/x~1y"),
        ([], ""),
    ],
)
def test_what_does_not_fit_is_found_where_it_stands(value: Any, at: str) -> None:
    assert [where for where, _ in mismatches(value, SHAPE, SHAPE)] == [at]
    assert not REFERENCE.is_valid(value)


@given(VALUES | st.fixed_dictionaries({"name": st.just("a"), "inner": VALUES, "one": VALUES}))
def test_it_says_what_the_reference_says(value: Any) -> None:
    assert (not list(mismatches(value, SHAPE, SHAPE))) is REFERENCE.is_valid(value)


def test_a_word_that_it_does_not_know_is_not_passed_over() -> None:
    shape = {"type": "string", "maxLength": 3}
    assert [message for _, message in mismatches("a", shape, shape)] == [
        "the schema says maxLength, which is not checked"
    ]


def test_a_reference_leads_somewhere() -> None:
    assert resolved("#/$defs/Inner", SHAPE)["type"] == "array"
    with pytest.raises(LookupError):
        resolved("#/$defs/Outer", SHAPE)
