"""What an organiser is told beside the answer: no fault, but somebody will stumble over it."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rostra.sitegen.talk import Talk


def warn_of_address(url: str, project: Path) -> None:
    """Say on standard error that what is sent out carries links which its readers cannot open."""
    from rostra.sitegen.channels import public

    if not public(url):
        told = f"Calendars, feeds and announcements carry {url}, which others cannot open: write "
        told += f"where the site is published as `url:` into {project / 'seminars/site.yaml'}, or "
        told += "set $ROSTRA_SITE_URL."
        typer.secho(told, fg="yellow", err=True)


def missing_way(talk: "Talk", folder: Path) -> str | None:
    """Say that a talk's way in is known nowhere, so that its announcement cannot carry it."""
    from rostra.sitegen.privacy import secret, variable

    if talk.way_in is None or not talk.held or secret(talk.way_in.name, folder) is not None:
        return None
    name = talk.way_in.name
    where = f"write it into the ignored {folder / 'secrets.yaml'} or ${variable(name)}"
    return f"`join: !secret {name}` has no value here, and the texts say so: {where}."
