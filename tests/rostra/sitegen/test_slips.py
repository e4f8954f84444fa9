"""What is said of a slip in the notation, in Chinese too, and what to do about it."""

import re

import pytest
import yaml

from rostra.sitegen.messages import spoken
from rostra.sitegen.reading import parse
from rostra.sitegen.slips import told

SLIPS = {
    "title: One: two\n": "此处不能再有 “键: 值”",
    "a:\n\tb: 1\n": "字符 '\\t' 不能出现在开头",
    "a: @x\n": "字符 '@' 不能出现在开头",
    "a: b\nnothing\n": "此处缺少 “:”",
    "a: *b\n": "别名 'b' 没有定义",
    "a: 'x\n": "引号还没有闭合，文件就结束了",
    'a: "x\n': "引号还没有闭合，文件就结束了",
    "a: 'it's'\n": "这一段本应结束，却出现了 一段文字",
    "- a\nb: 1\n": "这一段本应结束，却出现了 '?'",
    "a: [1, 2\n": "应为 “,” 或 “]”，实为 文件结尾",
    "a: {b: 1\nc: 2\n": "应为 “,” 或 “}”，实为 ':'",
    "a: ]\n": "应为一个值，实为 ']'",
    "{a: 1}}\n": "文件本应结束，却出现了 '}'",
    "a: 1\n---\nb: 2\n": "一个文件里只能有一份内容",
    'a: "\\q"\n': "反斜杠后的 'q' 没有意义",
    "a: - b\n": "此处不能有 “- ” 列表项",
    "a: |x\n b\n": "“|” 或 “>” 之后应当换行，实为 'x'",
    "a: &\n": "应为字母或数字",
    "a: 1\na: 2\n": "键 “a” 出现了两次",
}


@pytest.mark.parametrize("text", SLIPS, ids=repr)
def test_a_slip_is_said_in_chinese(text: str) -> None:
    (fault,) = parse(text).faults
    lines = fault.told("zh").split("\n")
    assert SLIPS[text] in lines[0]
    notes = " ".join([lines[0].split(": ", 1)[-1], *lines[3:]])
    assert not re.search(r"[a-z]{2,} [a-z]{2,}", notes), notes


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("a: 'x\nb: 1\n", "the quotation mark of line 1 is not closed"),
        ("a: **b**\n", "begins with * or & stands in quotes"),
        ("a: @x\n", "begins with this character stands in quotes"),
        ("a: 'it's'\n", "is written twice"),
        ('a: "\\q"\n', "only a backslash"),
    ],
)
def test_a_slip_comes_with_advice(text: str, advice: str) -> None:
    assert advice in parse(text).faults[0].suggestion


def test_what_has_no_words_of_ours_is_quoted() -> None:
    slip = told(yaml.MarkedYAMLError(problem="expected '!', but found {x}"))
    assert str(slip) == "the notation is wrong here: expected '!', but found {x}"
    assert spoken(slip, "zh") == "此处的写法不对（解析器的原话：expected '!', but found {x}）"
