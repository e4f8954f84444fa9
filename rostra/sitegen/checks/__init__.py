"""The checker: what `rostra check` finds beyond the faults that no build can live with.

Each file is one rule or a family of rules; its `check` looks at all entries at once, at the time
`contents.now`, and reports into their documents.
"""

from datetime import datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from rostra.sitegen import folder as folders
from rostra.sitegen.contents import Contents
from rostra.sitegen.faults import Fault

RULES = tuple(sorted(one.name for one in iter_modules(__path__) if not one.name.startswith("_")))


def check(folder: Path, now: datetime | None = None) -> list[Fault]:
    """Find everything that is wrong with the entries, or probably wrong.

    Args:
        folder: `seminars/`.
        now: the clock: some findings are only true for a time.

    Returns:
        The findings in the order of files, lines and columns.
    """
    return findings(folders.read(folder, now))


def findings(contents: Contents) -> list[Fault]:
    """Find what is wrong with entries that are read; without a site they have no common ground."""
    for name in RULES if contents.site is not None else ():
        import_module(f"{__name__}.{name}").check(contents)
    found = {fault for one in contents.documents.values() for fault in one.faults}
    return sorted(found | set(contents.faults))
