"""CSL-JSON as its schema has it: names, types, dates."""

import json

from rostra.sitegen.csl import csl, issued, name, written
from rostra.sitegen.references import entries, reference

BIB = r"""
@article{a, author={Chen, Pin-Yu and Peva {\'E}x and {OpenAI}}, title={On {T}rust \& more},
  journal={J. X}, year=2024, volume=3, number={1}, pages={1--9}, doi={10.1/x}}
@misc{b, author={Ann Lee}, title={Draft}, year={to appear}, eprint={1706.06083}}
@manual{c, author={Ann Lee}, title={M}, year=2020}
"""


def items() -> dict[str, dict]:
    return {key: dict(csl(reference(key, entry))) for key, entry in entries(BIB, "x").items()}


def test_a_paper_has_all_its_variables() -> None:
    assert items()["a"] == {
        "id": "a",
        "type": "article-journal",
        "title": "On Trust & more",
        "author": [
            {"family": "Chen", "given": "Pin-Yu"},
            {"family": "Éx", "given": "Peva"},
            {"literal": "OpenAI"},
        ],
        "container-title": "J. X",
        "issued": {"date-parts": [[2024]]},
        "volume": "3",
        "issue": "1",
        "page": "1-9",
        "DOI": "10.1/x",
        "URL": "https://doi.org/10.1/x",
    }


def test_what_is_not_known_is_left_out() -> None:
    found = items()
    assert found["b"]["type"] == "article"
    assert "issued" not in found["b"]
    assert found["b"]["URL"] == "https://arxiv.org/abs/1706.06083"
    assert found["c"]["type"] == "document"
    assert "URL" not in found["c"]


def test_a_file_is_json_with_a_variable_a_line() -> None:
    text = written({"id": "a", "title": 'x "y"'}, {"id": "b"})
    assert json.loads(text) == [{"id": "a", "title": 'x "y"'}, {"id": "b"}]
    assert '\n  "title": ' in text


def test_a_date_has_its_parts() -> None:
    assert issued(2024, 5, 6) == {"date-parts": [[2024, 5, 6]]}
    assert name("Plato") == {"literal": "Plato"}
