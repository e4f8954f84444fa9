"""What hand-written pages ask for: figures of cards, sources, formulas."""

import re

import pytest
from jinja2 import UndefinedError

from rostra.sitegen.figures import drawn, filled
from rostra.sitegen.formulas import FormulaError
from rostra.sitegen.inventory import Benchmark, Inventory, Model, Table
from rostra.sitegen.references import Reference

CARD = {
    "clean_accuracy": 0.9949,
    "robust_accuracy": 0.0,
    "threat": {"norm": "Linf", "eps": 8 / 255},
}
SOURCE = Reference("k", ("A B",), "On x < y", "ICLR", "2020", "https://arxiv.org/abs/1")
SHELF = Inventory(models=(Model("m", CARD),), references={"k": SOURCE})


def test_figures_come_from_the_card() -> None:
    page = '[= clean("m") =] | [= robust("m") =] | [= eps("m") =]'
    assert filled(page, SHELF, "?") == "99.5% | 0.0% | 8/255"


def test_figures_are_written_as_the_language_of_the_page_does() -> None:
    # Chinese writes them as English does: a language that does not shows that it is asked.
    assert filled('[= clean("m") =]', SHELF, "?", "de") == "99,5%"


def test_a_model_that_is_not_there_is_not_invented() -> None:
    assert filled('[= clean("n") =]', SHELF, "not measured yet") == "not measured yet"


def test_a_card_without_the_figure_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled('[= clean("m") =]', Inventory(models=(Model("m", {}),)), "?")


def test_a_question_that_nobody_answers_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        filled("[= accuracy('m') =]", SHELF, "?")


MEASURED = Benchmark("b", Table(title="T", rows=({"library": "ours", "s": 2.5},), notes=("n",)))


def test_a_measurement_is_a_picture_and_a_table() -> None:
    shelf = Inventory(benchmarks=(MEASURED,))
    page = '[= plot("b", ["s"], by=["library"], title="Seconds", says="Each.") =]'
    picture = filled(page, shelf, "?")
    assert '<title id="b-seconds-title">Seconds</title>' in picture
    assert ">2.5</text>" in picture
    assert '<td class="number" data-label="s">2.5</td>' in filled(
        '[= measured("b", "All") =]', shelf, "?"
    )


@pytest.mark.parametrize(
    "page",
    [
        '[= measured("c", "All") =]',
        '[= plot("c", ["s"], by=["library"], title="Seconds", says="Each.") =]',
    ],
)
def test_what_nobody_has_measured_is_said_with_the_command_that_would(page: str) -> None:
    said = filled(page, Inventory(benchmarks=(MEASURED,)), "not measured yet")
    assert said == "*not measured yet: `python -m benchmarks c`*"


def test_a_column_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled(
            '[= plot("b", ["x"], by=["library"], title="S", says="E.") =]',
            Inventory(benchmarks=(MEASURED,)),
            "?",
        )


def test_braces_and_formulas_pass_untouched() -> None:
    page = "$\\{x_{{i}}\\}$ {% raw %} {{ a }} \\[x\\]\n"
    assert filled(page, SHELF, "?") == page


def test_sources_are_listed_and_escaped() -> None:
    listed = filled('[= sources("k") =]', SHELF, "?")
    assert '<a href="https://arxiv.org/abs/1">On x &lt; y</a>. ICLR, 2020.' in listed


def test_formulas_become_mathml_where_they_stand() -> None:
    page = (
        '<p>That <span class="arithmatex">\\(x &lt; y\\)</span>.</p>'
        '<div class="arithmatex">\\[\nx\n\\]</div>'
    )
    result = drawn(page)
    assert 'display="inline"' in result
    assert '<div class="formula"' in result
    assert "arithmatex" not in result
    assert "\\" not in result


def test_a_stop_stays_with_its_formula() -> None:
    page = '<p>设 <span class="arithmatex">\\(x\\)</span>。其中</p>'
    assert re.search(r'<span class="unbroken"><math .*</math>。</span>其中', drawn(page))


def test_a_wrong_formula_is_an_error() -> None:
    with pytest.raises(FormulaError):
        drawn('<span class="arithmatex">\\(\\los\\)</span>')
