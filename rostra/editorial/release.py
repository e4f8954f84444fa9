"""`rostra release`: subscribers are told of what has changed, and the organiser sees what."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rostra.refusal import fail, need

if TYPE_CHECKING:
    from rostra.sitegen.release import Comparison

Project = Annotated[
    Path, typer.Option("--project", "-C", help="Folder of mkdocs.yml and seminars/.")
]
HERE = Path()


def release(
    *,
    project: Project = HERE,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if anything is unreleased.")
    ] = False,
    withdraw: Annotated[
        str, typer.Option(metavar="SERIES/SLUG", help="Take back a talk whose file is gone.")
    ] = "",
) -> None:
    """Write into seminars/.ledger what calendars tell subscribers, and print what changes.

    Run it on the main branch before the site is built, and commit the ledger:
    it holds, for each talk, how often and when subscribers were told something
    new. A second run writes nothing.

    Examples:
        rostra release --check
            what subscribers will see change, line by line; nothing is written
        rostra release --withdraw ai-prisec/my-talk
            calendars go on saying that it is cancelled, and no longer what it was
    """
    from rostra.sitegen import release as releases
    from rostra.sitegen.faults import EntryError
    from rostra.sitegen.programme import load
    from rostra.sitegen.times import clock

    need("seminars", project)
    now = clock("")
    try:
        comparison = releases.compare(load(project / "seminars", now), now)
        if withdraw and not check:
            typer.echo(str(releases.withdraw(comparison, withdraw)))
            return
        releases.refuse_lost(comparison)
        _told(comparison, check=check)
        if not check:
            releases.release(comparison)
    except (EntryError, releases.ReleaseError) as error:
        raise fail(error) from None


def _told(comparison: "Comparison", *, check: bool) -> None:
    """Print every change; for `--check`, anything to release is a refusal."""
    for change in comparison.changes:
        typer.echo(str(change))
    if not comparison.changes:
        typer.secho("Everything is released.", fg="green")
    elif check:
        raise fail(f"Not released: {len(comparison.changes)}. rostra release")
    else:
        typer.secho(f"Released: {len(comparison.changes)}. Commit seminars/.ledger.", fg="green")
