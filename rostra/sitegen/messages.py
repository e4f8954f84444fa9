"""What is said to authors, in English and Chinese: a sentence with gaps, and what fills them.

A message is its English text, so it can be printed and compared like any other. It keeps the
sentence that it was made of, which is looked up in `messages.zh.po` when Chinese is asked for.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

CHINESE = Path(__file__).with_name("messages.zh.po")


class Message(str):
    """A text that can be said in another language."""

    __slots__ = ("sentence", "values")

    sentence: str
    values: Mapping[str, Any]

    def __new__(cls, sentence: str, values: Mapping[str, Any]) -> "Message":
        """Fill the gaps of the English sentence."""
        message = super().__new__(cls, sentence.format_map(values))
        message.sentence = sentence
        message.values = values
        return message

    def __reduce__(self) -> tuple[type["Message"], tuple[str, Mapping[str, Any]]]:
        """What a copy of it is made of."""
        return Message, (self.sentence, self.values)


def say(sentence: str, **values: Any) -> Message:
    """Say something that has a translation.

    Args:
        sentence: English, with `{gaps}`; `messages.zh.po` has the same in Chinese.
        **values: what fills the gaps; a message among them is translated as well.

    Examples:
        >>> print(say("the key '{key}' is missing", key="title"))
        the key 'title' is missing
        >>> print(spoken(say("the key '{key}' is missing", key="title"), "zh"))
        缺少键 “title”
    """
    return Message(sentence, values)


def spoken(text: str, language: str) -> str:
    """Say a message in a language; a text that is no message stays as it is."""
    if not isinstance(text, Message) or language != "zh":
        return str(text)
    values = {key: _within(value, language) for key, value in text.values.items()}
    return chinese().get(text.sentence, text.sentence).format_map(values)


def _within(value: Any, language: str) -> Any:
    return spoken(value, language) if isinstance(value, Message) else value


@cache
def chinese() -> Mapping[str, str]:
    """The translations: English sentence to Chinese sentence, with the same gaps."""
    from babel.messages.pofile import read_po  # which takes a while, and English needs none

    with CHINESE.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, "zh") if one.id}
