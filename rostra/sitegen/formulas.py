"""LaTeX formulas to MathML, refusing what the converter would pass on as literal text."""

import re
from functools import lru_cache
from itertools import accumulate
from xml.etree import ElementTree

from latex2mathml.converter import convert

from rostra.sitegen.messages import say

DEEPEST = 40
MATHML = "http://www.w3.org/1998/Math/MathML"
_ELEMENTS = (
    "math mrow mi mo mn mtext mspace msup msub msubsup munder mover munderover mfrac msqrt mroot"
    " mtable mtr mtd mpadded mstyle menclose"
)
_ATTRIBUTES = (
    "display fence stretchy separator form accent movablelimits mathvariant linethickness width"
    " height depth lspace rspace minsize maxsize largeop symmetric columnalign rowspacing"
    " columnspacing columnlines rowlines scriptlevel displaystyle linebreak notation"
)
ELEMENTS = frozenset(_ELEMENTS.split())
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
# Bars look alike on both sides: a browser guesses which they are, and stretches those that it takes
# for an opening bracket. As in TeX they are as high as a letter and take no room besides; those of
# \left and \right, which say `stretchy="true"`, are as tall as what they enclose.
_BAR = re.compile(r'<mo(?! stretchy="true")[^>]*>(?=&#x(?:0007C|02016);)')


class FormulaError(ValueError):
    """A formula that cannot be drawn as it is written."""


@lru_cache(maxsize=4096)
def mathml(latex: str, display: bool = False) -> str:
    r"""Turn a formula into MathML.

    Args:
        latex: the formula without dollars.
        display: on a line of its own instead of inside the text.

    Raises:
        FormulaError: where a command is not known or something of the notation would show as text.

    Examples:
        >>> mathml(r"x \le \varepsilon")
        '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow><mi>x</mi>...'
        >>> mathml(r"\arg\max_x f")
        Traceback (most recent call last):
        ...
        rostra.sitegen.formulas.FormulaError: '\arg' is not known; for a name: \operatorname{arg}
    """
    bare = re.sub(r"\\\\|\\[{}]", "", latex)
    if bare.count("{") != bare.count("}"):
        raise FormulaError(say("its {{ and }} do not match"))
    # The converter calls itself for each level, as far as some library has set Python's limit.
    if max(accumulate(1 if one == "{" else -1 for one in bare if one in "{}"), default=0) > DEEPEST:
        raise FormulaError(say("nested too deeply"))
    # The converter copies what it does not know into its markup: the result is read back.
    drawn = _converted(latex, display)
    try:
        if re.search(r"<[!?]|xmlns:", drawn):  # XML reads these otherwise than HTML does
            raise ElementTree.ParseError
        tree = ElementTree.fromstring(drawn)
    except ElementTree.ParseError:
        raise FormulaError(say("'&' and '<' cannot stand here (no aligned columns)")) from None
    for element in tree.iter():
        _check(element)
    return drawn


def _converted(latex: str, display: bool) -> str:
    try:
        drawn = convert(latex, display="block" if display else "inline")
    except Exception as error:  # the converter has no common error of its own
        raise FormulaError(say("not a formula: {kind}", kind=type(error).__name__)) from None
    return _BAR.sub('<mo stretchy="false" lspace="0" rspace="0">', drawn)


def _check(element: ElementTree.Element) -> None:
    name = element.tag.removeprefix(f"{{{MATHML}}}")
    if name not in ELEMENTS or not ATTRIBUTES.issuperset(element.attrib):
        raise FormulaError(say("<{name}> is not drawn here", name=name))
    text = element.text or ""
    if "\\" in text:
        if text[1:].isalpha():
            sentence = "'{text}' is not known; for a name: \\operatorname{{{name}}}"
            raise FormulaError(say(sentence, text=text, name=text[1:]))
        raise FormulaError(say("'{text}' is not known", text=text))
    if name != "mtext" and re.search(r"[&$#]", text):
        raise FormulaError(say("'{text}' cannot stand in a formula", text=text))
