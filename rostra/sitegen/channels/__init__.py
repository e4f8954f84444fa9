"""Where a talk is announced: one file a channel, each a function of its file's name."""

from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from rostra.sitegen.channels._base import announcement
from rostra.sitegen.programme import Programme
from rostra.sitegen.talk import Talk


def channels() -> list[str]:
    """Name the channels there are.

    Examples:
        >>> channels()
        ['mail', 'wechat']
    """
    return sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def public(url: str) -> bool:
    """Whether others can open an address: this machine's and a private network's they cannot.

    Examples:
        >>> public("https://lab.example/"), public("http://127.0.0.1:8000/"), public("http://nas/")
        (True, False, False)
    """
    name = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return ip_address(name).is_global
    except ValueError:
        return "." in name and not name.endswith((".local", ".localhost"))


def announce(
    talk: Talk, programme: Programme, channel: str, lang: str, *, secrets: bool = True
) -> str:
    """Write the announcement of a talk as a channel wants it, ready to be sent.

    The way into the meeting is in it only where its secret is at hand (environment or
    `seminars/secrets.yaml`); otherwise the text says where to register. Without `secrets` its
    name stands in its place, for a text that others may read before it is sent.

    Raises:
        LookupError: if there is no such channel or language; the message names those there are.
    """
    for kind, name, known in (
        ("channel", channel, channels()),
        ("language of this site", lang, [*programme.site.languages]),
    ):
        if name not in known:
            raise LookupError(f"'{name}' is no {kind}; there are {', '.join(known)}")
    write = getattr(import_module(f"{__name__}.{channel}"), channel)
    return str(write(announcement(talk, programme, lang, secrets=secrets)))
