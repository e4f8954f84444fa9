"""A site of four pages and a demo of one box: what the server's tests serve."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from rostra.live.server import create_app

HELLO = '''"""Hello: says what it was told, letter by letter."""

import time

import gradio as gr


def build(language, device):
    with gr.Blocks(title=f"Hello {language} {device}") as demo:
        box = gr.Textbox(label="words")
        said = gr.Textbox(label="said")

        def speak(words):
            if words == "boom":
                raise RuntimeError("a secret of the server")
            if words == "slow":
                time.sleep(0.5)
            for end in range(1, len(words) + 1):
                yield words[:end]

        gr.Button("Go").click(speak, box, said, api_name="speak")
        picture = gr.Image(type="filepath", label="picture")
        picture.change(lambda path: str(path), picture, said, api_name="look")
    return demo
'''


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site and a folder with one demo that works and one that does not."""
    top = tmp_path_factory.mktemp("served")
    for name, text in {
        "site/index.html": "<h1>Home</h1>",
        "site/404.html": "Not here",
        "site/zh/index.html": "<h1>首页</h1>",
        "site/zh/404.html": "没有这一页",
        "site/assets/javascripts/bundle.0123abcd.min.js": "1",
        "site/assets/images/favicon.svg": "<svg/>",
        "site/talks/all.ics": "BEGIN:VCALENDAR",
        "demos/hello.py": HELLO,
        "demos/broken.py": "raise ValueError('not today')",
        "demos/_furniture.py": "raise ValueError('never imported')",
    }.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return top


@pytest.fixture(scope="session")
def client(folder: Path) -> Iterator[TestClient]:
    """A client of the whole server, its demos mounted late: when a stamp appeared."""
    stamp = folder / "stamp"
    app = create_app(folder / "site", folder / "demos", device="cpu", wait_for=stamp)
    with TestClient(app) as client:
        assert client.get("/demos/status.json").json() == {"state": "installing", "demos": []}
        assert client.get("/").text == "<h1>Home</h1>"
        assert client.get("/demos/hello/").status_code == 503
        stamp.touch()
        while client.get("/demos/status.json").json()["state"] != "ready":
            time.sleep(0.1)
        yield client
