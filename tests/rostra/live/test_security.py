"""What gets through and what does not: the probes that stock Gradio fails, each refused here."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rostra.live.security import BODY_LIMIT, JOBS, Pace, closed
from rostra.live.server import create_app, listen

API = "/demos/hello/gradio_api"


@contextmanager
def serving(app: FastAPI) -> Iterator[int]:
    """A real server of an app; its port."""
    config = uvicorn.Config(app, http="h11", log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with listen("127.0.0.1", 0) as bound:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield bound.getsockname()[1]
        server.should_exit = True
        thread.join(timeout=5)


def test_pages_may_run_only_their_own_scripts(client: TestClient) -> None:
    for path in ("/", "/zh/", "/nothing", "/assets/javascripts/bundle.0123abcd.min.js"):
        headers = client.get(path).headers
        assert "unsafe" not in headers["content-security-policy"]
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_demos_may_evaluate_but_not_fetch_from_elsewhere(client: TestClient) -> None:
    policy = client.get("/demos/hello/").headers["content-security-policy"]
    assert "'unsafe-eval'" in policy
    assert "connect-src 'self'" in policy
    assert "http" not in policy
    assert "frame-ancestors 'self'" in policy


@pytest.mark.parametrize("host", ["testserver", "seminar.example.org"])
def test_no_other_site_may_read_or_act(client: TestClient, host: str) -> None:
    """Stock Gradio reflects any Origin with leave to send cookies, off localhost."""
    headers = {"origin": "https://evil.example", "host": host}
    seen = client.get("/demos/hello/config", headers=headers)
    assert not [name for name in seen.headers if name.startswith("access-control-")]
    acted = client.post(f"{API}/call/speak", json={"data": ["a"]}, headers=headers)
    assert acted.status_code == 403
    preflight = {**headers, "access-control-request-method": "POST"}
    assert client.options(f"{API}/call/speak", headers=preflight).status_code == 403


def test_our_own_pages_may_act(client: TestClient) -> None:
    own = client.post(
        f"{API}/call/speak", json={"data": ["a"]}, headers={"origin": "http://testserver"}
    )
    assert own.status_code == 200


@pytest.mark.parametrize("name", ["x-forwarded-host", "X-Forwarded-Host", "x-gradio-server"])
def test_no_header_but_host_names_the_server(client: TestClient, name: str) -> None:
    """Gradio writes the name it is told into page and config, and keeps the first in its info."""
    sent = {name: "https://evil.example", "forwarded": "host=evil.example"}
    for path in ("", "config", "gradio_api/info"):
        assert "evil" not in client.get(f"/demos/hello/{path}", headers=sent).text
    assert client.get("/demos/hello/config", headers=sent).json()["root"] == (
        "http://testserver/demos/hello"
    )


def test_behind_a_proxy_that_keeps_the_name_the_mount_path_is_kept(folder: Path) -> None:
    """As nginx sends it: Host kept, the scheme in a header that uvicorn believes here."""
    sent = {
        "host": "seminar.example.org",
        "x-forwarded-host": "seminar.example.org",
        "x-forwarded-proto": "https",
        "x-forwarded-for": "192.0.2.7",
    }
    app = create_app(folder / "site", folder / "demos", device="cpu")
    with serving(app) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}") as proxy:
        while proxy.get("/demos/status.json").json()["state"] != "ready":
            time.sleep(0.1)
        config = proxy.get("/demos/zh/hello/config", headers=sent).json()
    assert config["root"] == "https://seminar.example.org/demos/zh/hello"


@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/upload",
        "gradio_api/file=http://127.0.0.1:1/x.png",
        "gradio_api/file=HTTPS://example.org/x.png",
        "gradio_api/file/https://example.org/x.png",
        "gradio_api/proxy=https://example.org/",
        "gradio_api/openapi.json",
        "gradio_api/runs",
        "gradio_api/process_recording",
        "gradio_api/vibe-edit",
        "gradio_api/startup-events",
        "gradio_api/profiling/traces",
        "monitoring/summary",
        "docs",
        "redoc",
        "openapi.json",
    ],
)
def test_gradios_other_doors_are_shut(client: TestClient, path: str) -> None:
    for top in ("/demos/hello/", "/demos/zh/hello/"):
        assert closed(top + path)
        for method in ("GET", "POST"):
            assert client.request(method, top + path).status_code == 404


def test_the_parent_has_no_documentation_of_itself(client: TestClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", "/demos/openapi.json"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../../../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "/proc/self/environ"],
)
def test_the_servers_own_files_stay_its_own(client: TestClient, path: str, folder: Path) -> None:
    for door in (f"{API}/file={path}", f"/demos/hello/static/{path}", f"/{path}"):
        answer = client.get(door)
        assert answer.status_code in (403, 404)
        assert "root:" not in answer.text
    source = client.get(f"{API}/file={folder / 'demos' / 'hello.py'}")
    assert source.status_code in (403, 404)


def test_a_file_input_opens_no_path_of_the_server(client: TestClient, tmp_path: Path) -> None:
    """Mounting leaves `has_launched` unset, and with it Gradio's check of allowed paths."""
    from PIL import Image

    secret = tmp_path / "secret.png"
    Image.new("RGB", (4, 4)).save(secret)
    data = {"path": str(secret), "meta": {"_type": "gradio.FileData"}}
    event = client.post(f"{API}/call/look", json={"data": [data]}).json()["event_id"]
    assert "event: error" in client.get(f"{API}/call/look/{event}").text


