"""The built site as it is handed out: how long each file keeps, what is said of one not there."""

import os
import re
from pathlib import Path

from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.types import Scope

from rostra.live.changes import Changes

_HASHED = re.compile(r"\.[0-9a-f]{8}\.min\.\w+(\.map)?$")


class Site(StaticFiles):
    """The built site: each language has its own page for what is not there.

    Args:
        directory: Its folder.
        changes: What open pages hear of its builds; None, and they hear nothing.
    """

    def __init__(self, directory: Path, changes: Changes | None = None) -> None:
        super().__init__(directory=directory, html=True)
        self.changes = changes

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve a file with the right words to caches, or the not-found page of its language."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404:
                raise
            response = PlainTextResponse("Not found.", 404)
        if response.status_code == 404:
            response = self._missing(path, response)
        else:
            _keep(path, response)
        return self.changes.listening(scope, response) if self.changes else response

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file; browsers ask for an icon at the top whatever a page says."""
        return super().lookup_path("assets/images/favicon.svg" if path == "favicon.ico" else path)

    def _missing(self, path: str, otherwise: Response) -> Response:
        page = Path(str(self.directory)) / "zh" / "404.html"
        if Path(path).parts[:1] == ("zh",) and page.is_file():
            return FileResponse(page, 404)
        return otherwise


def _keep(path: str, response: Response) -> None:
    """Names that carry a hash never change; all else is asked for again, and answered by 304."""
    fixed = _HASHED.search(path) is not None
    lifetime = "public, max-age=31536000, immutable" if fixed else "no-cache"
    response.headers["cache-control"] = lifetime
