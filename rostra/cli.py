"""The command `rostra`: thin doors to the rooms.

A package is imported only inside the sub-command that needs it, so that `rostra check`, `build`,
`announce` and `new` run where torch is not installed, and every `--help` is instant.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from rostra.laboratory import fail, lab

app = typer.Typer(
    name="rostra",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Seminars, a knowledge site and live attacks in the page.\n\n"
    "Start with `rostra check`, then `rostra serve`. Every command explains itself with --help.",
)
new = typer.Typer(no_args_is_help=True, help="Start a new entry from a commented template.")
SITE = "The site"
Project = Annotated[
    Path, typer.Option("--project", "-C", help="Folder of mkdocs.yml and seminars/.")
]
HERE = Path()


@app.command(rich_help_panel=SITE)
def check(
    project: Project = HERE,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema.")] = False,
) -> None:
    """Check every seminar entry: all faults at once, with file, line and column.

    Exits with 1 if anything is wrong. Editors that know JSON schema complete and check the same
    entries while you type; `rostra check --schema > seminars/schema.json` renews what they read.
    """
    from rostra.sitegen import entries, programme

    if schema:
        typer.echo(entries.schema(), nl=False)
        return
    faults = programme.check(project / "seminars")
    for fault in faults:
        typer.echo(str(fault), err=True)
    if faults:
        raise fail(f"{len(faults)} fault{'s' * (len(faults) > 1)}.")
    typer.secho("All entries are in order.", fg="green")


@new.command("talk")
def new_talk(
    series: Annotated[str, typer.Argument(help="Key of the series, as in seminars/series.yaml.")],
    slug: Annotated[str, typer.Argument(help="Last part of its address; it never changes.")],
    *,
    title: Annotated[str, typer.Option(help="Title, if it is known.")] = "",
    start: Annotated[str, typer.Option(help="Local start, as 2027-03-07 10:00.")] = "",
    speaker: Annotated[list[str] | None, typer.Option(help="Key of a person; repeatable.")] = None,
    project: Project = HERE,
) -> None:
    """Write seminars/SERIES/SLUG.yaml: in order as it stands, a comment on all that is left.

    Example: rostra new talk ai-prisec my-talk --speaker yi-liu --start "2027-03-07 10:00"
    """
    from rostra.sitegen.drafts import Draft
    from rostra.sitegen.drafts import new_talk as write
    from rostra.sitegen.faults import EntryError

    draft = Draft(title, start, tuple(speaker or ()))
    try:
        path = write(project / "seminars", series, slug, draft)
    except FileExistsError:
        raise fail(f"seminars/{series}/{slug}.yaml is there already: nothing is written.") from None
    except (EntryError, LookupError) as error:
        raise fail(error.args[0] if isinstance(error, LookupError) else error) from None
    typer.echo(f"Wrote {path}. Fill it in, then: rostra check")


@app.command(rich_help_panel=SITE)
def announce(
    talk: Annotated[str, typer.Argument(help="SERIES/SLUG, or the slug alone.")],
    channel: Annotated[str, typer.Option(help="mail, wechat, or all.")] = "all",
    language: Annotated[str, typer.Option(help="en, zh, or all.")] = "all",
    project: Project = HERE,
) -> None:
    """Print a talk's announcement: mail and WeChat text, in each language, ready to paste."""
    from rostra.sitegen import channels
    from rostra.sitegen.faults import EntryError
    from rostra.sitegen.programme import load

    try:
        programme = load(project / "seminars")
        found = programme.find(talk)
        ways = channels.channels() if channel == "all" else [channel]
        languages = [*programme.site.languages] if language == "all" else [language]
        texts = {
            f"{way}, {lang}": channels.announce(found, programme, way, lang)
            for way in ways
            for lang in languages
        }
    except (EntryError, LookupError) as error:
        raise fail(error.args[0] if isinstance(error, LookupError) else error) from None
    for heading, text in texts.items():
        if len(texts) > 1:
            typer.secho(f"=== {heading} ===", fg="cyan")
        typer.echo(text)


@app.command(rich_help_panel=SITE)
def build(
    project: Project = HERE,
    strict: Annotated[bool, typer.Option("--strict", help="A warning is an error.")] = False,
    site: Annotated[Path | None, typer.Option(help="Where to; by default site/.")] = None,
    live: Annotated[bool, typer.Option("--live", help="A server answers the demos.")] = False,
) -> None:
    """Build the site into plain files that any host can serve.

    Without a server behind them the demos show a recorded run. The clock decides which talk is
    next: ROSTRA_NOW=2022-03-01 or SOURCE_DATE_EPOCH sets it.
    """
    # A process of its own: mkdocs answers for its own exit status, and only the plugin imports it.
    command = [sys.executable, "-m", "mkdocs", "build", "--config-file", "mkdocs.yml"]
    command += ["--strict"] * strict
    command += ["--site-dir", str(site.resolve())] if site else []
    environment = {**os.environ, "ROSTRA_LIVE": str(live).lower(), "NO_MKDOCS_2_WARNING": "1"}
    if not (project / "mkdocs.yml").exists():
        raise fail(f"no mkdocs.yml in {project.resolve()}: name the folder with --project")
    raise typer.Exit(subprocess.run(command, cwd=project, env=environment, check=False).returncode)


@app.command(rich_help_panel=SITE)
def serve(
    *,
    project: Project = HERE,
    host: Annotated[str, typer.Option(help="127.0.0.1 is this machine alone.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free one.")] = 8000,
    device: Annotated[str, typer.Option(help="Where models run: auto, cpu, cuda, …")] = "auto",
    wait_for: Annotated[
        Path | None, typer.Option(help="Mount the demos once this file appears.")
    ] = None,
    allow: Annotated[
        list[str] | None, typer.Option(help="Host name to answer to, behind a proxy; repeatable.")
    ] = None,
) -> None:
    """Serve the site and, where torch and gradio are installed, the live demos on one port.

    The site is built first if a source is newer than it. Stop with Ctrl-C. A proxy in front must
    keep the Host header; name its host with --allow (or $ROSTRA_ALLOWED_HOSTS).
    """
    from rostra.live import freshness, server

    if not (project / "mkdocs.yml").exists():
        raise fail(f"no mkdocs.yml in {project.resolve()}: name the folder with --project")
    try:
        server.serve(project, host, port, device, wait_for, allowed=tuple(allow or ()))
    except (server.PortTakenError, freshness.BuildError) as error:
        raise fail(error) from None


app.add_typer(new, name="new", rich_help_panel=SITE)
app.add_typer(lab)
