"""`rostra new talk --from`: an entry of a pasted announcement, or of a form that was filled in."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from rostra.refusal import fail

if TYPE_CHECKING:
    from rostra.sitegen.contents import Contents
    from rostra.sitegen.pasted.entry import Drafted

LONGEST = 200_000  # characters; no announcement has more


def paste(source: str, seminars: Path, series: str, slug: str) -> None:
    """Write the entry of a pasted announcement, and say what is left to do."""
    from rostra.sitegen import folder
    from rostra.sitegen.drafts import series_of
    from rostra.sitegen.pasted.announcement import read
    from rostra.sitegen.pasted.entry import drafted, topic_names

    text, now = read_text(source), datetime.now(UTC)
    contents = folder.read(seminars, now)
    with _refusing(source):
        key = series or _only(contents, text)
        zone = series_of(contents, key).zone
        found = read(text, zone, now.date(), topic_names(contents))
        made = drafted(contents, key, slug, found, now=now)
    _write(seminars, made)
    marks = sum(text.count("# check") for text in made.files.values())
    typer.echo(
        f"Wrote {seminars / made.path}. Look at each `# check` ({marks}), then: rostra check"
    )
    for note in made.notes:
        typer.secho(f"Left to you: {note}", fg="yellow", err=True)
    if made.secret:
        _tell_secret(*made.secret, seminars)


def fill(source: str, seminars: Path, series: str, slug: str) -> None:
    """Write the entry of a form that was filled in; what is wrong with it is a refusal."""
    from rostra.sitegen import folder
    from rostra.sitegen.drafts import series_of
    from rostra.sitegen.pasted.entry import drafted, topic_names
    from rostra.sitegen.pasted.form import read

    text, now = read_text(source), datetime.now(UTC)
    contents = folder.read(seminars, now)
    with _refusing(source):
        proposal = read(text)
        key = series or proposal.series
        zone = series_of(contents, key).zone
        talk = proposal.talk(zone, now.date(), topic_names(contents))
        made = drafted(contents, key, slug, talk, now=now, form=True)
    _write(seminars, made)
    typer.echo(f"Wrote {seminars / made.path}")


def read_text(source: str) -> str:
    """Read a file, or standard input for `-`: text, and not too much of it."""
    try:
        with nullcontext(sys.stdin.buffer) if source == "-" else open(source, "rb") as file:
            text = file.read(LONGEST * 4 + 1).decode("utf-8")
    except OSError as error:
        raise fail(f"{source}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise fail(f"{source} is no text in UTF-8") from None
    if len(text) > LONGEST:
        raise fail(f"{source} has more than {LONGEST} characters: that is no announcement")
    if not text.strip():
        raise fail(f"{source} is empty: paste the announcement into it")
    return text


@contextmanager
def _refusing(source: str) -> Iterator[None]:
    """Say what is wrong as commands do."""
    from rostra.sitegen.faults import EntryError
    from rostra.sitegen.pasted.form import FormError

    try:
        yield
    except FileExistsError as error:
        raise fail(f"seminars/{error} is there already: nothing is written.") from None
    except FormError as error:
        raise fail(f"{source}: {error}") from None
    except (EntryError, LookupError) as error:
        raise fail(error.args[0] if isinstance(error, LookupError) else error) from None


def _only(contents: "Contents", text: str) -> str:
    """The series that the text names, or the only one that there is."""
    from rostra.sitegen.fields import LANGUAGES, in_language

    named = [
        key
        for key, one in contents.series.items()
        if any(in_language(one.name, language).lower() in text.lower() for language in LANGUAGES)
    ]
    found = named if len(named) == 1 else [*contents.series]
    if len(found) != 1:
        raise LookupError(f"which series? rostra new talk SERIES --from …; {', '.join(found)}")
    return found[0]


def _write(seminars: Path, made: "Drafted") -> None:
    """The entry is new, or nothing is written; the people whom it names come first."""
    from rostra.sitegen import drafts
    from rostra.sitegen.importing import write

    if not (seminars / made.path).parent.resolve().is_relative_to(seminars.resolve()):
        raise fail(f"{made.path} would lie outside {seminars}")
    write(seminars, {name: text for name, text in made.files.items() if name != made.path})
    drafts.write(seminars / made.path, made.files[made.path])


def _tell_secret(name: str, value: str, seminars: Path) -> None:
    """The way in stands in no file of the tree: the organiser puts it where secrets are."""
    where = seminars / "secrets.yaml"
    typer.echo(
        f"The way in is private and was written nowhere. Add to the ignored {where}:", err=True
    )
    typer.secho(f"{name}: {json.dumps(value, ensure_ascii=False)}", fg="yellow", err=True)
