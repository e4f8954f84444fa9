"""Where a talk is announced: one file a channel, each a function of its file's name."""

from importlib import import_module
from pathlib import Path

from rostra.sitegen.channels._base import announcement
from rostra.sitegen.entries import Talk
from rostra.sitegen.faults import nearest
from rostra.sitegen.programme import Programme


def channels() -> list[str]:
    """Name the channels there are.

    Examples:
        >>> channels()
        ['mail', 'wechat']
    """
    return sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def announce(talk: Talk, programme: Programme, channel: str, lang: str) -> str:
    """Write the announcement of a talk as a channel wants it, ready to be sent.

    The way into the meeting is in it only where its secret is at hand (environment or
    `seminars/secrets.yaml`); otherwise the text says where to register.

    Raises:
        LookupError: if there is no such channel or language; the message names the nearest.
    """
    for kind, name, known in (
        ("channel", channel, channels()),
        ("language of this site", lang, [*programme.site.languages]),
    ):
        if name not in known:
            raise LookupError(f"'{name}' is no {kind}. {nearest(name, known)}".strip())
    write = getattr(import_module(f"{__name__}.{channel}"), channel)
    return str(write(announcement(talk, programme, lang)))
