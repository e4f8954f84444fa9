"""The finished site as a plain folder: Markdown with its front matter, which other generators read.

`mkdocs.yml`, and in `docs/` each page's article under its title and description, and every other
file byte for byte: calendars, feeds, data, assets. Nothing there needs Rostra, so the folder builds
under ProperDocs and Zensical too, whose shells then stand around the articles.
"""

import json
import posixpath
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import yaml

from rostra.sitegen import shell

MARK = "# Written by `rostra build --folder`, which empties this folder first: edit the entries.\n"
ARTICLE = re.compile(
    r'<main [^>]*\bdata-kind="(?!embed")[^>]*>\s*<div class="md-main__inner md-grid">(.*)</div>'
    r"\s*</main>",
    re.DOTALL,
)
HEAD = {
    "title": re.compile(r"<title>(.*?)</title>", re.DOTALL),
    "site": re.compile(r'<meta property="og:site_name" content="([^"]*)"'),
    "description": re.compile(r'<meta name="description" content="([^"]*)"'),
    "address": re.compile(r'<link rel="canonical" href="([^"]*)"'),
}
SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
FENCE = re.compile(r"^([ ]*)(```|~~~)", re.MULTILINE)
# What the other generator writes itself, and the sheets of the theme that it has.
THEIRS = re.compile(
    r"(zh/)?(search/.*|sitemap\.xml(\.gz)?|404\.html)|assets/stylesheets/(main|palette)\..*"
)
# Scripts that need nothing of our own frame, in the order in which they take from each other.
SCRIPTS = ("when", "copy", "video", "elements", "pictures", "stage", "player", "hero", "embed")
# Our links are blue, and so is the bar that the other theme puts some of its own on.
OWN_SHEET = ("assets/stylesheets/plain.css", ".md-tabs__link { color: inherit; }\n")


class FolderTakenError(FileExistsError):
    """The folder holds what is not ours to remove."""


@dataclass(frozen=True)
class Article:
    """One page: its place in the folder, what its head says, and its text."""

    path: str
    title: str
    description: str
    html: str

    def markdown(self) -> str:
        """Write front matter and article; HTML is Markdown where nothing looks like a fence."""
        language = shell.language_of(self.path)
        meta = {"title": self.title, "description": self.description, "hide": ["navigation", "toc"]}
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in meta.items()]
        text = FENCE.sub(lambda found: found[1] + f"&#{ord(found[2][0])};" * 3, self.html.strip())
        return "\n".join(["---", *lines, "---", f'<div lang="{language}">', text, "</div>", ""])


def write(site: Path, place: Path) -> Path:
    """Write the folder of a finished site.

    Args:
        site: the built site; only what has passed its gates is taken over.
        place: where to; a folder that this made before is emptied.

    Returns:
        The folder.

    Raises:
        FolderTakenError: if there is something in it that this did not write.
    """
    if place.exists() and not _ours(place):
        raise FolderTakenError(f"{place} holds something else: --folder is emptied first")
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}-"))
    try:
        beside.chmod(0o755)
        articles = list(_docs(site, beside / "docs"))
        name, text = OWN_SHEET
        (beside / "docs" / name).write_text(text, encoding="utf-8")
        config = yaml.safe_dump(_config(site, articles), allow_unicode=True, sort_keys=False)
        (beside / "mkdocs.yml").write_text(MARK + config, encoding="utf-8")
        if place.exists():
            shutil.rmtree(place)
        beside.rename(place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return place


def _ours(place: Path) -> bool:
    """Whether a folder may be emptied: there is nothing in it, or what this wrote."""
    if not place.is_dir():
        return False
    config = place / "mkdocs.yml"
    written = config.is_file() and config.read_text(encoding="utf-8").startswith(MARK)
    return written or not any(place.iterdir())


def _docs(site: Path, docs: Path) -> Iterator[Article]:
    """Write every file of the site; yield those that became Markdown."""
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name = path.relative_to(site).as_posix()
        if THEIRS.fullmatch(name):
            continue
        article = _article(path, name) if path.suffix == ".html" else None
        target = docs / (article.path if article else name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if article is None:
            shutil.copyfile(path, target)
        else:
            target.write_text(article.markdown(), encoding="utf-8")
            yield article


def _article(path: Path, name: str) -> Article | None:
    """Take a page out of its frame; none is there around lists for other sites."""
    text = path.read_text(encoding="utf-8")
    found = ARTICLE.search(text)
    if found is None:
        return None
    title = _said("title", text).removesuffix(f" · {_said('site', text)}")
    markdown = name.removesuffix(".html") + ".md"
    return Article(markdown, title, _said("description", text), found[1])


def _said(key: str, text: str) -> str:
    found = HEAD[key].search(text)
    return unescape(found[1]) if found else ""


def _config(site: Path, articles: list[Article]) -> dict[str, Any]:
    """`mkdocs.yml` as all three generators read it: no plugin of ours, no option of one alone."""
    home = next(one for one in articles if posixpath.basename(one.path) == "index.md")
    text = (site / home.path.removesuffix(".md")).with_suffix(".html").read_text(encoding="utf-8")
    folder = posixpath.dirname(home.path)
    address = _said("address", text)
    return {
        "site_name": _said("site", text),
        "site_url": address.removesuffix(f"{folder}/") if folder else address,
        "theme": _theme(site),
        "plugins": ["search"],
        "markdown_extensions": ["attr_list"],
        "extra_css": [*_sheets(text, folder), OWN_SHEET[0]],
        "extra_javascript": [f"assets/javascripts/{name}.js" for name in SCRIPTS],
        "nav": list(_nav(articles)),
        "not_in_nav": "*",
    }


def _theme(site: Path) -> dict[str, Any]:
    theme: dict[str, Any] = {"name": "material", "font": False, "palette": {"scheme": "default"}}
    theme |= {"features": ["navigation.tabs"]}  # the menu above, as our sheets leave no room beside
    icon = "assets/images/favicon.svg"
    return theme | ({"favicon": icon} if (site / icon).is_file() else {})


def _sheets(text: str, folder: str) -> Iterator[str]:
    """The style sheets of a page that are not the theme's, from the root."""
    for url in SHEET.findall(text):
        path = posixpath.normpath(posixpath.join(folder, url))
        if not THEIRS.fullmatch(path):
            yield path


def _nav(articles: list[Article]) -> Iterator[dict[str, Any]]:
    """The menu, with a part for the pages in Chinese where there are others."""
    titles = {one.path: one.title.split(" · ")[0] for one in articles}
    for language, (_, name, folder) in shell.LANGUAGES.items():
        paths = [f"{folder}{part}index.md" for part in ("", *shell.MENU.values(), "subscribe/")]
        rows = [{titles[path]: path} for path in paths if path in titles]
        if language == "en" or "index.md" not in titles:
            yield from rows
        elif rows:
            yield {name: rows}
