"""What PyYAML says of a slip in the notation, in words that can be said in Chinese, with advice."""

import re

import yaml

from rostra.sitegen.messages import Message, say

# What PyYAML says, and the same as a sentence of ours; `what` is a character or a token of its own.
_PROBLEMS = {
    r"mapping values are not allowed here": "mapping values are not allowed here",
    r"mapping keys are not allowed here": "mapping keys are not allowed here",
    r"sequence entries are not allowed here": "sequence entries are not allowed here",
    r"found character (?P<what>.+) that cannot start any token": (
        "found character {what} that cannot start any token"
    ),
    r"could not find expected ':'": "could not find expected ':'",
    r"found undefined alias (?P<what>.+)": "found undefined alias {what}",
    r"found unexpected end of stream": "found unexpected end of stream",
    r"found unexpected document separator": "found unexpected document separator",
    r"expected <block end>, but found (?P<what>.+)": "expected <block end>, but found {what}",
    r"expected ',' or '}', but got (?P<what>.+)": "expected ',' or '}}', but got {what}",
    r"expected ',' or ']', but got (?P<what>.+)": "expected ',' or ']', but got {what}",
    r"expected the node content, but found (?P<what>.+)": "expected a value, but found {what}",
    r"expected '<document start>', but found (?P<what>.+)": (
        "expected the end of the file, but found {what}"
    ),
    r"but found another document": "found another document",
    r"found unknown escape character (?P<what>.+)": "found unknown escape character {what}",
    r"expected escape sequence of \d hexadecimal numbers, but found (?P<what>.+)": (
        "expected hexadecimal digits, but found {what}"
    ),
    r"expected alphabetic or numeric character, but found (?P<what>.+)": (
        "expected a letter or a digit, but found {what}"
    ),
    r"expected chomping or indentation indicators, but found (?P<what>.+)": (
        "expected the end of the line after | or >, but found {what}"
    ),
}
_TOKENS = {
    "'<stream end>'": "the end of the file",
    "'<document start>'": "another document",
    "'<scalar>'": "a text",
    "'<block mapping start>'": "keys with values",
    "'<block sequence start>'": "a list",
    "'<block end>'": "the end of a block",
}
_ADVICE = {
    "mapping values are not allowed here": "a text with ': ' in it stands in quotes",
    "found character '\\t' that cannot start any token": "indent with blanks, not with tabs",
    "found character": "a text that begins with this character stands in quotes",
    "could not find expected ':'": "a key ends with ': '; a longer text is indented",
    "expected ',' or '}'": "the {{ of line {line} is not closed",
    "expected ',' or ']'": "the [ of line {line} is not closed",
    "found undefined alias": "a text that begins with * or & stands in quotes",
    "expected alphabetic or numeric": "a text that begins with * or & stands in quotes",
    "found unexpected end of stream": "the quotation mark of line {line} is not closed",
    "expected <block end>, but found '<scalar>'": "a quotation mark inside quotes is written twice",
    "expected <block end>": "the lines of a block begin in the same column",
    "found unknown escape character": "in '…' a backslash is only a backslash",
}


def told(error: yaml.MarkedYAMLError) -> Message:
    """Say what is wrong; what has no words of ours is quoted as PyYAML says it.

    Examples:
        >>> from rostra.sitegen.messages import spoken
        >>> slip = yaml.MarkedYAMLError(problem="found undefined alias 'b'")
        >>> print(told(slip), "|", spoken(told(slip), "zh"))
        found undefined alias 'b' | 别名 'b' 没有定义
    """
    problem = str(error.problem or error.context)
    for form in _PROBLEMS:
        if match := re.fullmatch(form, problem, re.DOTALL):
            what = match.groupdict().get("what", "")
            return say(_PROBLEMS[form], what=say(_TOKENS[what]) if what in _TOKENS else what)
    return say("the notation is wrong here: {words}", words=problem)


def advice(error: yaml.MarkedYAMLError) -> str:
    """Say what to do of the commonest slips."""
    opened = error.context_mark.line + 1 if error.context_mark else 0
    slips = [slip for slip in _ADVICE if str(error.problem).startswith(slip)]
    return say(_ADVICE[slips[0]], line=opened) if slips else ""
