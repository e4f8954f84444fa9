import json
import os
import random
import re
from html.parser import HTMLParser
from pathlib import Path
from time import process_time

import pytest

from rostra.sitegen import prose
from rostra.sitegen.formulas import FormulaError, mathml
from rostra.sitegen.prose import addresses, to_html, to_plain, wrong_formulas
from rostra.sitegen.reading import LONGEST

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<iframe src=https://a.example></iframe>",
    "<style>body{}</style>",
    "<svg onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](https://tracker.example/pixel.png)",
    "[x](vbscript:x)",
    "<a href='https://a.example' onclick='x'>y</a>",
    '[x](https://a.example "a\\" onmouseover=\\"x")',
    "\ue0000\ue001 $x$",
    "```html\n<script>x</script>\n```",
    r"$\text{<!--><script>alert(1)</script>-->}$",
    r"$\text{<![CDATA[<script>alert(1)</script>]]>}$",
    r'$\text{<x:mi xmlns:x="http://www.w3.org/1998/Math/MathML" onclick="x"/>}$',
    "[x][r]\n\n[r]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '![x" onerror="alert(1)](assets/x.png)',
    "![x](//tracker.example/x.png)",
    "![x](/\\tracker.example/x.png)",
    "![x](..%2f..%2fx.png)",
    "<!-- x --><script>",
    "<![CDATA[<script>]]>",
    "&lt;script&gt; &#60;script&#62;",
]


