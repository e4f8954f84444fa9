"""The organiser's commands: entries are checked, started, imported, announced and released.

A package is imported only inside the command that needs it.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rostra.editorial.advice import missing_way, warn_of_address
from rostra.editorial.findings import WRITE, Format, Language, language_here
from rostra.editorial.pasting import fill, paste
from rostra.editorial.preview import preview
from rostra.editorial.release import release
from rostra.editorial.sites import new_site
from rostra.refusal import fail, need

if TYPE_CHECKING:
    from rostra.sitegen.drafts import Draft

desk = typer.Typer()
new = typer.Typer(no_args_is_help=True, help="Start an entry, or a site.")
SITE = "The site"
Project = Annotated[
    Path, typer.Option("--project", "-C", help="Folder of mkdocs.yml and seminars/.")
]
HERE = Path()


@desk.command(rich_help_panel=SITE)
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


@new.command("talk")
def new_talk(
    series: Annotated[str, typer.Argument(help="Key of the series, as in series.yaml.")] = "",
    slug: Annotated[str, typer.Argument(help="Last part of its address; it never changes.")] = "",
    *,
    title: Annotated[str, typer.Option(help="Title, if it is known.")] = "",
    start: Annotated[str, typer.Option(help="Local start, as 2027-03-07 10:00.")] = "",
    speaker: Annotated[list[str] | None, typer.Option(help="Key of a person; repeatable.")] = None,
    source: Annotated[
        str, typer.Option("--from", metavar="MAIL", help="Of a pasted announcement; - is stdin.")
    ] = "",
    form: Annotated[
        str, typer.Option("--from-form", metavar="ISSUE", help="Of a filled proposal form.")
    ] = "",
    project: Project = HERE,
) -> None:
    """Write seminars/SERIES/SLUG.yaml: in order as it stands, a comment on all that is left.

    With --from the entry is filled from an announcement in English or Chinese,
    and every guess ends with `# check`; a date that is not beyond doubt is left to
    you. A join link is told to you, and never written. Nothing is overwritten.

    Examples:
        rostra new talk ai-prisec my-talk
            writes seminars/ai-prisec/my-talk.yaml, a week or more from now
        rostra new talk ai-prisec --from mail.txt
            the same of what mail.txt says, its file named by the title
    """
    need("seminars", project)
    if source or form:
        if source and form:
            raise fail("--from reads an announcement and --from-form a form: name one")
        (paste if source else fill)(source or form, project / "seminars", series, slug)
        return
    if not (series and slug):
        raise fail("name both: rostra new talk SERIES SLUG; or --from an announcement")
    from rostra.sitegen.drafts import Draft

    _start(project, series, slug, Draft(title, start, tuple(speaker or ())))


def _start(project: Path, series: str, slug: str, draft: "Draft") -> None:
    """Write an entry of what is known."""
    from rostra.sitegen.drafts import new_talk as write
    from rostra.sitegen.faults import EntryError

    try:
        path = write(project / "seminars", series, slug, draft)
    except FileExistsError:
        raise fail(f"seminars/{series}/{slug}.yaml is there already: nothing is written.") from None
    except (EntryError, LookupError) as error:
        raise fail(error.args[0] if isinstance(error, LookupError) else error) from None
    typer.echo(f"Wrote {path}. Fill it in, then: rostra check")


@desk.command(rich_help_panel=SITE)
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
        programme = load(project / "seminars", about=talk)
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


@desk.command("import", rich_help_panel=SITE)
def import_talks(
    archive: Annotated[Path, typer.Argument(help="JSON lines, a talk each, as pyvideo has them.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,
    project: Project = HERE,
) -> None:
    """Make entries of an archive of talks, with the people and series that they name.

    What is guessed, an hour above all, ends with `# check`. No entry is
    overwritten; people and series are added to their files.

    Examples:
        rostra import talks.jsonl --dry-run
            what would be written: so many talks, people and series
        rostra import talks.jsonl
            writes seminars/SERIES/SLUG.yaml for each line
    """
    from rostra.sitegen import folder
    from rostra.sitegen.importing import ArchiveError, Import, write

    need("seminars", project)
    try:
        lines = archive.read_text(encoding="utf-8").splitlines()
        made = Import(folder.read(project / "seminars")).add(lines)
    except (OSError, UnicodeDecodeError, ArchiveError) as error:
        raise fail(f"{archive}: {error}") from None
    if not dry_run:
        write(project / "seminars", made.files())
    told = f"{len(made.entries)} talks, {len(made.people)} people, {len(made.series)} series"
    typer.echo(f"Would write {told}." if dry_run else f"Wrote {told}. Look at each `# check`.")


desk.command(rich_help_panel=SITE)(preview)
desk.command(rich_help_panel=SITE)(release)
new.command("site")(new_site)
desk.add_typer(new, name="new", rich_help_panel=SITE)
