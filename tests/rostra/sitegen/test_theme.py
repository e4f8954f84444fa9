"""Material's templates with our substitutions, each of which must still find its place."""

from pathlib import Path

import material
import pytest
from jinja2 import DictLoader, Environment

from rostra.sitegen.theme import CHANGES, FOLDER, UNUSED, ChangedTemplates, ThemeError

INSTALLED = Path(material.__file__).parent / "templates"


def read(text: str) -> str:
    loader = ChangedTemplates(DictLoader({"a": text}), {"a": (("old", "new"),)})
    return Environment(loader=loader).get_template("a").render()


@pytest.mark.parametrize("name", CHANGES)
def test_every_substitution_fits_the_installed_theme(name: str) -> None:
    installed = (INSTALLED / name).read_text(encoding="utf-8")
    loader = ChangedTemplates(DictLoader({name: installed}))
    changed, *_ = loader.get_source(Environment(), name)
    assert all(old not in changed for old, _ in CHANGES[name])


@pytest.mark.parametrize("text", ["gone", "old old"])
def test_a_substitution_that_no_longer_fits_ends_the_build(text: str) -> None:
    with pytest.raises(ThemeError, match=r"contains (0|2) times"):
        read(text)


def test_other_templates_pass_unchanged() -> None:
    loader = ChangedTemplates(DictLoader({"b": "old"}), {"a": (("old", "new"),)})
    assert Environment(loader=loader).get_template("b").render() == "old"
    assert loader.list_templates() == ["b"]


def test_what_we_leave_out_is_there() -> None:
    """A name that no longer matches would bring the theme's scripts back without a word."""
    names = [path.relative_to(INSTALLED).as_posix() for path in INSTALLED.rglob("*.js")]
    for prefix in UNUSED:
        assert any(name.startswith(prefix) for name in names), prefix


def test_our_templates_override_names_that_the_theme_has() -> None:
    ours = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html")}
    theirs = {path.relative_to(INSTALLED).as_posix() for path in INSTALLED.rglob("*.html")}
    assert ours
    assert ours <= theirs
