"""The door to MkDocs, and the only file that knows it: entries and hand-written pages to one site.

Both languages are made in one build: the theme's language and the frame change page by page.
"""

import gc
import hashlib
import logging
import shutil
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateError
from mkdocs.commands.build import get_context
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

from rostra.sitegen import edition, environment, figures, gate, render, shell, theme, tree
from rostra.sitegen.bylines import Bylines
from rostra.sitegen.edition import UnfitError
from rostra.sitegen.faults import EntryError
from rostra.sitegen.fields import in_language
from rostra.sitegen.formulas import FormulaError
from rostra.sitegen.frames import Frames, url_of
from rostra.sitegen.links import relative_links
from rostra.sitegen.press import CACHE, Press, below
from rostra.sitegen.themes import Themes
from rostra.sitegen.times import clock

log = logging.getLogger("mkdocs.plugins.rostra")


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
            "head": relative_links(self.head.head, self.url),
        }

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Take the article as it is, its links made relative; the gate checks them afterwards."""
        self.content = relative_links(self.output.text, self.url)
        self.present_anchor_ids = gate.read(self.output.text).ids
        self.links_to_anchors = {}
        self.toc = TableOfContents([])


class KnownFiles(Files):
    """The files that MkDocs builds; it may link to those that we write ourselves as well."""

    def __init__(self, files: Files, config: MkDocsConfig, made: set[str]) -> None:
        super().__init__(list(files))
        self.config, self.made = config, made

    def get_file_from_path(self, path: str) -> File | None:
        """Find a file by its path in docs/, or by the path that it would have there."""
        there = super().get_file_from_path(path)
        if there is None and path.endswith(".md") and path[:-3] + ".html" in self.made:
            return File.generated(self.config, path, content="")
        return there


class RostraPlugin(BasePlugin[Options]):
    """Puts the programme into the site, and the site into both languages."""

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Refuse what would be wrong without saying so. Defining this keeps us through `serve`."""
        if dirty:
            raise Abort("Rostra's pages depend on each other: build without --dirty.")
        gc.set_threshold(100_000, 20, 20)  # what a build makes stays: cycles are sought in vain

    def on_shutdown(self) -> None:
        """Let the process end at once: it would look for cycles in all that was made."""
        gc.freeze()

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read all entries, and take from them what `mkdocs.yml` need not repeat."""
        project = Path(config.config_file_path).parent
        self.mkdocs = config
        self.stage(project)
        try:
            if linked := [*tree.faults(Path(config.docs_dir))]:
                raise EntryError(linked)
            here = (project, self.config.seminars, clock(str(self.config.now)), self.config.live)
            own = map(str, filter(None, (config.docs_dir, config.theme.custom_dir, *config.hooks)))
            self.edition = edition.read(*here, settings=config, files=own)
            self.edition.remember(self.press)
            compared = self.edition.comparison
        except EntryError as error:
            raise Abort(f"\n{error}\n\nFaults in the entries: {len(error.faults)}.") from None
        for ref in compared.lost:
            log.warning("%s was released and is gone: subscribers see it cancelled.", ref)
        if number := compared.unreleased:
            log.info("Talks changed since the last release: %d. rostra release", number)
        site = self.edition.programme.site
        config.site_name = in_language(site.name, "en")
        config.site_url = site.address
        config.theme.dirs.insert(0, str(theme.FOLDER))
        config.extra_css[:0] = theme.SHEETS
        config.edit_uri = config.edit_uri if config.repo_url else None
        watched = [theme.FOLDER, *(project / one for one in (self.config.seminars, *edition.READ))]
        config.watch.extend(str(path) for path in watched if path.is_dir())
        return config

    def stage(self, project: Path) -> None:
        """Await the turn, before anything is read; let MkDocs clean and fill a folder aside."""
        self.folder = Path(self.mkdocs.site_dir).resolve()
        name = hashlib.sha256(str(self.folder).encode()).hexdigest()[:16]
        self.aside = project / CACHE / name
        self.press = Press(self.folder, project / CACHE / f"{name}.json")
        self.mkdocs.site_dir = str(self.aside)

    def unstage(self) -> None:
        """Take the folder aside away."""
        # By its own name: the configuration may have the site's own folder again.
        shutil.rmtree(self.aside, ignore_errors=True)
        self.mkdocs.site_dir = str(self.folder)

    def on_build_error(self, **_: Any) -> None:
        """Leave nothing behind, unless it is another build's turn already."""
        if hasattr(self, "press") and not self.press.turn.is_over:
            self.unstage()
            self.press.turn.over()

    @event_priority(-50)  # after plugins that add files of their own
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Lay out what the templates write; leave out what no page of this site uses."""
        try:
            made = self.edition.made
        except render.TemplateError as error:
            raise PluginError(str(error)) from None
        for file in [one for one in files if self.is_unused(one)]:
            files.remove(file)
        self.themes = Themes(self.edition.programme, self.edition.inventory)
        self.bylines = Bylines(self.edition.programme, config.repo_url)
        self.site = self.edition.site(page.url for page in files.documentation_pages())
        return KnownFiles(files, config, made)

    def is_unused(self, file: File) -> bool:
        """Whether it is one of the theme's scripts, or a page in a language the site lacks."""
        foreign = shell.language_of(file.src_uri) not in self.edition.programme.site.languages
        return file.src_uri.startswith(theme.UNUSED) or (foreign and file.is_documentation_page())

    def on_page_markdown(self, markdown: str, *, page: Page, **_: Any) -> str:
        """Fill in what a hand-written page asks for, and what belongs to its theme."""
        language, source = shell.language_of(page.url), page.file.src_uri
        words = self.site.words[language]
        try:
            missing = words["not_measured"]
            filled = figures.filled(markdown, self.edition.inventory, missing, language)
            completed = self.themes.completed(filled, source, words)
            return self.bylines.completed(completed, source, words)
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
        env.bytecode_cache = environment.COMPILED
        self.env = env
        return env

    def on_nav(self, nav: Navigation, *, files: Files, **_: Any) -> None:
        """Keep what pages that we draw ourselves need."""
        self.nav, self.files = nav, files

    def draw(self, output: render.Output, paired: bool) -> str:
        """Draw a page around an article, as MkDocs draws its own."""
        source = output.path.removesuffix(".html") + ".md"
        file = File.generated(self.mkdocs, source, content="", inclusion=InclusionLevel.NOT_IN_NAV)
        file.edit_uri = "../" + edition.source_of(output, self.config.seminars)
        page = ArticlePage(output, file, self.mkdocs)
        page.read_source(self.mkdocs)
        page.render(self.mkdocs, self.files)
        page.active = True
        known = self.site
        self.site = shell.with_page(known, url_of(output.path), paired=paired)
        context = get_context(self.nav, self.files, self.mkdocs, page)
        plugins = self.mkdocs.plugins
        context = plugins.on_page_context(context, page=page, config=self.mkdocs, nav=self.nav)
        self.site = known
        drawn = self.env.get_template("main.html").render(context)
        return str(plugins.on_post_page(drawn, page=page, config=self.mkdocs))

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, **_: Any
    ) -> TemplateContext:
        """Put a frame around the page for addresses that do not exist."""
        if template_name == "404.html":
            self.not_found = context
            self.frame(context, shell.Around(shell.LANGUAGES[self.site.root][2] + template_name))
        return context

    def frame(self, context: Any, page: shell.Around) -> None:
        """Set the frame, and the language of the theme's own words."""
        context["shell"] = shell.shell(page, self.site)
        context["config"].theme["language"] = shell.language_of(page.url)

    def on_post_template(self, output_content: str, *, template_name: str, **_: Any) -> str:
        """Write our own sitemap: MkDocs' knows nothing of languages."""
        if template_name == "sitemap.xml":
            return shell.sitemap(self.site.root, self.site, self.edition.revised)
        return output_content

    def on_page_context(
        self, context: TemplateContext, *, page: Page, nav: Navigation, **_: Any
    ) -> TemplateContext:
        """Put the frame of its language around a page."""
        edit = page.file.edit_uri or ""
        source = edit[3:] if edit.startswith("../") else f"docs/{edit}"
        around = (page.meta.get("title", page.title), source, shelves(page, nav))
        self.frame(context, shell.Around(page.url, *around))
        return context

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Publish what MkDocs has written and what we write, then look at every finished page."""
        for name in sorted(below(self.aside)):
            content = (self.aside / name).read_bytes()
            self.press.put(name, content)
            if name.endswith("index.html"):
                self.edition.words.read(name, content.decode())
        self.unstage()
        try:
            self.publish(strict=config.strict)
        except (UnfitError, render.TemplateError) as error:
            raise PluginError(str(error)) from None

    def publish(self, *, strict: bool) -> None:
        """Write what follows from the entries; look at what changed, or, if strict, at all."""
        self.frames = Frames(self.draw)
        self.edition.write(self.press, self.frames, self.site)
        for language in [one for one in self.site.names if one != "en"]:
            self.frame(self.not_found, shell.Around(f"{language}/404.html"))
            page = self.env.get_template("404.html").render(self.not_found).encode()
            self.press.put(f"{language}/404.html", page)
        self.edition.write_search(self.press, self.site)
        self.press.finish()
        self.edition.keep_secrets(self.press, all_files=strict)
        for fault in self.edition.faults(self.press, self.frames, all_files=strict):
            log.warning(fault)
        if strict:
            self.edition.lint(self.folder)
        self.press.remember()


def shelves(page: Page, nav: Navigation) -> shell.Shelves:
    """Return the rows of links above a page of the documentation; other pages have none."""
    if page not in nav.pages:
        return ()
    levels = [nav.items] + ([page.parent.children or []] if page.parent else [])
    return tuple(tuple(links(items, page)) for items in levels)


def links(items: list[Any], here: Page) -> Iterator[shell.Entry]:
    """Yield a row of links; a section's leads to its first page."""
    for item in items:
        pages = item.children if item.children else [item]
        yield shell.Entry(item.title, pages[0].url, here in pages, exact=here is item)
