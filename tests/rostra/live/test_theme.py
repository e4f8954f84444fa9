"""The theme: each colour is one of the site's own tokens, in the light and in the dark."""

import re
from pathlib import Path

from rostra.live import theme
from rostra.sitegen.theme import FOLDER

TOKENS = (FOLDER / "assets/stylesheets/tokens.css").read_text(encoding="utf-8")


def test_every_token_it_takes_is_one_of_the_sites() -> None:
    made = vars(theme.theme())
    taken = {
        name
        for key, value in made.items()
        if isinstance(value, str)
        for name in re.findall(r"var\((--[\w-]+)\)", value)
        if key.removesuffix("_dark") in theme._COLOURS or key.startswith("font")
    }
    declared = set(re.findall(r"(--[\w-]+):", TOKENS))
    assert {"--ink", "--accent", "--card", "--line", "--on-accent"} <= taken <= declared


def test_dark_is_the_same_token_as_light() -> None:
    made = vars(theme.theme())
    for name in theme._COLOURS:
        assert made[name] == made.get(f"{name}_dark", made[name])


def test_the_head_fetches_files_of_this_site_only() -> None:
    urls = re.findall(r'(?:href|src)="([^"]+)"', theme.head("zh"))
    assert urls
    there = (Path("docs"), FOLDER)
    absent = [url for url in urls if not any(Path(f"{one}{url}").is_file() for one in there)]
    assert absent == []
    assert 'data-language="zh"' in theme.head("zh")


def test_scripts_come_after_those_they_take_from() -> None:
    """What a script takes from the shared namespace is there when it runs, or the demo is dead."""
    there: set[str] = set()
    for url in re.findall(r'src="([^"]+)"', theme.head("en")):
        script = Path(f"{FOLDER}{url}").read_text(encoding="utf-8")
        taken = names(r"const \{ ([\w, ]+) \} = window\.Rostra;", script)
        assert taken <= there, url
        there |= names(
            r"window\.Rostra = Object\.freeze\(\{ \.\.\.\w+(?:\.Rostra)?, (.+?) \}\)", script
        )
    assert {"picker", "stage", "stopped"} <= there


def names(pattern: str, script: str) -> set[str]:
    return {name for found in re.findall(pattern, script) for name in found.split(", ")}
