"""What programs read besides feeds: our interface by its schema, pages by Google's rules."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rostra.sitegen.linters._base import Finding
from rostra.sitegen.linters.markup import Report
from rostra.sitegen.linters.schema import mismatches, resolved
from rostra.sitegen.linters.structured import RULES as STRUCTURED
from rostra.sitegen.linters.structured import structured

RULES: Mapping[str, str] = {
    "json": "RFC 8259, 2 and 8.1",
    "schema": "api/v1/schema.json",
    "schema-named": "api/v1/schema.json, $schema of each file",
    **STRUCTURED,
}
FOLDER = "api/v1"


def lint(data: bytes, schema: bytes, file: str) -> list[Finding]:
    """Find what is wrong with a file of the interface.

    Args:
        data: its bytes.
        schema: those of the schema that it names.
        file: what findings call it.
    """
    report = Report(file, RULES)
    try:
        value, top = json.loads(data), json.loads(schema)
    except ValueError as error:
        report.add(getattr(error, "lineno", 1), "json", str(error))
        return report.findings
    named = value.get("$schema", "") if isinstance(value, dict) else ""
    address, _, pointer = str(named).partition("#")
    try:
        shape: Mapping[str, Any] = resolved(pointer, top)
    except LookupError:
        shape = {}
    if address != top.get("$id") or not pointer or not shape:
        report.add(1, "schema-named", f"'{named}' describes no file")
        return report.findings
    for at, message in mismatches(value, shape, top):
        report.add(1, "schema", f"{at or '/'}: {message}")
    return report.findings


def lint_page(data: bytes, file: str) -> list[Finding]:
    """Find what is wrong with the structured data of a page."""
    report = Report(file, RULES)
    structured(data.decode("utf-8"), report)
    return report.findings


def findings(site: Path) -> Iterator[Finding]:
    """Yield what is wrong with any of it in a built site."""
    schema = site / FOLDER / "schema.json"
    for path in sorted((site / FOLDER).rglob("*.json")):
        if path != schema:
            yield from lint(path.read_bytes(), schema.read_bytes(), _name(path, site))
    for path in sorted(site.rglob("*.html")):
        yield from lint_page(path.read_bytes(), _name(path, site))


def _name(path: Path, site: Path) -> str:
    return path.relative_to(site).as_posix()
