"""The settings that a talk gives its demo: what the demo itself says that it can be set to."""

import ast
from collections.abc import Mapping
from pathlib import Path

from rostra.sitegen.contents import Contents
from rostra.sitegen.faults import nearest
from rostra.sitegen.messages import say
from rostra.sitegen.reading import Document

Allowed = tuple[str | float, ...]
"""Words that a setting may be; and the least and the most, where it may be a number."""


def check(contents: Contents) -> None:
    """Report each setting that the demo does not know, or cannot take."""
    known: dict[str, Mapping[str, Allowed] | None] = {}
    for talk in contents.talks:
        if talk.demo and talk.demo.settings:
            name = talk.demo.name
            if name not in known:
                known[name] = settings(contents.folder.parent / "demos" / f"{name}.py")
            _compare(contents.of(talk.ref), talk.demo.settings, known[name])


def _compare(
    document: Document, asked: Mapping[str, object], known: Mapping[str, Allowed] | None
) -> None:
    if known is None:
        return
    for key, value in asked.items():
        at = ("demo", "settings", key)
        if key not in known:
            message = say("the demo has no setting '{key}'", key=key)
            document.report(at, "demo-setting", message, on="key", suggestion=nearest(key, known))
        elif not _fits(value, known[key]):
            words = [one for one in known[key] if isinstance(one, str)]
            hint = nearest(str(value), words)
            message = say("the demo cannot set {key} to {value}", key=key, value=value)
            expected = _spoken(known[key])
            document.report(at, "demo-setting", message, expected=expected, suggestion=hint)


def _fits(value: object, allowed: Allowed) -> bool:
    bounds = [one for one in allowed if not isinstance(one, str)]
    if isinstance(value, str | bool) or not bounds:
        return any(type(one) is type(value) and one == value for one in allowed)  # true is no 1
    return isinstance(value, int | float) and min(bounds) <= value <= max(bounds)


def _spoken(allowed: Allowed) -> str:
    words = [one for one in allowed if isinstance(one, str)]
    bounds = [f"{one:g}" for one in allowed if not isinstance(one, str)]
    return ", ".join([*words, " … ".join(bounds)] if bounds else words)


def settings(path: Path) -> Mapping[str, Allowed] | None:
    """Read what a demo's `SETTINGS` allow; None where it says nothing. Nothing of it is run."""
    if not path.is_file():
        return None
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SETTINGS":
            found: Mapping[str, Allowed] = ast.literal_eval(node.value)
            return found
    return None
