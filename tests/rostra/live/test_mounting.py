"""Mounting: every demo of the folder, with the settings that a public page needs."""

import asyncio
import os
from pathlib import Path

import gradio as gr
import pytest
import torch
from fastapi import FastAPI
from PIL import Image

from rostra.live.inputs import PIXEL_LIMIT
from rostra.live.mounting import AT_ONCE, add, load, prepare


@pytest.fixture(scope="module")
def blocks(folder: Path) -> list[gr.Blocks]:
    prepare()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    async def added() -> None:
        add(app, load(folder / "demos" / "hello.py"), "cpu")

    asyncio.run(added())
    return [route.app.get_blocks() for route in app.routes]


def test_settings(blocks: list[gr.Blocks]) -> None:
    assert [block.custom_mount_path for block in blocks] == ["/hello", "/zh/hello"]
    for block in blocks:
        assert block.root_path == f"/demos{block.custom_mount_path}"
        assert block.has_launched
        assert not block.show_error
        assert not block.analytics_enabled
        assert not block.run_history
        assert block.allowed_paths == []
        assert block.max_file_size == 2 * 1024**2
        assert block.delete_cache == (300, 900)
        assert block._queue.max_size is not None
        assert block._queue.default_concurrency_limit == AT_ONCE > 1
        assert not block.api_open
        assert block._queue.sleep_when_free >= 0.01  # an idle server is idle


def test_nothing_calls_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_ALLOWED_PATHS", "/")
    monkeypatch.setenv("GRADIO_SHARE", "True")
    prepare()
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert Image.MAX_IMAGE_PIXELS == PIXEL_LIMIT
    assert torch.get_num_threads() == 1
    assert {"GRADIO_ALLOWED_PATHS", "GRADIO_SHARE"}.isdisjoint(os.environ)


def test_a_file_that_is_not_python_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportError, match="not a Python file"):
        load(tmp_path / "notes.txt")
