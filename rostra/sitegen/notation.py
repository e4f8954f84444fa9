"""YAML's notation as a tree of nodes: parsed in C, ten times as fast as PyYAML's own parser."""

import re
from contextlib import suppress

import yaml

# Where block collections may be nested a few dozen deep: far to the right, or many on one line.
_DEEP = re.compile(r"^[ \t]{60}|(?:[-?:]\s+){20}", re.MULTILINE)
_MANY = 500  # brackets: flow collections may be nested as deep


class Loader(yaml.SafeLoader):
    """Parses without guessing: every plain scalar stays the text that was written."""


class QuickLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same in C; what it says of a slip is less clear."""


Loader.yaml_implicit_resolvers = QuickLoader.yaml_implicit_resolvers = {}


def composed(text: str) -> yaml.Node | None:
    """Parse a text. One with a slip is parsed again, for the words that say which.

    Raises:
        yaml.YAMLError: where it is no YAML.
        RecursionError: where it is nested too deeply; in C nothing watches the stack.
    """
    deep = _DEEP.search(text) or text.count("[") + text.count("{") > _MANY
    if not deep:
        with suppress(yaml.YAMLError):
            return QuickLoader(text).get_single_node()
    return Loader(text).get_single_node()
