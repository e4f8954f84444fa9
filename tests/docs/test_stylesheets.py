"""Colours that can be read, and style sheets that name them in one place."""

import re
from pathlib import Path

import pytest

from rostra.live import theme
from rostra.sitegen.theme import FOLDER, SHEETS

ROOT = Path(__file__).parents[2]
STYLES = FOLDER / "assets" / "stylesheets"
FILES = sorted([*STYLES.iterdir(), *(FOLDER / "assets/javascripts").iterdir()])
SURFACES = ("paper", "hero", "card")
TEXTS = ("ink", "soft", "accent", "clean", "adversarial-text")


def tokens(scheme: str) -> dict[str, str]:
    text = (STYLES / "tokens.css").read_text(encoding="utf-8")
    block = re.search(rf'\[data-md-color-scheme="{scheme}"\] \{{(.*?)\}}', text, re.DOTALL)
    assert block
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["default", "slate"])
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("text", TEXTS)
def test_text_can_be_read_on_every_surface(scheme: str, surface: str, text: str) -> None:
    colours = tokens(scheme)
    assert contrast(colours[text], colours[surface]) >= 4.5


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_words_on_the_button_and_proofs_on_a_card_can_be_read(scheme: str) -> None:
    colours = tokens(scheme)
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    assert contrast(colours["certified"], colours["card"]) >= 4.5


def test_both_schemes_name_the_same_colours() -> None:
    assert set(tokens("default")) == set(tokens("slate"))


@pytest.mark.parametrize(
    "sheet", sorted(set(STYLES.iterdir()) - {STYLES / "tokens.css"}), ids=lambda path: path.name
)
def test_colours_are_written_in_one_place(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", text) == []
    assert not re.search(r"box-shadow:(?! none)", text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_each_sheet_is_loaded_by_pages_or_by_a_frame() -> None:
    embedded = (ROOT / "rostra/sitegen/templates/_embed.html.j2").read_text("utf-8")
    listed = [Path(sheet).name for sheet in SHEETS]
    framed = re.findall(r"stylesheets/([\w]+\.css)", theme.head("en") + embedded)
    assert {*listed, *framed} - {"colours.css"} == {path.name for path in STYLES.iterdir()}
