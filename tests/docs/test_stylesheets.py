"""Colours that can be read, and style sheets that name them in one place."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[2] / "docs" / "assets" / "stylesheets"
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


def test_colours_are_written_in_one_place() -> None:
    site = (STYLES / "site.css").read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", site) == []
    assert "box-shadow: none" in site
    assert not re.search(r"box-shadow:(?! none)", site)
