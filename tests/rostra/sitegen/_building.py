"""A site built in process, and what can be read on its pages."""

import os
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config


def built(project: Path, site: Path, *, strict: bool = True, **environment: str) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ROSTRA_")]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        config = load_config(str(project / "mkdocs.yml"), site_dir=str(site), strict=strict)
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
    return site


class Text(HTMLParser):
    """The words of a page, tags dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def words(page: Path) -> str:
    parser = Text()
    parser.feed(page.read_text(encoding="utf-8"))
    return " ".join(" ".join(parser.words).split())


def pages(site: Path) -> Iterator[tuple[str, str]]:
    """The pages in the site's own frame, not the lists that other sites put into theirs."""
    for path in sorted(site.rglob("*.html")):
        if "embed" not in path.relative_to(site).parts:
            yield path.relative_to(site).as_posix(), path.read_text(encoding="utf-8")
