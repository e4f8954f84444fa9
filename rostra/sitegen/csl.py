"""CSL-JSON, which citation managers read: a source or a talk as plain data."""

import json
from collections.abc import Mapping
from typing import Any

from rostra.sitegen.references import Reference

TYPES = {
    "article": "article-journal",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "incollection": "chapter",
    "inbook": "chapter",
    "book": "book",
    "proceedings": "book",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "techreport": "report",
    "misc": "article",
    "unpublished": "manuscript",
}
# field of BibTeX → variable of CSL
FIELDS = {
    "publisher": "publisher",
    "volume": "volume",
    "number": "issue",
    "pages": "page",
    "doi": "DOI",
    "isbn": "ISBN",
    "abstract": "abstract",
}


def name(written: str) -> dict[str, str]:
    """Split a name as citations sort it; one that is a single word, or Chinese, stays whole.

    Examples:
        >>> name("Chen, Pin-Yu"), name("王伟")
        ({'family': 'Chen', 'given': 'Pin-Yu'}, {'literal': '王伟'})
    """
    family, comma, given = written.partition(", ")
    return {"family": family, "given": given} if comma else {"literal": written}


def csl(source: Reference) -> Mapping[str, Any]:
    """A source as an item of CSL-JSON."""
    dated = {"issued": issued(int(source.year))} if source.year.isdigit() else {}
    more = {to: source.fields[of] for of, to in FIELDS.items() if of in source.fields}
    if "page" in more:
        more["page"] = more["page"].replace("–", "-")
    return {
        "id": source.key,
        "type": TYPES.get(source.kind, "document"),
        "title": source.title,
        "author": [*map(name, source.authors)],
        **({"container-title": source.venue} if source.venue else {}),
        **dated,
        **more,
        **({"URL": source.address} if source.address else {}),
    }


def issued(*parts: int) -> Mapping[str, Any]:
    """A date: its year, or year, month and day."""
    return {"date-parts": [[*parts]]}


def written(*items: Mapping[str, Any]) -> str:
    """CSL-JSON as a file has it: a list of items, one variable a line."""
    return "[\n" + ",\n".join(map(_item, items)) + "\n]"


def _item(item: Mapping[str, Any]) -> str:
    lines = (f'  "{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in item.items())
    return "{\n" + ",\n".join(lines) + "\n}"
