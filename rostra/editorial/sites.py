"""`rostra new site`: a group of its own starts from a small site that works."""

from pathlib import Path
from typing import Annotated

import typer

from rostra.refusal import fail


def new_site(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="A new or an empty folder.")],
    *,
    name: Annotated[str, typer.Option(help="What the group is called.")],
    zone: Annotated[str, typer.Option(help="Its time zone, as Europe/Berlin.")] = "UTC",
    languages: Annotated[str, typer.Option(help="en, zh, or both as en,zh.")] = "en",
    accent: Annotated[
        str, typer.Option(help="Colour of links and buttons, dark enough on white.")
    ] = "#0a6c8f",
    accent_dark: Annotated[
        str, typer.Option(help="The same in the dark; by default a lighter shade of it.")
    ] = "",
    url: Annotated[
        str, typer.Option(help="Where the site will be published; it can be written later.")
    ] = "http://127.0.0.1:8000/",
) -> None:
    """Make a small site for a group: it builds as it stands, and its samples say what they are.

    Nothing but what the group changes is written: entries, pages, mkdocs.yml and
    a README with the few commands. A folder that is not empty is refused.

    Examples:
        rostra new site robots --name "Robot Club" --zone Europe/Berlin
            writes robots/ in English; then: cd robots && rostra serve
        rostra new site club --name 读书会 --languages en,zh --accent "#7a1fa2"
            every page in both, in colours of its own, which must be legible on white
    """
    from rostra.sitegen.faults import EntryError
    from rostra.sitegen.starter import NotEmptyError, Start
    from rostra.sitegen.starter import new_site as write

    told = tuple(dict.fromkeys(one.strip() for one in languages.split(",")))
    if unknown := set(told) - {"en", "zh"}:
        raise fail(f"--languages takes en, zh, or both as en,zh; not {', '.join(unknown)!r}")
    try:
        write(place, Start(name, zone, told, accent, accent_dark, url))
    except (NotEmptyError, EntryError) as error:
        raise fail(error) from None
    typer.echo(f"Wrote {place}. Next: cd {place} && rostra check && rostra serve")
