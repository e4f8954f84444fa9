"""Everything that the site generator says to authors has its Chinese, with the same gaps."""

import ast
import pickle
import string
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from rostra.sitegen.messages import chinese, say, spoken

ROOM = Path(__file__).parents[3] / "rostra"
REPORTERS = ("refuse", "report", "report_at", "warn", "Fault", "TimeError", "FormulaError")


def texts(node: ast.AST) -> Iterator[str]:
    """All strings that an expression holds, but not the keys of a mapping."""
    if isinstance(node, ast.Dict):
        for value in node.values:
            yield from texts(value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.Tuple | ast.List | ast.IfExp):
        for child in ast.iter_child_nodes(node):
            yield from texts(child)


def said(module: ast.Module) -> Iterator[str]:
    """The sentences of all `say(…)`: written there, or under the name that stands there."""
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named.setdefault(node.targets[0].id, []).append(node.value)
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("say"):
            first = node.args[0]
            inner = first.value if isinstance(first, ast.Subscript) else first
            found = named.get(inner.id, []) if isinstance(inner, ast.Name) else [first]
            for value in found:
                yield from texts(value)


SENTENCES = sorted(
    {
        sentence
        for path in ROOM.rglob("*.py")
        for sentence in said(ast.parse(path.read_text(encoding="utf-8")))
    }
)


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_sentence_has_its_chinese() -> None:
    assert len(SENTENCES) > 100
    assert [one for one in SENTENCES if one not in chinese()] == []


def test_no_translation_is_left_over() -> None:
    assert [one for one in chinese() if one not in SENTENCES] == []


def test_a_translation_has_the_gaps_of_its_sentence() -> None:
    assert {one: told for one, told in chinese().items() if gaps(one) != gaps(told)} == {}


def is_sentence(value: ast.expr) -> bool:
    """Whether it is words of our own: a text with blanks, or one with blanks and gaps."""
    if isinstance(value, ast.JoinedStr):
        return any(is_sentence(part) for part in value.values)
    return isinstance(value, ast.Constant) and " " in str(value.value).strip()


def test_no_fault_is_reported_in_english_alone() -> None:
    """A message is said, or handed on; it is never a bare string."""
    bare = []
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in REPORTERS:
                # What is expected or came is often code: an example of how it is written.
                told = [one.value for one in node.keywords if one.arg not in ("expected", "got")]
                sentences = filter(is_sentence, [*node.args, *told])
                bare += [f"{path.name}:{value.lineno}" for value in sentences]
    assert bare == []


def test_what_fills_a_gap_is_translated_as_well() -> None:
    message = say("expected {what}", what=say("a whole number"))
    assert (str(message), spoken(message, "zh")) == ("expected a whole number", "应为 整数")


def test_a_text_that_nobody_translated_stays() -> None:
    assert spoken("No such thing", "zh") == "No such thing"
    assert spoken(say("unheard of {what}", what=1), "zh") == "unheard of 1"


def test_a_copy_can_still_be_translated() -> None:
    message = deepcopy(say("the key '{key}' is missing", key="title"))
    assert spoken(pickle.loads(pickle.dumps(message)), "zh") == "缺少键 “title”"
