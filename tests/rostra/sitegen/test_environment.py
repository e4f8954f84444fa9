"""What all templates know: words in each language, macros that speak it, and rows written once."""

from datetime import UTC, datetime

from rostra.sitegen.environment import TEMPLATES, environment_of, names_for, read_words

NOW = datetime(2024, 6, 1, tzinfo=UTC)


def test_every_word_is_there_in_every_language() -> None:
    for key, word in read_words(TEMPLATES).items():
        assert isinstance(word, str) or {"en", "zh"} <= set(word), key


def test_macros_speak_the_language_that_they_are_asked_in(programme) -> None:
    environment = environment_of(programme, now=NOW)
    for language, address in (("en", "/talks/"), ("zh", "/zh/talks/")):
        macros = names_for(language, programme, environment, TEMPLATES)["m"]
        assert str(macros.talk_url(programme.talks[0])).startswith(address)


def test_a_row_is_written_once_for_all_lists(programme) -> None:
    environment = environment_of(programme, now=NOW)
    written = []
    environment.filters["iso_date"] = lambda moment: written.append(moment) or "a day"
    macros = names_for("en", programme, environment, TEMPLATES)["m"]
    for title in ("Here", "There"):
        assert "a day" in str(macros.talk_list(title, list(programme.talks), "past"))
    assert len(written) == len(programme.talks)
