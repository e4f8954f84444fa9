"""How a command says no."""

from pathlib import Path

import typer


def fail(message: object) -> typer.Exit:
    """Say on standard error what is wrong; the caller raises what this returns."""
    typer.secho(str(message), fg="red", err=True)
    return typer.Exit(1)


def need(name: str, project: Path) -> None:
    """Refuse a project folder that lacks what the command reads."""
    if not (project / name).exists():
        raise fail(f"no {name} in {project.resolve()}: name the folder with --project")
