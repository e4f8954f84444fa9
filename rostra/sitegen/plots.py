"""Measurements as pictures and tables inside hand-written pages: one style, no script.

A plot is an SVG without a fixed size: it fills its place, its lines are 2 px wide, and its text
keeps its size. Each line has its name above it and its figure at its end, so that colour says
nothing alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from rostra.sitegen.filters import markdown_line, number
from rostra.sitegen.measured import OURS, Row

STEP, NAME, LINE = 44, 14, 28  # px: from one line to the next, to the foot of a name, to its line
WIDEST = 84.0  # per cent of the width; the rest holds the figure


@dataclass(frozen=True)
class Bar:
    """One line of a plot."""

    name: str
    value: float

    @property
    def is_ours(self) -> bool:
        """Whether it tells of this library."""
        return OURS in self.name


def bars(
    rows: Iterable[Row], columns: Sequence[str], by: Sequence[str], of: str | None = None
) -> list[Bar]:
    """Take the lines of a plot from a table, in its order.

    Args:
        rows: of the table; a cell that is no number is left out.
        columns: each is drawn for each group.
        by: the columns whose cells name a group. A group's values are averaged.
        of: what a group's values are a share of, in per cent, both summed over the same rows.

    Examples:
        >>> rows = [{"a": "x", "k": 1, "n": 2}, {"a": "x", "k": 2, "n": 2}]
        >>> bars(rows, ["k"], ["a"], of="n")
        [Bar(name='x', value=75.0)]
    """
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(", ".join(str(row[column]) for column in by), []).append(row)
    found = []
    for name, group in groups.items():
        for column in columns:
            label = name if len(columns) == 1 else f"{name}: {column}"
            found += [Bar(label, value) for value in _value(group, column, of)]
    return found


def _value(group: Sequence[Row], column: str, of: str | None) -> Iterator[float]:
    both = [(row[column], row[of or column]) for row in group]
    known = [(v, w) for v, w in both if isinstance(v, int | float) and isinstance(w, int | float)]
    if known:
        total = sum(value for value, _ in known)
        whole = len(known) if of is None else sum(of_it for _, of_it in known) / 100
        yield total / whole


def plot(lines: Sequence[Bar], title: str, description: str, key: str) -> str:
    """Draw lines from zero.

    Args:
        lines: what is drawn, one below the other.
        title: what a reader who cannot see it is told first, and all see as its heading.
        description: what is drawn, in a sentence.
        key: part of the elements' ids, once a page.

    Returns:
        HTML on one line, safe to insert into Markdown.
    """
    most = max((line.value for line in lines), default=0.0) or 1.0
    drawn = "".join(_drawn(line, i, most) for i, line in enumerate(lines))
    return (
        f'<figure class="plot"><figcaption aria-hidden="true">{escape(title)}</figcaption>'
        f'<svg role="img" width="100%" height="{STEP * len(lines) + 4}" '
        f'aria-labelledby="{key}-title {key}-desc"><title id="{key}-title">{escape(title)}</title>'
        f'<desc id="{key}-desc">{escape(description)}</desc>'
        f'<line class="axis" x1="0.5" x2="0.5" y1="0" y2="100%"/>{drawn}</svg></figure>'
    )


def _drawn(line: Bar, place: int, most: float) -> str:
    top, end = STEP * place, f"{max(0.0, WIDEST * line.value / most):.2f}%"
    kind = "ours" if line.is_ours else "theirs"
    return (
        f'<g class="{kind}"><text x="8" y="{top + NAME}">{escape(line.name)}</text>'
        f'<line x1="0" x2="{end}" y1="{top + LINE}" y2="{top + LINE}"/>'
        f'<circle cx="{end}" cy="{top + LINE}" r="4"/>'
        f'<text class="figure" x="{end}" dx="10" y="{top + LINE + 4}">'
        f"{number(round(line.value, 2))}</text></g>"
    )


def table(rows: Sequence[Row], notes: Iterable[str], label: str) -> str:
    """Write a table out, folded up, its notes below it.

    Args:
        rows: all with the columns of the first.
        notes: Markdown, a line each.
        label: what is to be unfolded.
    """
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in rows[0])
    body = "".join(f"<tr>{''.join(map(_cell, rows[0], row.values()))}</tr>" for row in rows)
    below = "".join(f"<li>{markdown_line(note, 'en')}</li>" for note in notes)
    return (
        f'<details class="measured"><summary>{escape(label)}</summary>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(label)}">'
        f'<table class="plain figures stack"><thead><tr>{head}</tr></thead>'
        f'<tbody>{body}</tbody></table></div><ul class="soft small">{below}</ul></details>'
    )


def _cell(column: str, value: float | str) -> str:
    """A cell that names its column, for screens too narrow for a head."""
    label = f' data-label="{escape(column)}"'
    if isinstance(value, int | float):
        return f'<td class="number"{label}>{number(value)}</td>'
    wide = ' class="words"' if len(value) > 60 else ""
    return f"<td{wide}{label}>{escape(value)}</td>"
