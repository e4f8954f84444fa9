"""The README's table of methods is the library's own list; its example runs as it stands."""

import os
import re
from pathlib import Path

from rostra.sitegen import inventory

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- methods: .*? -->\n).*?(<!-- /methods -->)", re.DOTALL)


def table() -> str:
    lines = ["| attack | access | what it does | source |", "| --- | --- | --- | --- |"]
    for method in inventory.read(ROOT).methods:
        if method.room == "attacks":
            source = f"{method.source.title}, {method.source.year}" if method.source else ""
            lines.append(f"| `{method.name}` | {method.access} | {method.summary} | {source} |")
    return "\n".join(lines) + "\n"


def test_the_table_of_methods_is_fresh() -> None:
    text = README.read_text(encoding="utf-8")
    fresh = BLOCK.sub(lambda match: f"{match[1]}{table()}{match[2]}", text)
    if os.environ.get("ROSTRA_GOLDEN") == "rewrite":
        README.write_text(fresh, encoding="utf-8")
    assert README.read_text(encoding="utf-8") == fresh, "make golden"
    assert "`pgd` | white-box" in fresh


def test_the_example_runs_as_it_stands() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    said: list[str] = []
    exec(compile(code, "README.md", "exec"), {"print": said.append})
    assert len(said) == 1
    share = re.fullmatch(r"(\d+)% fooled, \d+ queries each", said[0])
    assert share
    assert int(share[1]) > 80
