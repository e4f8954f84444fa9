"""The few calls of GitHub's API that the workflows need, by the variables that each run has."""

import json
import os
import urllib.parse
import urllib.request
from typing import Any

LONGEST = 60_000  # characters; GitHub takes 65,536 in a comment


def call(method: str, path: str, body: dict[str, Any] | None = None, **query: str) -> Any:
    """Call the API about this repository."""
    address = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/{path}"
    if query:
        address += "?" + urllib.parse.urlencode(query)
    headers = {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
        "Content-Type": "application/json",
    }
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def shortened(text: str) -> str:
    """A text that GitHub takes."""
    return text if len(text) <= LONGEST else text[:LONGEST] + "\n\n…"
