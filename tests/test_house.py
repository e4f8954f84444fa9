"""The architecture as a test: budgets, mirrors, citations, and the habits nobody may break.

An exception is a line below with its reason, or it does not exist.
"""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("rostra", "robustlib", "demos")
SOURCES = sorted(chain.from_iterable((ROOT / package).rglob("*.py") for package in PACKAGES))
ATTACKS = [path for path in SOURCES if path.parts[-3:-1] == ("robustlib", "attacks")]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
BENCHMARKS = sorted((ROOT / "benchmarks").rglob("*.py"))
ASSETS = sorted(chain.from_iterable((ROOT / "rostra").rglob(f"*.{end}") for end in ("js", "css")))
WRITTEN = SOURCES + TESTS + BENCHMARKS + ASSETS  # by hand; nothing there is generated

FILE_LINES = 300
FUNCTION_MEDIAN, FUNCTION_P90 = 8, 30
POSITIONAL_PARAMETERS = 5

# file: why it may be longer than 300 lines
LONG_FILES: dict[str, str] = {}
# module: why no test file of its own mirrors it
UNMIRRORED: dict[str, str] = {
    "rostra/sitegen/channels/_base.py": "every announcement of test_mail and test_wechat is one",
}
# function: why it takes more than five positional parameters
WIDE_FUNCTIONS: dict[str, str] = {}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(module: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (
        node
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring and decorators."""
    doc = function.body[0]
    has_doc = ast.get_docstring(function, clean=False) is not None
    docstring = (doc.end_lineno or 0) - doc.lineno + 1 if has_doc else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_there_is_something_to_check() -> None:
    assert len(SOURCES) > 20
    assert min(map(len, (TESTS, BENCHMARKS, ASSETS))) > 5
    assert {path.parts[len(ROOT.parts)] for path in SOURCES} == set(PACKAGES)


@pytest.mark.parametrize("path", WRITTEN, ids=name)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= FILE_LINES or name(path) in LONG_FILES, f"{lines} lines; split it or say why"


def test_functions_are_small() -> None:
    sizes = [body_lines(function) for path in SOURCES for function in functions(tree(path))]
    assert median(sizes) <= FUNCTION_MEDIAN
    assert quantiles(sizes, n=10)[-1] <= FUNCTION_P90


def positional(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    return [
        argument.arg
        for argument in function.args.posonlyargs + function.args.args
        if argument.arg not in ("self", "cls")
    ]


def test_functions_take_few_positional_parameters() -> None:
    wide = {
        f"{name(path)}:{function.name}": len(positional(function))
        for path in SOURCES
        for function in functions(tree(path))
        if len(positional(function)) > POSITIONAL_PARAMETERS
    }
    assert set(wide) == set(WIDE_FUNCTIONS), wide


def test_exceptions_are_still_needed() -> None:
    """A reason whose file has shrunk or gone is removed, or the list rots."""
    for path in LONG_FILES:
        assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) > FILE_LINES
    for path in UNMIRRORED:
        assert (ROOT / path).exists()
        assert not mirror(ROOT / path).exists()


def mirror(path: Path) -> Path:
    relative = path.relative_to(ROOT)
    return ROOT / "tests" / relative.with_name(f"test_{relative.name}")


@pytest.mark.parametrize("path", [p for p in SOURCES if p.name != "__init__.py"], ids=name)
def test_every_module_is_mirrored_by_a_test_file(path: Path) -> None:
    assert mirror(path).exists() or name(path) in UNMIRRORED, f"write {name(mirror(path))}"


ROOM_WIDE = "accounts", "contract", "mutations", "properties"
"""What is asked of a whole room."""


def test_every_test_file_mirrors_something() -> None:
    elsewhere = ("browser", "gpu", "bare", "benchmarks", "docs")
    for path in TESTS:
        relative = path.relative_to(ROOT / "tests")
        mirrors = any((ROOT / package) == ROOT / relative.parts[0] for package in PACKAGES)
        if not path.name.startswith("test_") or not mirrors or relative.parts[0] in elsewhere:
            continue
        source = ROOT / relative.with_name(relative.name.removeprefix("test_"))
        room = path.name.removeprefix("test_").removesuffix(".py") in ROOM_WIDE
        assert room or source.exists(), f"{name(path)} tests a module that is not there"


def bibliography() -> set[str]:
    """The keys of what others have written, and of what those at home have."""
    both = (ROOT / "docs" / f"{name}.bib" for name in ("references", "publications"))
    text = "".join(path.read_text(encoding="utf-8") for path in both)
    return set(re.findall(r"^@\w+\{([^,\s]+),", text, re.MULTILINE))


def cited(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for line in re.findall(r"Source:\s*\n?\s*([\w:-]+)", ast.get_docstring(node) or ""):
                yield name(path), line


def test_every_citation_exists() -> None:
    citations = list(chain.from_iterable(map(cited, SOURCES)))
    assert citations
    known = bibliography()
    assert [(where, key) for where, key in citations if key not in known] == []


@pytest.mark.parametrize("path", [p for p in ATTACKS if not p.name.startswith("_")], ids=name)
def test_every_attack_cites_its_source(path: Path) -> None:
    assert list(cited(path)), "a `Source:` line with a key of docs/references.bib"


def calls(module: ast.Module, attribute: str) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == attribute
    ]


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_device_is_an_argument(path: Path) -> None:
    assert calls(tree(path), "cuda") == [], "`.cuda(` hard-wires a device: use `.to(device)`"


def questions_inside_blocks(module: ast.AST) -> list[int]:
    """Lines that ask (`yield`, `yield from`) inside `with` or `try`.

    A suspended conversation must hold nothing: no lock, no grad mode, no handler. The engine would
    otherwise answer it with somebody else's state switched on.
    """
    return [
        inner.lineno
        for block in ast.walk(module)
        if isinstance(block, ast.With | ast.AsyncWith | ast.Try | ast.TryStar)
        for inner in ast.walk(block)
        if isinstance(inner, ast.Yield | ast.YieldFrom)
    ]


@pytest.mark.parametrize("path", ATTACKS, ids=name)
def test_no_question_is_asked_inside_a_block(path: Path) -> None:
    assert questions_inside_blocks(tree(path)) == []


@pytest.mark.parametrize(
    "code",
    [
        "def a():\n    with b:\n        yield from c",
        "def a():\n    try:\n        d = yield c\n    finally:\n        e()",
    ],
)
def test_the_question_rule_can_fail(code: str) -> None:
    assert questions_inside_blocks(ast.parse(code)) != []


def test_no_drawer_for_odds_and_ends() -> None:
    drawers = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [name(path) for path in SOURCES + TESTS if path.name in drawers] == []


def test_nothing_is_skipped() -> None:
    """A test that does not run proves nothing; what cannot run here is deselected by its folder."""
    words = re.compile(r"pytest\.(mark\.)?(skip|xfail|importorskip)\w*")
    found = [name(path) for path in TESTS if words.search(path.read_text(encoding="utf-8"))]
    assert [where for where in found if where != name(Path(__file__))] == []


def test_nothing_is_unpickled() -> None:
    for path in SOURCES:
        module = tree(path)
        imported = {
            name.split(".")[0]
            for node in ast.walk(module)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in [getattr(node, "module", None) or "", *(each.name for each in node.names)]
        }
        assert not imported & {"pickle", "dill", "cloudpickle"}, name(path)
        if name(path).startswith("robustlib/"):
            torch_load = [
                node.lineno
                for node in ast.walk(module)
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.load"
            ]
            assert torch_load == [], f"{name(path)}: weights are safetensors"