@pytest.mark.parametrize("door", ["queue/join", "run/predict", "api/predict"])
def test_an_event_that_is_not_there_is_not_found(client: TestClient, door: str) -> None:
    for index in (99, -1):
        sent = {"data": [], "fn_index": index, "session_hash": "s"}
        assert client.post(f"{API}/{door}", json=sent).status_code == 404


@pytest.mark.parametrize("path", ["?page=zz", "gradio_api/call/zz"])
def test_a_page_or_name_that_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    method = "POST" if "call" in path else "GET"
    answer = client.request(method, f"/demos/hello/{path}", json={"data": []})
    assert answer.status_code == 404


def test_what_waits_in_the_queue_cannot_be_called_past_it(client: TestClient) -> None:
    for door in ("run", "api"):
        assert client.post(f"{API}/{door}/speak", json={"data": ["a"]}).status_code == 404


def test_a_long_body_is_refused_unread(client: TestClient) -> None:
    answer = client.post(f"{API}/call/speak", content=b"x" * (BODY_LIMIT + 1))
    assert answer.status_code == 413
    for length, status in (("9" * 5000, 413), ("-1", 400), ("1e3", 400)):
        answer = client.post(f"{API}/call/speak", headers={"content-length": length})
        assert answer.status_code == status
        assert "content-security-policy" in answer.headers


def test_a_long_body_without_a_length_is_cut(client: TestClient) -> None:
    def chunks():
        for _ in range(BODY_LIMIT // 1_000_000 + 1):
            yield b" " * 1_000_000

    answer = client.post(f"{API}/call/speak", content=chunks())
    assert answer.status_code >= 400


def test_one_client_does_not_fill_the_queue_in_a_moment(folder: Path) -> None:
    """Without demos behind it, what passes the guard is answered by 503."""
    with TestClient(
        create_app(folder / "site", folder / "demos", wait_for=folder / "never")
    ) as one:
        answers = [one.post(f"{API}/queue/join").status_code for _ in range(JOBS + 5)]
        assert answers == [503] * JOBS + [429] * 5
        assert one.get("/demos/status.json").status_code == 200


def test_the_pace_forgets_who_is_gone() -> None:
    pace = Pace(1, 1.0)
    assert all(pace.allows(str(client), 0.0) for client in range(10_001))
    assert not pace.allows("5", 0.5)
    assert pace.allows("new", 2.0)
    assert len(pace._seen) == 1


def test_an_error_names_nothing_of_the_server(client: TestClient) -> None:
    event = client.post(f"{API}/call/speak", json={"data": ["boom"]}).json()["event_id"]
    stream = client.get(f"{API}/call/speak/{event}").text
    assert "event: error" in stream
    assert "a secret" not in stream
    assert ".py" not in stream


def test_a_request_with_two_lengths_hides_no_second_one(folder: Path) -> None:
    """On h11 both lengths are read as chunked; what follows would be answered as a request."""
    with (
        serving(create_app(folder / "site", None)) as port,
        socket.create_connection(("127.0.0.1", port)) as raw,
    ):
        raw.settimeout(5)
        raw.sendall(
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"0\r\n\r\nGET /zh/ HTTP/1.1\r\nHost: a\r\n\r\n"
        )
        answered = b""
        while part := raw.recv(65536):
            answered += part
    assert answered.startswith(b"HTTP/1.1 400")
    assert answered.count(b"HTTP/1.1") == 1