class Audit(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def drawn(latex: str, display: bool) -> str:
    """As pages draw it, where the checker lets it pass at all."""
    try:
        return mathml(latex, display)
    except FormulaError:
        return ""


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("inline", [True, False])
def test_hostile_text_becomes_harmless(text: str, inline: bool) -> None:
    audit = Audit()
    audit.feed(to_html(text, inline, draw=drawn))
    allowed = {"p", "a", "img", "pre", "code", "math", "mrow", "mi"}
    assert {tag for tag, _ in audit.tags} <= allowed
    for tag, attributes in audit.tags:
        if tag == "a":
            assert set(attributes) <= {"href", "title"}
            assert (attributes.get("href") or "https:").startswith("https:")
        if tag == "img":
            assert set(attributes) == {"src", "alt"}
            assert (attributes["src"] or "").startswith("/assets/")


@pytest.mark.data
def test_real_abstracts_in_many_languages_become_harmless_pages() -> None:
    """Six hundred descriptions as organisers really wrote them: Markdown, reST and plain text."""
    sample = Path(os.environ.get("ROSTRA_DATA", "../shared/data")) / "talks-sample.jsonl"
    talks = [json.loads(line) for line in sample.read_text(encoding="utf-8").splitlines()]
    assert len(talks) == 600
    forbidden = {"script", "style", "iframe", "img", "svg", "object", "form"}
    for talk in talks:
        audit = Audit()
        audit.feed(to_html(talk.get("description") or ""))
        assert not {tag for tag, _ in audit.tags} & forbidden
        assert not [name for _, given in audit.tags for name in given if name.startswith("on")]


PICTURES = {
    "![a *plot*](assets/x.png)": '<p><img src="/assets/x.png" alt="a plot"></p>',
    "![a](/assets/x.png)": '<p><img src="/assets/x.png" alt="a"></p>',
    "![a](https://b.example/x.png)": '<p><a href="https://b.example/x.png">a</a></p>',
    "[![a](https://b.example/x.png)](/c/)": '<p><a href="/c/">a</a></p>',
    "![a](../x.png)": "<p>a</p>",
    "![a](//b.example/x.png)": "<p>a</p>",
    "[a](research/)": '<p><a href="/research/">a</a></p>',
}


@pytest.mark.parametrize(("text", "html"), PICTURES.items())
def test_pictures_of_this_site_are_shown_and_no_others(text: str, html: str) -> None:
    assert to_html(text) == html


def test_a_title_and_a_mail_have_a_pictures_words() -> None:
    assert to_html("![a](assets/x.png)", inline=True) == "a"
    assert to_plain("See ![a *plot*](assets/x.png).") == "See a plot (assets/x.png)."


BOMBS = (
    *("[", "![", "[a](", "*a", "**a_", "`a", "<", "<a:", ">", "> ", "- ", "[a]: b\n", "$", "$x "),
    *("$$x", "\\", "&amp", "[[]", "](", "<a>", '[a](b "', "|a", "e\u0301", "1. ", "a\n===\n"),
)


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_text_takes_long(bomb: str) -> None:
    """As long as a text may be; twice as long takes four times the time at most, so this ends."""
    text = bomb * (LONGEST // len(bomb))
    begun = process_time()
    to_html.__wrapped__(text)
    to_plain.__wrapped__(text)
    addresses(text)
    assert process_time() - begun < 60


def test_a_table_of_ten_thousand_columns_is_drawn() -> None:
    row = "|" + "a|" * 10_000
    begun = process_time()
    assert to_html(f"{row}\n{row.replace('a', '-')}\n{row}").count("<td>") == 10_000
    assert process_time() - begun < 20


def test_markdown_and_formulas_are_drawn() -> None:
    html = to_html("At $x$ the *loss* is\n\n$$\\ell(x)$$\n\n- a\n- b")
    assert html.count("<math") == 2
    assert 'display="block"' in html
    assert "<em>loss</em>" in html
    assert "<li>a</li>" in html


@pytest.mark.parametrize("text", ["costs $5 and $6", "`$x$`", r"\$x\$", "a $ b $ c"])
def test_dollars_that_are_no_formula_stay(text: str) -> None:
    assert "<math" not in to_html(text)
    assert "$" in to_html(text)


def test_formulas_survive_what_markdown_would_do_to_them() -> None:
    assert to_html("$a_1 * b_2 * c_3$", inline=True).count("<msub>") == 3


def test_chinese_lines_join_without_a_blank() -> None:
    assert to_html("对抗样本\n很小。\nThe end\nof it") == "<p>对抗样本很小。\nThe end\nof it</p>"
    assert to_plain("对抗样本\n很小。") == "对抗样本很小。"


def test_headings_stand_below_those_of_the_page() -> None:
    assert re.findall(r"<h\d>", to_html("# a\n\n## b\n\n### c")) == ["<h3>", "<h3>", "<h4>"]


def test_plain_text_has_no_marks() -> None:
    text = (
        "# Why\n\n**Bold** and `code`\nwith $x_1$.\n\n1. one\n2. two\n\n- [a](https://a.example)\n"
    )
    assert to_plain(text) == (
        "Why\n\nBold and code with $x_1$.\n\n1. one\n2. two\n\n- a (https://a.example)"
    )
    assert to_plain("<https://a.example/p>") == "https://a.example/p"


def test_wrong_formulas_are_named() -> None:
    assert [latex for latex, _ in wrong_formulas(r"$x$ $\foo$ `$\bar$` $$a & b$$")] == [
        r"\foo",
        "a & b",
    ]


def test_plain_words_take_a_short_way_to_the_same_end(monkeypatch) -> None:
    chance = random.Random(7)
    signs = "aB\u5bf9\xe91 9.,;:!?-\u2013'\"()/=+#~{}|@%^*_`[<&$\\"
    signs += "\u2028\xad\u200b\u3000\u2122\ufb01\u0301\U0001f600"
    texts = {"".join(chance.choices(signs, k=chance.randint(1, 6))) for _ in range(20_000)}
    short = [text for text in texts if prose.WORDS.fullmatch(text)]
    assert len(short) > 500
    monkeypatch.setattr(prose, "WORDS", re.compile("(?!)"))
    for text in short:
        assert to_plain.__wrapped__(text) == text
        assert to_html.__wrapped__(text, inline=True) == text
        assert to_html.__wrapped__(text) == f"<p>{text}</p>"
