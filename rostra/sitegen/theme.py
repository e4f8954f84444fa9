"""Material's templates, with the few lines changed that we cannot override by a block.

The changes are substitutions on the installed file, so that an update of the theme still reaches
us; each is checked, so that an update that moves the ground under one of them is noticed.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import BaseLoader, Environment

# Templates, style sheets, scripts and fonts: a site has them by naming the plugin. A file of the
# site's own, at the same place below docs/, goes before ours.
FOLDER = Path(__file__).parent / "theme"

# In this order; colours.css is written from the site's entry, and a site's own sheets follow.
SHEETS = [
    f"assets/stylesheets/{name}.css"
    for name in ("tokens", "site", "pages", "prose", "stage", "player", "print", "colours")
]

Changes = Mapping[str, tuple[tuple[str, str], ...]]

# template → (what stands there, what shall stand there)
CHANGES: Changes = {
    "base.html": (
        (  # check boxes that open a drawer and a search field we do not have; invalid HTML besides
            '<input class="md-toggle" data-md-toggle="drawer" type="checkbox" id="__drawer" '
            'autocomplete="off">\n'
            '    <input class="md-toggle" data-md-toggle="search" type="checkbox" id="__search" '
            'autocomplete="off">\n'
            '    <label class="md-overlay" for="__drawer"></label>',
            "",
        ),
        (  # the way past the header must exist on pages without a table of contents too
            "{% if page.toc | first is defined %}\n"
            "        {% set skip = page.toc | first %}\n"
            '        <a href="{{ skip.url | url }}" class="md-skip">\n'
            '          {{ lang.t("action.skip") }}\n'
            "        </a>\n"
            "      {% endif %}",
            '<a href="#main" class="skip">{{ shell.words.skip }}</a>',
        ),
        (
            '<main class="md-main" data-md-component="main">',
            '<main class="md-main" id="main" tabindex="-1" '
            'data-kind="{{ page.meta.kind if page and page.meta.kind else "written" }}">',
        ),
        (  # room for messages of a script we do not load
            '<div class="md-dialog" data-md-component="dialog">\n'
            '      <div class="md-dialog__inner md-typeset"></div>\n'
            "    </div>",
            "",
        ),
        # inline scripts: a strict content security policy refuses them
        ('{% include "partials/javascripts/base.html" %}', ""),
        ('{% include "partials/javascripts/content.html" %}', ""),
    ),
}

# Material's scripts and their search workers: the pages load ours instead.
UNUSED = ("assets/javascripts/bundle.", "assets/javascripts/lunr/", "assets/javascripts/workers/")


class ThemeError(ValueError):
    """The installed theme no longer contains a line that we replace."""


class ChangedTemplates(BaseLoader):
    """Another loader's templates, with our substitutions made.

    Examples:
        >>> from jinja2 import DictLoader
        >>> loader = ChangedTemplates(DictLoader({"a": "old"}), {"a": (("old", "new"),)})
        >>> Environment(loader=loader).get_template("a").render()
        'new'
    """

    def __init__(self, loader: BaseLoader, changes: Changes = CHANGES) -> None:
        self.loader = loader
        self.changes = changes

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return the template's text after the substitutions.

        Raises:
            ThemeError: If a text to be replaced does not occur exactly once.
        """
        text, path, fresh = self.loader.get_source(environment, template)
        for old, new in self.changes.get(template, ()):
            if text.count(old) != 1:
                raise ThemeError(
                    f"{template} of the installed theme should contain once, but contains "
                    f"{text.count(old)} times:\n{old}\nLook at the new template and mend "
                    "rostra/sitegen/theme.py."
                )
            text = text.replace(old, new)
        return text, path, fresh

    def list_templates(self) -> list[str]:
        """Return the names that the other loader knows."""
        return self.loader.list_templates()
