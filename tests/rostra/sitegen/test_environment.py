"""What all templates know: words in each language, macros that speak it, and rows written once."""

from datetime import UTC, datetime

import pytest
from jinja2 import DictLoader, Environment, FileSystemBytecodeCache

from rostra.sitegen.environment import (
    TEMPLATES,
    Compiled,
    environment_of,
    names_for,
    read_words,
    template_of,
)

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


def another_process(folder) -> Environment:
    loader = DictLoader({"a.j2": "{{ 6 * 7 }}"})
    return Environment(loader=loader, bytecode_cache=Compiled(str(folder)))


def test_a_template_is_compiled_once_for_all_processes(tmp_path, monkeypatch) -> None:
    assert another_process(tmp_path).get_template("a.j2").render() == "42"
    monkeypatch.setattr(Environment, "compile", None)
    assert another_process(tmp_path).get_template("a.j2").render() == "42"


@pytest.mark.parametrize("damage", [b"", b"j2", b"\x80\x02", b"\xff" * 400, None])
def test_a_damaged_compiled_template_is_compiled_again(tmp_path, damage) -> None:
    another_process(tmp_path).get_template("a.j2")
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-9] if damage is None else damage)
    assert another_process(tmp_path).get_template("a.j2").render() == "42"


def test_where_nothing_can_be_written_templates_are_compiled_each_time(tmp_path) -> None:
    assert another_process(tmp_path / "missing").get_template("a.j2").render() == "42"


@pytest.mark.parametrize("refused", [OSError("read-only"), RuntimeError("not safe")])
def test_without_a_safe_folder_templates_are_compiled_each_time(monkeypatch, refused) -> None:
    def refuse(_: object) -> str:
        raise refused

    monkeypatch.setattr(FileSystemBytecodeCache, "_get_default_cache_dir", refuse)
    loader = DictLoader({"a.j2": "{{ 6 * 7 }}"})
    compiled = Compiled()
    for _ in range(2):
        environment = Environment(loader=loader, bytecode_cache=compiled)
        assert environment.get_template("a.j2").render() == "42"
        monkeypatch.setattr(Environment, "compile", None)  # once in this process


def test_a_text_that_is_no_file_is_compiled_under_its_name(programme) -> None:
    environment = environment_of(programme)
    assert template_of(environment, "talk.html.j2: path", "<{{ 1 }}>").render() == "<1>"
    assert template_of(environment, "talk.html.j2: page", "{{ '<' }}").render() == "<"
