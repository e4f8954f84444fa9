"""The door to MkDocs, and the only file that knows it: entries and hand-written pages to one site.

Both languages are made in one build: the theme's language and the frame change page by page.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, date
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateError
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents
from mkdocs.utils.templates import TemplateContext

from rostra.sitegen import (
    figures,
    gate,
    inventory,
    leaks,
    programme,
    release,
    render,
    shell,
    theme,
)
from rostra.sitegen.embargo import Veil
from rostra.sitegen.faults import EntryError
from rostra.sitegen.fields import in_language
from rostra.sitegen.formulas import FormulaError
from rostra.sitegen.linters import data, feeds, ics
from rostra.sitegen.search import index, pages
from rostra.sitegen.themes import Themes
from rostra.sitegen.times import clock

log = logging.getLogger("mkdocs.plugins.rostra")

LINTERS = (ics, feeds, data)
WATCHED = ("robustlib", "demos", "benchmarks")


class Options(Config):
    """What `mkdocs.yml` may say under `rostra:`."""

    seminars = config_options.Type(str, default="seminars")
    live = config_options.Type(bool, default=False)
    # `!ENV` reads $ROSTRA_NOW as YAML, which makes a date or an instant of it.
    now = config_options.Type((str, date), default="")


class ArticlePage(Page):
    """A page whose article our templates have already written."""

    def __init__(self, output: render.Output, file: File, config: MkDocsConfig) -> None:
        assert output.page is not None
        self.output = output
        self.head = output.page
        super().__init__(self.head.title or None, file, config)

    def read_source(self, config: MkDocsConfig) -> None:
        """Take title and description from the template's head: there is no Markdown to read."""
        self.markdown = ""
        self.meta = {
            # They go into tags and attributes, where the theme takes them as they are.
            "title": escape(self.head.title),
            "description": escape(self.head.description),
            "kind": self.head.kind,
            "head": shell.relative_links(self.head.head, self.url),
        }

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Take the article as it is, its links made relative; the gate checks them afterwards."""
        self.content = shell.relative_links(self.output.text, self.url)
        self.present_anchor_ids = gate.read(self.output.text).ids
        self.links_to_anchors = {}
        self.toc = TableOfContents([])


class RostraPlugin(BasePlugin[Options]):
    """Puts the programme into the site, and the site into both languages."""

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Refuse what would be wrong without saying so. Defining this keeps us through `serve`."""
        if dirty:
            raise Abort("Rostra's pages depend on each other: build without --dirty.")

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read all entries, and take from them what `mkdocs.yml` need not repeat."""
        project = Path(config.config_file_path).parent
        self.now = clock(str(self.config.now))
        try:
            self.programme = programme.load(project / self.config.seminars, self.now)
            self.inventory = inventory.read(project)
            unreleased = release.compare(self.programme, self.now).unreleased
        except EntryError as error:
            raise Abort(f"\n{error}\n\nFaults in the entries: {len(error.faults)}.") from None
        if unreleased:
            log.info("Talks changed since the last release: %d. rostra release", unreleased)
        config.site_name = in_language(self.programme.site.name, "en")
        config.site_url = self.programme.site.url.rstrip("/") + "/"
        config.theme.dirs.insert(0, str(theme.FOLDER))
        if not config.repo_url:
            config.edit_uri = None
        watched = [project / name for name in (self.config.seminars, *WATCHED)]
        config.watch.extend(str(path) for path in watched if path.is_dir())
        return config

    @event_priority(-50)  # after plugins that add files of their own
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add what the templates write; leave out what no page of this site uses."""
        try:
            for output in render.render(self.programme, self.inventory, self.now):
                files.append(self.file(output, config))
        except render.TemplateError as error:
            raise PluginError(str(error)) from None
        for file in [one for one in files if self.is_unused(one)]:
            files.remove(file)
        self.site = self.around_all({page.url for page in files.documentation_pages()})
        return files

    def is_unused(self, file: File) -> bool:
        """Whether it is one of the theme's scripts, or a page in a language the site lacks."""
        foreign = shell.language_of(file.src_uri) not in self.programme.site.languages
        return file.src_uri.startswith(theme.UNUSED) or (foreign and file.is_documentation_page())

    def file(self, output: render.Output, config: MkDocsConfig) -> File:
        """Make MkDocs' file of one output; a page that nobody has to list in the navigation."""
        if output.page is None:
            return File.generated(config, output.path, content=output.text.encode())
        source = output.path.removesuffix(".html") + ".md"
        file = File.generated(config, source, content="", inclusion=InclusionLevel.NOT_IN_NAV)
        file.edit_uri = "../" + self.source_of(output)
        ArticlePage(output, file, config)
        return file

    def source_of(self, output: render.Output) -> str:
        """Return the file that one edits to change a page, from the project's folder."""
        assert output.page is not None
        seminars, name = self.config.seminars, Path(output.path).parent.name
        room = Path(output.path).parent.parent.name
        return {
            "talk": f"{seminars}/{room}/{name}.yaml",
            "meetup": f"{seminars}/{room}/{name}.yaml",
            "openings": f"{seminars}/openings",
            "talks": f"{seminars}/series.yaml",
            "subscribe": f"{seminars}/series.yaml",
            "people": f"{seminars}/people.yaml",
            "person": f"{seminars}/people.yaml",
            "demo": f"demos/{name}.py",
            "gallery": "demos",
            "methods": "robustlib",
            "models": "robustlib/zoo",
            "benchmarks": "benchmarks",
        }.get(output.page.kind, f"{seminars}/site.yaml")

    def around_all(self, urls: set[str]) -> shell.Site:
        """Gather what the frames of all pages share."""
        site = self.programme.site
        words = render.read_words(render.TEMPLATES)
        return shell.Site(
            names={one: in_language(site.name, one) for one in site.languages},
            address=site.url.rstrip("/") + "/",
            urls={"" if url in (".", "./") else url for url in urls},
            words={one: render.Words(words, one) for one in site.languages},
            live=self.config.live,
        )

    def on_page_markdown(self, markdown: str, *, page: Page, **_: Any) -> str:
        """Fill in what a hand-written page asks for, and what belongs to its theme."""
        words, source = self.site.words[shell.language_of(page.url)], page.file.src_uri
        try:
            filled = figures.filled(markdown, self.inventory, words["not_measured"])
            return Themes(self.programme, self.inventory).completed(filled, source, words)
        except (LookupError, TypeError, TemplateError) as error:
            raise PluginError(f"{page.file.src_uri}: {error}") from None

    def on_page_content(self, html: str, *, page: Page, **_: Any) -> str:
        """Turn the formulas of a hand-written page into MathML."""
        try:
            return figures.drawn(html)
        except FormulaError as error:
            raise PluginError(f"{page.file.src_uri}: {error}") from None

    def on_env(self, env: Environment, **_: Any) -> Environment:
        """Read Material's templates with our substitutions."""
        assert env.loader is not None
        env.loader = theme.ChangedTemplates(env.loader)
        self.env = env
        return env

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, **_: Any
    ) -> TemplateContext:
        """Put a frame around the page for addresses that do not exist."""
        if template_name == "404.html":
            self.not_found = context
            self.frame(context, shell.Around(template_name))
        return context

    def frame(self, context: Any, page: shell.Around) -> None:
        """Set the frame, and the language of the theme's own words."""
        context["shell"] = shell.shell(page, self.site)
        context["config"].theme["language"] = shell.language_of(page.url)

    def on_post_template(self, output_content: str, *, template_name: str, **_: Any) -> str:
        """Write our own sitemap: MkDocs' knows nothing of languages."""
        if template_name == "sitemap.xml":
            return shell.sitemap("en", self.site, self.changed())
        return output_content

    def on_page_context(
        self, context: TemplateContext, *, page: Page, nav: Navigation, **_: Any
    ) -> TemplateContext:
        """Put the frame of its language around a page."""
        edit = page.file.edit_uri or ""
        source = edit.removeprefix("../") if edit.startswith("../") else f"docs/{edit}"
        title = page.meta.get("title", page.title)
        self.frame(context, shell.Around(page.url, title, source, shelves(page, nav)))
        return context

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write what each language needs, then look at every finished page once."""
        folder = Path(config.site_dir)
        for language in self.site.names:
            place = folder / shell.LANGUAGES[language][2]
            for name, content in index.files(self.documents(folder, language)):
                path = place / "search" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        for language in [one for one in self.site.names if one != "en"]:
            place = folder / language
            self.frame(self.not_found, shell.Around(f"{language}/404.html"))
            page = self.env.get_template("404.html").render(self.not_found)
            (place / "404.html").write_text(page, encoding="utf-8")
            sitemap = shell.sitemap(language, self.site, self.changed())
            (place / "sitemap.xml").write_text(sitemap, encoding="utf-8")
        self.keep_secrets(folder)
        for fault in gate.faults(folder):
            log.warning(fault)
        if found := "\n".join(str(one) for lint in LINTERS for one in lint.findings(folder)):
            raise PluginError(f"Subscribers' programs may misread what was written.\n{found}")

    def keep_secrets(self, folder: Path) -> None:
        """Take away each file that tells a secret, and end the build."""
        veil = Veil(self.now, self.programme.folder, self.programme.site.zone)
        if found := "\n".join(map(str, leaks.remove(folder, self.programme, veil))):
            raise PluginError(f"What is private stood in these files; they were removed.\n{found}")

    def changed(self) -> dict[str, str]:
        """When the talks' pages were last revised, by address."""
        return {
            f"{folder}talks/{talk.ref}/": min(talk.revised, self.now).date().isoformat()
            for _, _, folder in shell.LANGUAGES.values()
            for talk in self.programme.talks
        }

    def documents(self, folder: Path, language: str) -> Iterator[pages.Document]:
        """Yield the finished pages of a language; the first page repeats what others say."""
        home = shell.LANGUAGES[language][2]
        dates = {f"{home}talks/{one.ref}/": one.start for one in self.programme.talks}
        for url in self.site.urls:
            if shell.language_of(url) == language and url != home:
                html = (folder / url / "index.html").read_text(encoding="utf-8")
                date = dates[url].astimezone(UTC).isoformat() if url in dates else ""
                yield pages.document(html, url, date)


def shelves(page: Page, nav: Navigation) -> shell.Shelves:
    """Return the rows of links above a page of the documentation; other pages have none."""
    if page not in nav.pages:
        return ()
    rows = [tuple(links(nav.items, page))]
    section = page.parent
    if section is not None:
        rows.append(tuple(links(section.children or [], page)))
    return tuple(rows)


def links(items: list[Any], here: Page) -> Iterator[shell.Entry]:
    """Yield a row of links; a section's leads to its first page."""
    for item in items:
        pages = item.children if item.children else [item]
        current = here in pages
        yield shell.Entry(item.title, pages[0].url, current, exact=here is item)
