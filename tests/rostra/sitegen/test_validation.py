from pydantic import BaseModel, ConfigDict, Field

from rostra.sitegen.reading import parse
from rostra.sitegen.validation import validate


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Inner(Closed):
    colour: str = ""
    size: int = 0


class Outer(Closed):
    name: str
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()
    named: dict[str, Inner] = Field(default_factory=dict)


def faults(text: str) -> list[tuple[int, int, str, str]]:
    document = parse(text)
    assert validate(Outer, document) is None
    return [(f.line, f.column, f.rule, f.suggestion) for f in document.faults]


def test_a_valid_document_becomes_the_model() -> None:
    document = parse("name: x\nmany:\n  - size: 3\n")
    assert validate(Outer, document) == Outer(name="x", many=(Inner(size=3),))
    assert document.faults == []


def test_unknown_keys_are_answered_with_the_nearest_of_their_own_level() -> None:
    text = "nam: x\nname: y\ninner:\n  color: a\nmany:\n  - {}\n  - sise: 2\n"
    assert faults(text + "named:\n  q:\n    colr: b\n") == [
        (4, 3, "unknown-key", "did you mean 'colour'?"),
        (7, 5, "unknown-key", "did you mean 'size'?"),
        (10, 5, "unknown-key", "did you mean 'colour'?"),
        (1, 1, "unknown-key", "did you mean 'name'?"),
    ]


def test_what_is_misspelt_is_not_missing_besides() -> None:
    assert faults("nmae: x\n") == [(1, 1, "unknown-key", "did you mean 'name'?")]
    assert [rule for *_, rule, _ in faults("inner: {nmae: 3}\n")] == ["missing-key", "unknown-key"]
    assert [rule for *_, rule, _ in faults("zzz: x\n")] == ["missing-key", "unknown-key"]


def test_the_known_keys_are_listed() -> None:
    document = parse("name: x\ninner:\n  zzz: 1\n")
    validate(Outer, document)
    assert document.faults[0].expected == "one of colour, size"


def test_a_wrong_kind_of_value_says_what_came_and_how_to_mean_it() -> None:
    document = parse("name: 1984\ninner: [a]\n")
    validate(Outer, document)
    name, inner = document.faults
    assert (name.line, name.column, name.rule) == (1, 7, "type")
    assert (name.expected, name.got) == ("text", "the number 1984")
    assert name.suggestion == "put it in quotes if it is meant as text"
    assert (inner.line, inner.column, inner.expected, inner.got) == (
        2,
        8,
        "keys with values",
        "a list",
    )


def test_a_missing_key_points_at_what_lacks_it() -> None:
    assert faults("\n\ninner:\n  size: 1\n") == [(3, 1, "missing-key", "")]


def test_an_empty_document_lacks_its_keys() -> None:
    document = parse("")
    assert validate(Outer, document) is None
    assert [f.rule for f in document.faults] == ["type"]
