"""A GitHub of our own on this machine: pull requests and comments, as its API has them."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = "github-actions[bot]"
REPOSITORY = "lab/site"


@dataclass
class GitHub:
    """What it holds, and where it answers."""

    address: str = ""
    pulls: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> Any:
        self.asked.append(f"{method} {path}")
        parts = path.removeprefix(f"/repos/{REPOSITORY}/").split("/")
        if parts == ["pulls"]:
            return self._pulls(method, query, body)
        if parts[0] == "pulls":
            return self._changed(self.pulls, "number", int(parts[1]), body)
        if parts[:2] == ["issues", "comments"]:
            return self._changed(self.comments, "id", int(parts[2]), body)
        return self._comments(method, int(parts[1]), query, body)

    def _pulls(self, method: str, query: dict[str, str], body: dict[str, Any]) -> Any:
        if method == "GET":
            return [one for one in self.pulls if one["head"]["label"] == query["head"]]
        label = f"{REPOSITORY.split('/')[0]}:{body['head']}"
        self.pulls.append({**body, "number": 100 + len(self.pulls), "head": {"label": label}})
        return self.pulls[-1]

    def _comments(self, method: str, on: int, query: dict[str, str], body: dict[str, Any]) -> Any:
        if method == "POST":
            new = {"id": len(self.comments) + 1, "on": on, "user": {"login": BOT}, **body}
            self.comments.append(new)
            return new
        there = [one for one in self.comments if one["on"] == on]
        first = (int(query["page"]) - 1) * int(query["per_page"])
        return there[first : first + int(query["per_page"])]

    def _changed(self, rows: list[dict[str, Any]], key: str, which: int, body: Any) -> Any:
        row = next(one for one in rows if one[key] == which)
        row.update(body)
        return row


@contextmanager
def github() -> Iterator[GitHub]:
    """Answer on the loopback for a while."""
    state = GitHub()

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            split = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(split.query).items()}
            assert self.headers["Authorization"] == "Bearer a-token"
            answer = json.dumps(state.answer(self.command, split.path, query, body)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def do_GET(self) -> None:
            self._do()

        def do_POST(self) -> None:
            self._do()

        def do_PATCH(self) -> None:
            self._do()

        def log_message(self, *_: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
