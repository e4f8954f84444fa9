"""The two parsers agree: on what is written, and on where it stands."""

from pathlib import Path

import pytest
import yaml

from rostra.sitegen import reading
from rostra.sitegen.notation import Loader, QuickLoader, composed

ROOT = Path(__file__).parents[3]
FILES = [
    path
    for folder in ("seminars", "tests/rostra/sitegen/golden/seminars")
    for path in sorted((ROOT / folder).rglob("*.yaml"))
]
SLIPS = ("a: b: c", "a: [1", "\ta: 1", "a: *b", "? [", "a: 'x", "--- a\n--- b")


def shape(node: yaml.Node | None) -> object:
    if node is None:
        return None
    where = node.tag, node.start_mark.index, node.end_mark.index, node.start_mark.line
    if isinstance(node, yaml.ScalarNode):
        return (*where, node.value, node.style or "")
    inside = [
        part for pair in node.value for part in (pair if isinstance(pair, tuple) else (pair,))
    ]
    return (*where, [shape(part) for part in inside])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_both_parsers_see_the_same_nodes_in_the_same_places(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert shape(QuickLoader(text).get_single_node()) == shape(Loader(text).get_single_node())


@pytest.mark.parametrize("text", SLIPS)
def test_of_a_slip_the_clearer_parser_speaks(text: str) -> None:
    with pytest.raises(yaml.YAMLError) as plain:
        Loader(text).get_single_node()
    with pytest.raises(yaml.YAMLError) as ours:
        composed(text)
    assert str(ours.value) == str(plain.value)


@pytest.mark.parametrize(
    "text",
    ["[" * 50_000, "- " * 50_000, "? " * 50_000, "\n".join(" " * n + "a:" for n in range(3000))],
    ids=["flow", "items", "keys", "blocks"],
)
def test_depth_is_no_crash(text: str) -> None:
    assert reading.parse(text).faults
