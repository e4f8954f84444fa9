"""`rostra preview`: an entry on one page before it is published, and what its release changes."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from rostra.editorial.release import HERE, Project
from rostra.refusal import fail, need

if TYPE_CHECKING:
    from rostra.sitegen.preview import Preview


class Form(StrEnum):
    """How a preview is written."""

    html = "html"
    markdown = "markdown"


def preview(
    entry: Annotated[
        str, typer.Argument(help="SERIES/SLUG of a talk or meet-up, openings/SLUG, or SLUG alone.")
    ],
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to; by default it is printed.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="html, or markdown.")] = Form.html,
    language: Annotated[str, typer.Option(help="en or zh; by default the site's first.")] = "",
    zone: Annotated[
        list[str] | None, typer.Option(help="Of a subscriber, as Europe/Paris; repeatable.")
    ] = None,
    since: Annotated[
        str, typer.Option(metavar="COMMIT", help="Set the words of that commit beside these.")
    ] = "",
    project: Project = HERE,
) -> None:
    """Write one page about an entry that is not published yet: one file, which fetches nothing.

    It holds what subscribers will see change since the last release, the
    calendar entry of a talk or meet-up as Google, Outlook and Apple show it, its
    page, and a talk's mail and WeChat text. It tells no secret: where the way in
    would stand, its name does. A draft can be previewed too, and an opening,
    which is in no calendar.

    Examples:
        rostra preview ai-prisec/badbatch -o preview.html
            writes the page; open it in a browser, or send it round
        rostra preview badbatch --format markdown --language zh
            prints the short form, which a pull request shows as a comment
    """
    from rostra.sitegen.faults import EntryError
    from rostra.sitegen.preview import LeakError
    from rostra.sitegen.preview.earlier import CommitError, earlier
    from rostra.sitegen.times import clock

    need("seminars", project)
    try:
        asked = _asked(entry, project, clock(""), language)
        viewers = tuple(map(_zone, zone or ()))
        before = earlier(asked.entry, project, since, asked.now) if since else None
        asked = replace(asked, viewers=viewers, earlier=before, since=since)
        text = asked.text(form.value)
    except (EntryError, LookupError, CommitError) as error:
        raise fail(error.args[0] if isinstance(error, LookupError) else error) from None
    except LeakError as error:
        raise fail(f"Nothing is written, for it would tell what is private: {error}") from None
    if output is None:
        typer.echo(text, nl=False)
        return
    _write(output, text)
    typer.echo(f"Wrote {output}.")


def _zone(name: str) -> ZoneInfo:
    from rostra.sitegen.faults import nearest
    from rostra.sitegen.fields import zones

    if name not in zones():
        raise fail(f"'{name}' is no time zone; {nearest(name, zones())}".removesuffix("; "))
    return ZoneInfo(name)


def _asked(ref: str, project: Path, now: datetime, language: str) -> "Preview":
    from rostra.sitegen.preview import Preview
    from rostra.sitegen.programme import load

    programme = load(project / "seminars", now, about=ref)
    known = [*programme.site.languages]
    if language and language not in known:
        raise LookupError(f"'{language}' is no language of this site; there are {', '.join(known)}")
    return Preview(programme.entry(ref), programme, project, now, language or known[0])


def _write(path: Path, text: str) -> None:
    """Write beside, then rename: complete or not at all."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise fail(f"{path} cannot be written: {error.strerror}") from None
