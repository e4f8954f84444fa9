"""Pages for those who come from other libraries: our side runs, theirs is really called so."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from robustlib.engine import AttackResult
from tests.conftest import PEERS

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "how-to").glob("come-from-*.md"))
PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
TITLED = re.compile(r'^```(?:py|python) title="(\w+)"\n(.*?)^```', re.DOTALL | re.MULTILINE)
# What is called in the middle of a sentence: `DDNAttack(steps=, gamma=)`.
NAMED = re.compile(r"`([A-Z]\w+)(?:\(((?:\w+=(?:, )?)+)\))?`")
OURS = {"Goal", "Misclassify", "L1", "L2", "Linf", "False", "True"}
WHERE = {
    "Foolbox": ("foolbox", "foolbox.attacks", "foolbox.criteria"),
    "torchattacks": ("torchattacks",),
    "ART": ("art.attacks.evasion", "art.estimators.classification"),
}
LOOK = """
import importlib, inspect, json, sys
from benchmarks._peers import STUBBED, _stub
sys.path.append(sys.argv[1])
for name in STUBBED:
    sys.modules.setdefault(name, _stub(name))
places, wanted = json.loads(sys.stdin.read())
modules = [importlib.import_module(place) for place in places]
for name, given in wanted:
    (thing, *_) = [getattr(one, name) for one in modules if hasattr(one, name)] or [None]
    takes = inspect.signature(thing).parameters if thing else {}
    print(json.dumps([name, thing is not None, [one for one in given if one not in takes]]))
"""


def sides(page: Path) -> list[tuple[str, str]]:
    """The titled blocks of a page: whose, and the code."""
    return TITLED.findall(page.read_text(encoding="utf-8"))


def called(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Each class of theirs that is built on a page, and the names of what it is given."""
    for whose, code in sides(page):
        if whose != "Rostra":
            yield from _calls(ast.parse(code))
    said = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for name, given in NAMED.findall(said):
        if name not in OURS:
            yield name, re.findall(r"(\w+)=", given)


def _calls(code: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(code):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).split(".")[-1]
            if name[0].isupper() and name != "CrossEntropyLoss":
                yield name, [keyword.arg or "**" for keyword in node.keywords]


@PAGE
def test_each_of_their_calls_stands_beside_one_of_ours(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    pairs = re.findall(r'<div class="sides" markdown>\n(.*?)</div>', text, re.DOTALL)
    peer = {whose for whose, _ in sides(page)} - {"Rostra"}
    assert len(pairs) >= 5
    assert len(peer) == 1
    assert all([whose for whose, _ in TITLED.findall(pair)] == [*peer, "Rostra"] for pair in pairs)


@PAGE
def test_our_side_runs_as_it_stands(page: Path) -> None:
    found: dict[str, Any] = {}
    for whose, code in sides(page):
        if whose == "Rostra":
            exec(compile(code, page.name, "exec"), found)
    results = {name: one for name, one in found.items() if isinstance(one, AttackResult)}
    assert len(results) >= 4
    for result in results.values():
        assert result.adversarial.shape == found["images"].shape
        told = result.outputs if result.outputs.ndim == 1 else result.outputs.argmax(1)
        assert torch.equal(told, look(found["model"], result.adversarial))
    chosen, wanted = results["chosen"], found["wanted"]
    assert bool(chosen.success.any())
    assert torch.equal(chosen.success, look(found["model"], chosen.adversarial) == wanted)


def look(model: torch.nn.Module, images: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return model(images).argmax(1)


@pytest.mark.peers
@PAGE
def test_their_side_names_what_they_have(page: Path) -> None:
    (whose,) = {whose for whose, _ in sides(page)} - {"Rostra"}
    wanted = list(called(page))
    assert len(wanted) > 10
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOOK, str(PEERS.resolve())],
        input=json.dumps([WHERE[whose], wanted]),
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    assert [name for name, *_ in answers] == [name for name, _ in wanted]
    assert [answer for answer in answers if answer[1:] != [True, []]] == []


def test_a_name_that_they_do_not_have_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "come-from.md"
    text = '```py title="Foolbox"\nfb.attacks.NoSuch(steps=1)\n```\n`LinfPGD(step=)`, `Misclassify`'
    page.write_text(text, encoding="utf-8")
    assert list(called(page)) == [("NoSuch", ["steps"]), ("LinfPGD", ["step"])]
