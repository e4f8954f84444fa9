"""How a command says no."""

import typer


def fail(message: object) -> typer.Exit:
    """Say on standard error what is wrong; the caller raises what this returns."""
    typer.secho(str(message), fg="red", err=True)
    return typer.Exit(1)
