"""What our templates write into pages, from entries and inventories made for it."""

from datetime import UTC, datetime

import pytest

from rostra.sitegen.inventory import Benchmark, Inventory, Table
from rostra.sitegen.programme import Programme
from rostra.sitegen.render import render

NOW = datetime(2024, 6, 1, tzinfo=UTC)
PREFIX = {"en": "", "zh": "zh/"}


def page(path: str, programme: Programme, *benchmarks: Benchmark) -> str:
    found = render(programme, Inventory(benchmarks=benchmarks), NOW)
    (text,) = [one.text for one in found if one.path == f"{path}index.html"]
    return text


@pytest.mark.parametrize("language", PREFIX)
def test_a_measurement_is_markdown_and_said_to_be_english(programme, language: str) -> None:
    table = Table(title="From `make serve`", rows=({"s": 1.5},), notes=("By `python -m it`.",))
    text = page(f"{PREFIX[language]}benchmarks/", programme, Benchmark("serve", table))
    mark = "" if language == "en" else ' lang="en"'
    assert f'<section class="section"{mark}>' in text
    assert '<h2 id="serve">From <code>make serve</code></h2>' in text
    assert "<li>By <code>python -m it</code>.</li>" in text
    assert ("以英文写出" in text) is (language == "zh")
