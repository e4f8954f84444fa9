"""The code that a verdict of ours hangs on, as a digest."""

import ast
import hashlib
from functools import cache
from pathlib import Path

import robustlib.attacks

FOLDER = Path(robustlib.attacks.__file__).parent


@cache
def code_of(attack: str, folder: Path = FOLDER) -> str:
    """A digest of an attack's module and of all of its folder that it imports, without their words.

    What only explains changes no verdict. The engine, threats and losses are not in it: whoever
    changes what they answer, and not how fast, deletes the shards.
    """
    digest = hashlib.sha256()
    for name in sorted(_needed(attack, folder, set())):
        digest.update(f"{name} {_bare(_tree(folder / f'{name}.py'))}".encode())
    return digest.hexdigest()


def _needed(name: str, folder: Path, met: set[str]) -> set[str]:
    """The modules of a folder that one of them imports, itself among them."""
    met.add(name)
    package = f"robustlib.{folder.name}"
    for node in ast.walk(_tree(folder / f"{name}.py")):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(package):
            continue
        last = (node.module or "").removeprefix(package).lstrip(".")
        for found in [last] if last else [alias.name for alias in node.names]:
            if found not in met and (folder / f"{found}.py").exists():
                _needed(found, folder, met)
    return met


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _bare(tree: ast.Module) -> str:
    """The code without docstrings; comments are not in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:]
    return ast.dump(tree)
