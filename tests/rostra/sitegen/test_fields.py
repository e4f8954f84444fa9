import pytest
from pydantic import TypeAdapter, ValidationError

from rostra.sitegen.fields import (
    Bilingual,
    InkOnPaper,
    InkOnSlate,
    Page,
    Slug,
    Text,
    Url,
    in_language,
    language_of,
)


def rule(kind: object, value: object) -> str:
    """The rule by which a value is refused."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    (error,) = caught.value.errors()
    return error["type"]


def test_a_text_is_for_all_languages_or_for_each() -> None:
    text = TypeAdapter(Text).validate_python({"en": " Trust ", "zh": "信任"})
    assert text == Bilingual(en="Trust", zh="信任")
    assert TypeAdapter(Text).validate_python("Trust\n") == "Trust"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ({}, "empty"),
        ({"en": None, "zh": None}, "empty"),
        ({"fr": "Confiance", "en": "x"}, "extra_forbidden"),
        (1984, "string_type"),
        (["a"], "string_type"),
        (True, "string_type"),
        (r"see $\foo$", "formula"),
    ],
)
def test_what_is_no_text_is_refused(value: object, expected: str) -> None:
    assert rule(Text, value) == expected


def test_a_missing_language_falls_back_and_says_so() -> None:
    only_english = Bilingual(en="Trust")
    assert in_language(only_english, "zh") == "Trust"
    assert language_of(only_english, "zh") == "en"
    assert language_of(Bilingual(en="Trust", zh="信任"), "zh") == "zh"
    assert language_of("论信任", "en") == "zh"


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "mailto:x",
        "ftp://a.example",
        "a.example",
        "https://",
        "//a.example",
        "https://a b.example",
        "data:text/html,x",
    ],
)
def test_addresses_are_http_only(value: str) -> None:
    assert rule(Url, value) == "url"


@pytest.mark.parametrize("value", ["/etc/passwd", "../secret", "a/../b", "https://x", "a\\b"])
def test_pages_stay_inside_the_site(value: str) -> None:
    assert rule(Page, value) == "path"


@pytest.mark.parametrize("value", ["Upper", "a_b", "-a", "a--b", "a.b", "标题", ""])
def test_slugs_can_stand_in_an_address(value: str) -> None:
    assert rule(Slug, value) == "slug"


@pytest.mark.parametrize("value", [None, "0a6c8f", "#0a6", "teal", "#0a6c8g", 7])
def test_colours_are_six_digits(value: object) -> None:
    assert rule(InkOnPaper, value) == "colour"


def test_colours_can_be_read_on_their_paper() -> None:
    # As WebAIM computes it, #767676 on white has 4.54 and #777777 has 4.48; paper is darker.
    assert TypeAdapter(InkOnPaper).validate_python("#0a6c8f") == "#0a6c8f"
    assert rule(InkOnPaper, "#777777") == "contrast"
    assert rule(InkOnPaper, "#57bfe0") == "contrast"
    assert TypeAdapter(InkOnSlate).validate_python("#57bfe0") == "#57bfe0"
    assert rule(InkOnSlate, "#0a6c8f") == "contrast"
