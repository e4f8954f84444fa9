from xml.etree import ElementTree

import pytest

from rostra.sitegen.formulas import MATHML, FormulaError, mathml

# Formulas of our pages, with the letters and signs that must be seen.
DRAWN = {
    r"\max_{\|\delta\|_\infty \le \varepsilon} \ell(f(x + \delta), y)": "max‖δ‖∞≤εℓ(f(x+δ),y)",
    r"\nabla_x \ell(x, y)": "∇xℓ(x,y)",
    r"\frac{1}{n!} \sum_{i=1}^{n} \phi_i": "1n!∑i=1nϕi",
    r"\operatorname{sign}(\nabla)": "sign(∇)",
    r"x < y": "x<y",
    r"\sqrt{2} \in \mathbb{R}": "2∈ℝ",
    r"a \cdot b \times 10^{-3}": "a·b×10-3",
    r"\text{clean accuracy}": "clean accuracy",
}
REFUSED = [
    r"\arg\max_x f",
    r"\foo",
    r"a & b",
    r"\begin{aligned}a&=b\\c&=d\end{aligned}",
    r"\text{<script>alert(1)</script>}",
    r"\text{<mi onclick='x'>a</mi>}",
    r"\frac{1}{",
    r"\href{javascript:alert(1)}{x}",
    r"\text{R&D}",
]


def letters(tree: ElementTree.Element) -> str:
    return "".join(tree.itertext()).replace("−", "-").replace("\xa0", " ")


@pytest.mark.parametrize(("latex", "shown"), DRAWN.items())
def test_formulas_show_their_letters_and_nothing_of_the_notation(latex: str, shown: str) -> None:
    tree = ElementTree.fromstring(mathml(latex))
    assert tree.tag == f"{{{MATHML}}}math"
    assert letters(tree) == shown


@pytest.mark.parametrize("latex", REFUSED)
def test_what_would_show_as_literal_text_is_refused(latex: str) -> None:
    with pytest.raises(FormulaError):
        mathml(latex)


def test_an_unknown_name_is_answered_with_the_way_to_write_it() -> None:
    with pytest.raises(FormulaError, match=r"operatorname\{arg\}"):
        mathml(r"\arg x")


def test_display_formulas_say_so() -> None:
    assert 'display="block"' in mathml("x", display=True)


@pytest.mark.parametrize(
    "latex",
    [r"\|\delta\|_\infty", r"\lVert x \rVert_2^2", r"|S|! + |N|", r"\lvert x \rvert", r"p(a|b)"],
)
def test_bars_are_of_one_height_and_take_no_room(latex: str) -> None:
    tree = ElementTree.fromstring(mathml(latex))
    bars = [mo.attrib for mo in tree.iter(f"{{{MATHML}}}mo") if mo.text in ("|", "‖")]
    assert bars == [{"stretchy": "false", "lspace": "0", "rspace": "0"}] * len(bars) != []


def test_bars_of_left_and_right_enclose_what_is_between_them() -> None:
    tree = ElementTree.fromstring(mathml(r"\left\lVert \frac{a}{b} \right\rVert_2"))
    bars = [mo.attrib for mo in tree.iter(f"{{{MATHML}}}mo") if mo.text == "‖"]
    assert [(bar["stretchy"], bar["form"]) for bar in bars] == [
        ("true", "prefix"),
        ("true", "postfix"),
    ]


def test_a_formula_is_so_deep_and_no_deeper_whatever_pythons_limit_is() -> None:
    deep = r"\sqrt{" * 40 + "x" + "}" * 40
    assert mathml(deep).count("<msqrt>") == 40
    with pytest.raises(FormulaError, match="nested too deeply"):
        mathml(rf"\sqrt{{{deep}}}")
