"""The command `rostra`: thin doors to the rooms.

A package is imported only inside the sub-command that needs it, so that `rostra check`, `build`,
`announce` and `new` run where torch is not installed, and every `--help` is instant. Each help
ends with command lines to copy, and what comes of them.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rostra.editorial.findings import WRITE, Format, Language, language_here
from rostra.editorial.release import release
from rostra.laboratory.commands import Device, lab, laboratory
from rostra.refusal import fail

if TYPE_CHECKING:
    from rostra.sitegen.talk import Talk

app = typer.Typer(
    name="rostra",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Seminars, a knowledge site and live attacks in the page.\n\n"
    "Start with `rostra check`, then `rostra serve`. Every command explains itself with --help.",
)
new = typer.Typer(no_args_is_help=True, help="Start a new entry: `rostra new talk SERIES SLUG`.")
SITE = "The site"
Project = Annotated[
    Path, typer.Option("--project", "-C", help="Folder of mkdocs.yml and seminars/.")
]
HERE = Path()


@app.command(rich_help_panel=SITE)
def check(
    *,
    project: Project = HERE,
    form: Annotated[Format, typer.Option("--format", help="text, json, or github.")] = Format.text,
    language: Annotated[
        Language | None, typer.Option(help="en or zh; by default that of this machine.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="A warning is an error.")] = False,
    now: Annotated[str, typer.Option(help="The clock to check by, as 2027-03-07.")] = "",
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema.")] = False,
) -> None:
    """Check every seminar entry: all faults at once, with file, line and column.

    Exits with 1 if anything is wrong; a warning is only probably wrong, and
    builds go on. Editors that know JSON schema complete and check the same
    entries while you type.

    Examples:
        rostra check
            says that all entries are in order, or what to mend and where
        rostra check --format github --strict
            marks the lines of a pull request, warnings included
    """
    from rostra.sitegen import checks, entries, folder, times

    if schema:
        typer.echo(entries.schema(), nl=False)
        return
    need("seminars", project)
    told_in = language or language_here()
    try:
        clock = times.clock(now)
    except ValueError:
        raise fail(f"--now takes a date or an instant, as 2027-03-07, not '{now}'") from None
    contents = folder.read(project / "seminars", clock)
    found = checks.findings(contents)
    typer.echo(WRITE[form](found, told_in), err=form is Format.text and bool(found))
    if any(strict or fault.severity == "error" for fault in found):
        raise typer.Exit(1)
    if form is Format.text and contents.site is not None:
        warn_of_address(contents.site.url, project)


def need(name: str, project: Path) -> None:
    """Refuse a project folder that lacks what the command reads."""
    if not (project / name).exists():
        raise fail(f"no {name} in {project.resolve()}: name the folder with --project")


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

    Nothing is ever overwritten.

    Examples:
        rostra new talk ai-prisec my-talk
            writes seminars/ai-prisec/my-talk.yaml, a week or more from now
        rostra new talk ai-prisec other --start "2027-03-07 10:00"
            the same at that hour, by the clock of its series
    """
    from rostra.sitegen.drafts import Draft
    from rostra.sitegen.drafts import new_talk as write
    from rostra.sitegen.faults import EntryError

    need("seminars", project)
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
    """Print a talk's announcement: mail and WeChat text, in each language, ready to paste.

    Sending is up to you; warnings go to standard error.

    Examples:
        rostra announce ai-prisec/badbatch
            the mail and the message, each in both languages
        rostra announce badbatch --channel wechat --language zh
            one text alone, without a heading: fit for a pipe
    """
    from rostra.sitegen import channels
    from rostra.sitegen.faults import EntryError
    from rostra.sitegen.programme import load

    need("seminars", project)
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
    warn_of_address(programme.site.url, project)
    if (way := missing_way(found, programme.folder)) is not None:
        typer.secho(way, fg="yellow", err=True)
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

    Without a server behind them the demos show a recorded run. The clock decides
    which talk is next: ROSTRA_NOW=2022-03-01 or SOURCE_DATE_EPOCH sets it.
    ROSTRA_SITE_URL stands instead of the `url:` in seminars/site.yaml.

    Examples:
        rostra build
            writes site/, pages in both languages
        rostra build --strict --site public
            writes public/, and exits with 1 where a link or an anchor is dead
    """
    # A process of its own: mkdocs answers for its own exit status, and only the plugin imports it.
    command = [sys.executable, "-m", "mkdocs", "build", "--config-file", "mkdocs.yml"]
    command += ["--strict"] * strict
    command += ["--site-dir", str(site.resolve())] if site else []
    environment = {**os.environ, "ROSTRA_LIVE": str(live).lower(), "NO_MKDOCS_2_WARNING": "1"}
    need("mkdocs.yml", project)
    if site and site.exists() and not site.is_dir():
        raise fail(f"{site} is a file: --site names a folder, which is emptied first")
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

    The site is built first if a source is newer than it. Stop with Ctrl-C. A
    proxy in front must keep the Host header; name its host with --allow (or
    $ROSTRA_ALLOWED_HOSTS).

    Examples:
        rostra serve
            builds, then answers at http://127.0.0.1:8000, demos included
        rostra serve --host 0.0.0.0 --port 80 --allow seminar.example.org
            answers the network, under that name
    """
    from rostra.live import freshness, hosts, server

    need("mkdocs.yml", project)
    if host not in hosts.LOOPBACK:
        warn_of_address(hosts.address(host, port, project), project)
    try:
        server.serve(project, host, port, device, wait_for, allowed=tuple(allow or ()))
    except (server.PortTakenError, freshness.BuildError) as error:
        raise fail(error) from None


@app.command(rich_help_panel=SITE)
def demo(
    name: Annotated[str, typer.Argument(help="A demo; none lists them.")] = "",
    record: Annotated[bool, typer.Option("--record", help="Record the run for its page.")] = False,
    device: Device = "auto",
    project: Project = HERE,
) -> None:
    """List the demos, or record the real run of one that its page shows where no server answers.

    To use a demo, `rostra serve` and open /gallery/NAME/. Recording needs torch.

    Examples:
        rostra demo
            each demo's name, title and page
        rostra demo attack_playground --record
            writes docs/assets/recordings/attack_playground.json
    """
    from rostra.sitegen import inventory

    need("demos", project)
    known = {each.id: each.title for each in inventory.read(project).demos}
    if not name:
        for each, title in known.items():
            typer.echo(f"{each:20} {title}  /gallery/{each}/")
        return
    if name not in known:
        raise fail(f"no demo is called {name!r}; there is: {', '.join(known)}")
    if not record:
        raise fail(f"to use it: rostra serve, then open /gallery/{name}/; to record it: --record")
    with laboratory():
        from robustlib.run import device_of
        from rostra.live.recording import record as record_run

        path = project / "docs/assets/recordings" / f"{name}.json"
        record_run(path, device=device_of(device))
        typer.echo(f"Wrote {path}")


app.command(rich_help_panel=SITE)(release)
app.add_typer(new, name="new", rich_help_panel=SITE)
app.add_typer(lab)
