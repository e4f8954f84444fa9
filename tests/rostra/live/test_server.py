"""The server: pages at once, demos later, in one process on one port."""

import socket
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient

from rostra.live import freshness, server
from rostra.live.server import PortTakenError, create_app, listen


def test_pages_say_how_long_they_keep(client: TestClient) -> None:
    home = client.get("/")
    assert home.headers["cache-control"] == "no-cache"
    again = client.get("/", headers={"if-none-match": home.headers["etag"]})
    assert again.status_code == 304
    hashed = client.get("/assets/javascripts/bundle.0123abcd.min.js")
    assert "immutable" in hashed.headers["cache-control"]


def test_an_icon_is_there_for_whoever_asks_at_the_top(client: TestClient) -> None:
    assert client.get("/favicon.ico").text == "<svg/>"


def test_each_language_has_its_own_page_for_what_is_missing(client: TestClient) -> None:
    for path, text in {"/nothing": "Not here", "/zh/nothing/": "没有这一页"}.items():
        missing = client.get(path)
        assert (missing.status_code, missing.text) == (404, text)


def test_a_demo_that_breaks_takes_no_other_down(client: TestClient) -> None:
    assert client.get("/demos/status.json").json() == {"state": "ready", "demos": ["hello"]}
    assert client.get("/demos/broken/").status_code == 404


def test_demos_are_mounted_in_the_running_process_and_stream(client: TestClient) -> None:
    page = client.get("/demos/hello/")
    assert page.status_code == 200
    assert '"root":"http://testserver/demos/hello"' in page.text
    assert "Hello en cpu" in page.text
    call = "/demos/hello/gradio_api/call/speak"
    event = client.post(call, json={"data": ["abc"]}).json()["event_id"]
    stream = client.get(f"{call}/{event}").text
    assert [word in stream for word in ('["a"]', '["ab"]', '["abc"]')] == [True] * 3


def test_the_chinese_demo_is_a_page_of_its_own(client: TestClient) -> None:
    moved = client.get("/demos/hello/?lang=zh&eps=4", follow_redirects=False)
    assert moved.headers["location"] == "/demos/zh/hello/?lang=zh&eps=4"
    assert "Hello zh cpu" in client.get(moved.headers["location"]).text


def test_without_demos_the_site_stands_alone(folder: Path) -> None:
    with TestClient(create_app(folder / "site", None)) as client:
        assert client.get("/demos/status.json").json()["state"] == "absent"
        assert client.get("/").status_code == 200


def test_an_installation_that_failed_is_not_waited_for(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / ".live.failed").touch()
    app = create_app(folder / "site", folder / "demos", wait_for=tmp_path / ".live")
    with TestClient(app) as client:
        deadline = time.monotonic() + 10
        while client.get("/demos/status.json").json()["state"] != "absent":
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert client.get("/").status_code == 200
    assert "could not be installed" in caplog.text


def test_the_server_module_needs_neither_torch_nor_gradio() -> None:
    import subprocess

    code = "import sys, rostra.live.server as s; print({'torch', 'gradio'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"


def test_a_taken_port_is_said_before_anything_is_built() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"127.0.0.1:{port}.*for example {port + 1}"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such name"])
def test_an_address_of_another_machine_is_said_and_no_port_is_advised(host: str) -> None:
    with pytest.raises(PortTakenError, match=f"{host}:0 .*an address of this machine"):
        listen(host, 0)


def test_demos_that_cannot_start_are_said_and_not_waited_for(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with TestClient(create_app(folder / "site", folder / "demos", device="nope")) as here:
        deadline = time.monotonic() + 60
        while (state := here.get("/demos/status.json").json()["state"]) == "loading":
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert state == "absent"
    assert "device 'nope' cannot be used here" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(("host", "answer"), [("127.0.0.1", 400), ("0.0.0.0", 200)])
def test_served_to_this_machine_it_answers_to_no_other_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch, host: str, answer: int
) -> None:
    apps = []
    monkeypatch.setattr(freshness, "built_site", lambda *_: folder / "site")
    monkeypatch.setattr(server, "run", lambda app, _: apps.append(app))
    monkeypatch.delenv("ROSTRA_ALLOWED_HOSTS", raising=False)
    server.serve(folder / "nothing", host, 0, watch=False)
    client = TestClient(apps[0])
    assert client.get("/", headers={"host": "rebound.example"}).status_code == answer
    assert client.get("/", headers={"host": "localhost:8000"}).status_code == 200


def test_it_stops_with_a_stream_open(folder: Path) -> None:
    app = create_app(folder / "site", None)
    bound = listen("127.0.0.1", 0)
    config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    url = f"http://127.0.0.1:{bound.getsockname()[1]}"
    while not server.started:
        time.sleep(0.02)
    with httpx.Client(base_url=url) as open_client:
        assert open_client.get("/").status_code == 200
        server.should_exit = True
        thread.join(timeout=5)
    bound.close()
    assert not thread.is_alive()
