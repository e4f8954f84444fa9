"""Under which names the server answers."""

import os
from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

import yaml

# What names this machine from itself. A page elsewhere whose name is made to point here ("DNS
# rebinding") sends its own name and is refused.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
ALLOWED = "ROSTRA_ALLOWED_HOSTS"  # environment variable: more names, with commas between


def host_name(host: str) -> str:
    """The name in a Host header.

    Args:
        host: The header's value.

    Returns:
        Its name without the port, in lower case.

    Examples:
        >>> host_name("LocalHost:8000"), host_name("[::1]:8000"), host_name("[::1]")
        ('localhost', '[::1]', '[::1]')
    """
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower()


def names(bound: str, project: Path, allowed: Collection[str] = ()) -> tuple[str, ...] | None:
    """Settle under which names a server answers.

    On this machine alone these are its own names and that of the site's public address; a proxy
    in front of it may send that. Bound to more than this machine, any name will do: which ones
    lead here is not known. A list, given or in $ROSTRA_ALLOWED_HOSTS, decides in both cases.

    Args:
        bound: Address that the server listens at.
        project: Folder of seminars/site.yaml.
        allowed: More names.

    Returns:
        The names, or None for any.
    """
    listed = (*allowed, *os.environ.get(ALLOWED, "").replace(",", " ").split())
    own = f"[{bound}]" if ":" in bound else bound
    if not listed and own not in LOOPBACK and not own.startswith("127."):
        return None
    public = urlsplit(_public(project)).netloc
    found = (*LOOPBACK, own, public, *listed)
    return tuple(dict.fromkeys(host_name(name) for name in found if name))


def address(bound: str, port: int, project: Path) -> str:
    """Settle what a served site says of where it is: calendars and feeds name full addresses.

    Args:
        bound: Address that the server listens at.
        port: Its TCP port.
        project: Folder of seminars/site.yaml.

    Returns:
        The site's public address; of a site that is on this machine only, this server's.
    """
    public = _public(project)
    if public and host_name(urlsplit(public).netloc) not in LOOPBACK:
        return public  # the build says what is wrong with it
    here = LOOPBACK[0] if bound in ("0.0.0.0", "::") else f"[{bound}]" if ":" in bound else bound
    return f"http://{here}:{port}/"


def _public(project: Path) -> str:
    """The site's address as its settings say it; the build tells what is wrong with its file."""
    told = os.environ.get("ROSTRA_SITE_URL")
    if told:
        return told
    try:
        site = yaml.safe_load((project / "seminars" / "site.yaml").read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return ""
    return str(site.get("url", "")) if isinstance(site, dict) else ""
