"""What hand-written pages may ask for instead of typing it: figures, plots, tables, sources."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from jinja2 import Environment, StrictUndefined

from rostra.sitegen import plots
from rostra.sitegen.filters import budget, percent
from rostra.sitegen.formulas import mathml
from rostra.sitegen.inventory import Inventory, Table
from rostra.sitegen.references import listed
from rostra.sitegen.zoom import zoomable

# What pymdownx.arithmatex leaves of a formula, inside a line or on a line of its own. A browser may
# break the line after a formula inside it, even before a full stop: the two are kept together.
FORMULA = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">\\[(\[](?P<latex>.*?)\\[)\]]</(?P=tag)>'
    r"(?P<stop>[,.;:)，。；：、）]*)",
    re.DOTALL,
)
ENVIRONMENT = Environment(
    variable_start_string="[=",
    variable_end_string="=]",
    block_start_string="[%=",
    block_end_string="=%]",
    comment_start_string="[#=",
    comment_end_string="=#]",
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    autoescape=False,  # the values are ours and go into Markdown, not into HTML
)


def filled(markdown: str, inventory: Inventory, missing: str, language: str = "en") -> str:
    """Replace what stands between `[=` and `=]` by what it asks for.

    Args:
        markdown: a hand-written page.
        inventory: models, measurements and sources.
        missing: what is said of a model that has not been trained, of what nobody has measured.
        language: of the page.

    Raises:
        LookupError: If a source is not in the bibliography.

    Examples:
        >>> from rostra.sitegen.inventory import Model
        >>> shelf = Inventory(models=(Model("m", {"clean_accuracy": 0.9614}),))
        >>> filled('[= clean("m") =], [= clean("n") =]', shelf, "unknown")
        '96.1%, unknown'
    """
    names = {
        name: asks(partial(question, language), inventory, missing)
        for name, question in QUESTIONS.items()
    }
    names["measured"] = partial(measured, inventory, missing)
    names["plot"] = partial(plot, inventory, missing)
    names["sources"] = lambda *keys: listed(keys, inventory.references)
    return ENVIRONMENT.from_string(markdown).render(names)


QUESTIONS: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "clean": lambda language, card: percent(card["clean_accuracy"], language),
    "robust": lambda language, card: percent(card["robust_accuracy"], language),
    "eps": lambda _, card: budget(card["threat"]["eps"]),
}


def asks(
    question: Callable[[Mapping[str, Any]], str], inventory: Inventory, missing: str
) -> Callable[[str], str]:
    """Make a question about a model's card answerable by the model's name."""
    cards = {model.name: model.card for model in inventory.models}
    return lambda name: question(cards[name]) if name in cards else missing


def measured(inventory: Inventory, missing: str, name: str, label: str) -> str:
    """The table that a benchmark has left, folded up under a label; where there is none, a word."""
    table = _table(inventory, name)
    if table is None:
        return _unmeasured(name, missing)
    return plots.table(table.rows, table.notes, label)


def plot(
    inventory: Inventory,
    missing: str,
    name: str,
    columns: Sequence[str],
    *,
    title: str,
    says: str,
    **terms: Any,
) -> str:
    """Columns of a benchmark's table as a picture; `terms` are those of `plots.bars`."""
    table = _table(inventory, name)
    if table is None:
        return _unmeasured(name, missing)
    key = re.sub(r"\W+", "-", f"{name} {title}".lower()).strip("-")
    return plots.plot(plots.bars(table.rows, columns, **terms), title, says, key)


def _table(inventory: Inventory, name: str) -> Table | None:
    return next((one.table for one in inventory.benchmarks if one.name == name), None)


def _unmeasured(name: str, missing: str) -> str:
    return f"*{missing}: `python -m benchmarks {name}`*"


def drawn(page: str) -> str:
    """Replace the formulas of a rendered page by MathML; its pictures open large.

    Raises:
        FormulaError: If a formula cannot be drawn as it is written.
    """
    return zoomable(FORMULA.sub(_drawn, page))


def _drawn(found: re.Match[str]) -> str:
    latex = html.unescape(found["latex"]).strip()
    if found["tag"] == "div":
        return f'<div class="formula" tabindex="0">{mathml(latex, display=True)}</div>'
    if found["stop"]:
        return f'<span class="unbroken">{mathml(latex)}{found["stop"]}</span>'
    return mathml(latex)
