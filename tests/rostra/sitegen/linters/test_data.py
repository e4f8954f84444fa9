"""The interface's files against the schema that they name."""

import json
from pathlib import Path

import pytest

from rostra.sitegen.linters.data import findings, lint

HERE = "https://lab.example/api/v1/schema.json"
SCHEMA = json.dumps(
    {
        "$id": HERE,
        "$defs": {
            "File": {
                "type": "object",
                "properties": {"$schema": {"type": "string"}, "talks": {"type": "array"}},
                "required": ["$schema", "talks"],
                "additionalProperties": False,
            }
        },
    }
).encode()
SOUND = {"$schema": f"{HERE}#/$defs/File", "talks": []}


def test_a_sound_file_has_no_findings() -> None:
    assert lint(json.dumps(SOUND).encode(), SCHEMA, "talks.json") == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("json", '{"a": }'),
        ("json", b"\xff"),
        ("schema", json.dumps(SOUND | {"join": "https://secret.example/"})),
        ("schema", json.dumps(SOUND | {"talks": {}})),
        ("schema-named", json.dumps(SOUND | {"$schema": f"{HERE}#/$defs/Other"})),
        ("schema-named", json.dumps(SOUND | {"$schema": HERE})),
        ("schema-named", json.dumps(SOUND | {"$schema": "https://else.example/#/$defs/File"})),
        ("schema-named", "[]"),
    ],
)
def test_a_broken_file_is_found(rule: str, text: str | bytes) -> None:
    data = text if isinstance(text, bytes) else text.encode()
    assert [one.rule for one in lint(data, SCHEMA, "talks.json")] == [rule]


def test_all_of_a_site_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "api" / "v1" / "talks"
    folder.mkdir(parents=True)
    (tmp_path / "api/v1/schema.json").write_bytes(SCHEMA)
    (folder / "a.json").write_text(json.dumps(SOUND), encoding="utf-8")
    (tmp_path / "a.html").write_text("<p>", encoding="utf-8")
    assert list(findings(tmp_path)) == []
    (folder / "a.json").write_text("{}", encoding="utf-8")
    block = '<script type="application/ld+json">{}</script>'
    (tmp_path / "a.html").write_text(block, encoding="utf-8")
    found = [(one.file, one.rule) for one in findings(tmp_path)]
    assert found == [("api/v1/talks/a.json", "schema-named"), ("a.html", "ld-context")]
