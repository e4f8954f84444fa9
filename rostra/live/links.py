"""A run as the query of a link, and back; what a link says is checked like all that comes in."""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from rostra.live.pixels import URI
from rostra.live.settings import SETS, Settings, controls

_PIXELS = "pixels-"


def query(run: Settings, picture: str | None = None) -> str:
    """Write a run as the query of a link.

    Args:
        run: The settings.
        picture: The PNG's `data:` URI where it is none of the test pictures.

    Returns:
        A query with its question mark.

    Examples:
        >>> from rostra.live.settings import Source
        >>> query(Settings(Source("digits", index=3), eps=12, goal=7))
        '?set=digits&picture=3&victim=each&attack=pgd&threat=linf&eps=12&steps=40&goal=7'
    """
    held = controls(run)
    shown = str(held.pop("picture")["index"])
    if picture is not None:
        raw = base64.b64decode(picture.removeprefix(URI))
        shown = _PIXELS + base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")
    held["eps"] = f"{run.eps:g}"
    return "?" + urlencode({"set": run.source.set, "picture": shown, **held})


def from_query(asked: Mapping[str, str], fixed: Mapping[str, Any]) -> dict[str, Any]:
    """Read a link's query into what the controls hold; what is missing or wrong stays as it was.

    Args:
        asked: The query's fields.
        fixed: What the controls hold without one, under the names of `Settings`.

    Returns:
        The same fields, as a page would send them. They are checked later, like all others.
    """
    held = dict(fixed)
    held["picture"] = _asked_picture(asked) or fixed["picture"]
    held |= {name: asked[name] for name in ("victim", "attack", "threat") if name in asked}
    held |= {name: _asked_number(asked[name]) for name in ("eps", "steps") if name in asked}
    if "goal" in asked:
        held["goal"] = asked["goal"] if asked["goal"] == "any" else _asked_number(asked["goal"])
    return held


def _asked_number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value.is_integer() else value


def _asked_picture(asked: Mapping[str, str]) -> dict[str, Any] | None:
    shown = asked.get("picture", "")
    name = asked.get("set", SETS[0])
    if shown.isdecimal() and len(shown) < 10:
        return {"set": name, "kind": "test", "index": int(shown)}
    if not shown.startswith(_PIXELS):
        return None
    coded = shown.removeprefix(_PIXELS)
    try:
        raw = base64.b64decode(coded + "=" * (-len(coded) % 4), b"-_", validate=True)
    except ValueError:
        return None
    data = URI + base64.b64encode(raw).decode("ascii")
    return {"set": name, "kind": "pixels", "data": data}
