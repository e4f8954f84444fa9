"""The command `rostra`: thin doors to the rooms.

A package is imported only inside the sub-command that needs it, so that `rostra check`, `build`,
`announce` and `new` run where torch is not installed, and every `--help` is instant. Each help
ends with command lines to copy, and what comes of them.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from rostra.editorial.advice import warn_of_address
from rostra.editorial.commands import HERE, SITE, Project, desk
from rostra.laboratory.commands import PANEL, Device, lab, laboratory
from rostra.laboratory.doctor import doctor
from rostra.refusal import fail, need

app = typer.Typer(
    name="rostra",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Seminars, a knowledge site and live attacks in the page.\n\n"
    "Start with `rostra check`, then `rostra serve`. Every command explains itself with --help.",
)
site = typer.Typer()


@site.command(rich_help_panel=SITE)
def build(
    project: Project = HERE,
    strict: Annotated[bool, typer.Option("--strict", help="A warning is an error.")] = False,
    site: Annotated[Path | None, typer.Option(help="Where to; by default site/.")] = None,
    live: Annotated[bool, typer.Option("--live", help="A server answers the demos.")] = False,
    folder: Annotated[
        Path | None, typer.Option(help="Write the rendered Markdown there, too.")
    ] = None,
) -> None:
    """Build the site into plain files that any host can serve.

    Without a server behind them the demos show a recorded run. The clock decides
    which talk is next: ROSTRA_NOW=2022-03-01 or SOURCE_DATE_EPOCH sets it.
    ROSTRA_SITE_URL stands instead of the `url:` in seminars/site.yaml.

    Examples:
        rostra build --strict --site public
            writes public/, and exits with 1 where a link or an anchor is dead
        rostra build --folder plain
            writes site/, and plain/ for ProperDocs and Zensical: mkdocs.yml and docs/
    """
    # A process of its own: mkdocs answers for its own exit status, and only the plugin imports it.
    command = [sys.executable, "-m", "mkdocs", "build", "--config-file", "mkdocs.yml"]
    command += ["--strict"] * strict
    command += ["--site-dir", str(site.resolve())] if site else []
    environment = {**os.environ, "ROSTRA_LIVE": str(live).lower(), "NO_MKDOCS_2_WARNING": "1"}
    need("mkdocs.yml", project)
    if site and site.exists() and not site.is_dir():
        raise fail(f"{site} is a file: --site names a folder, which is emptied first")
    done = subprocess.run(command, cwd=project, env=environment, check=False)
    if folder and not done.returncode:
        write_folder(site or project / "site", folder)
    raise typer.Exit(done.returncode)


def write_folder(site: Path, folder: Path) -> None:
    """Take the articles out of the finished site for other generators."""
    from rostra.sitegen import plain

    try:
        plain.write(site, folder)
    except plain.FolderTakenError as error:
        raise fail(error) from None
    typer.echo(f"Wrote {folder}: zensical build, or properdocs build -f mkdocs.yml")


@site.command(rich_help_panel=SITE)
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
    watch: Annotated[bool, typer.Option("--watch/--no-watch", help="Build after an edit.")] = True,
) -> None:
    """Serve the site and, where torch and gradio are installed, the live demos on one port.

    The site is built first if a source is newer than it, and again after each
    edit: save a file, and pages that are open on this machine show it. An edit
    that is at fault is told here and on the page, and the last good site stays.
    Stop with Ctrl-C. A proxy in front must keep the Host header; name its host
    with --allow (or $ROSTRA_ALLOWED_HOSTS).

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
        server.serve(project, host, port, device, wait_for, allowed=tuple(allow or ()), watch=watch)
    except (server.PortTakenError, freshness.BuildError) as error:
        raise fail(error) from None


@site.command(rich_help_panel=SITE)
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


lab.command(rich_help_panel=PANEL)(doctor)
app.add_typer(desk)
app.add_typer(site)
app.add_typer(lab)
