"""The contract: what it asks for, and what it refuses."""

import json

import jsonschema
import pytest
from pydantic import ValidationError

from rostra.sitegen.feeds.shapes import FILES, LinkData, TopicData, schema
from rostra.sitegen.linters.schema import mismatches

URL = "https://lab.example/api/v1/schema.json"
PAGE = "https://lab.example/"


def test_the_schema_describes_every_file_by_name() -> None:
    found = json.loads(schema(URL))
    jsonschema.Draft202012Validator.check_schema(found)
    assert found["$id"] == URL
    assert {kind.__name__ for kind in FILES} <= set(found["$defs"])


def test_our_linter_knows_every_word_of_it() -> None:
    found = json.loads(schema(URL))
    for shape in found["$defs"].values():
        assert not [one for one in mismatches({}, shape, found) if "not checked" in one[1]]


@pytest.mark.parametrize("url", ["javascript:x", "ftp://a.example/", "/talks/"])
def test_only_addresses_of_the_web_are_links(url: str) -> None:
    with pytest.raises(ValidationError):
        LinkData(slides=url)


def test_no_unknown_key_is_written() -> None:
    with pytest.raises(ValidationError):
        LinkData(join="https://secret.example/")
    with pytest.raises(ValidationError):
        TopicData(id="Not A Key", name={"en": "x"}, talks=(), url=PAGE, feed=PAGE)
    assert TopicData(id="a-key", name={"en": "x"}, talks=(), url=PAGE, feed=PAGE)
