"""Demos into one app: each file of the folder, in both languages, with Gradio's safer settings.

Imported only when gradio is installed.
"""

import atexit
import importlib.util
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

log = logging.getLogger("rostra.live")

LANGUAGES = {"en": "", "zh": "zh/"}
QUEUE = 48  # waiting jobs; beyond that a visitor is told that the server is busy
# Running jobs per event: attacks of all visitors are answered together (`rostra.live.side`), so the
# more there are the less each costs. Each waits in a thread, of which Gradio has 40.
AT_ONCE = 24
# Gradio looks for jobs every millisecond, which keeps a tenth of a core busy for nobody.
NAP = 0.02  # seconds


async def unknown(request: Request, error: Exception) -> JSONResponse:
    """Answer for an event or a page that is not there; Gradio would call it its own failure.

    Args:
        request: What was asked.
        error: What Gradio ran into.

    Returns:
        404.
    """
    log.info("nothing at %s: %r", request.url.path, error)
    return JSONResponse({"detail": "Not found."}, 404)


_ENVIRONMENT = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    # Gradio sums up its last 10,000 events after each event; nobody reads the sum.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "100000",
    "GRADIO_ANALYTICS_MAX_EVENTS": "100",
}
_SETTINGS: dict[str, Any] = {
    "show_error": False,
    "run_history": False,
    "ssr_mode": False,
    "pwa": False,
    "enable_monitoring": False,
    "mcp_server": False,
    "max_file_size": "2mb",
    "allowed_paths": [],
    "footer_links": [],
}


def mount(folder: Path, device: str | None) -> tuple[FastAPI, list[str]]:
    """Load every demo of a folder and mount it at /<name> and /zh/<name>.

    A demo that does not load is logged and left out: it takes no other down.

    Args:
        folder: Where the demo files are; names with a leading `_` are not demos.
        device: Where models run; the best there is where none is named.

    Returns:
        The app, to be mounted at /demos, and the names of the demos in it.
    """
    prepare()
    from robustlib.run import device_of
    from rostra.live.fairness import Fair

    device = device_of(device or "auto")
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    queues: list[Any] = []
    app.add_middleware(Fair, queues=queues)
    names = []
    for path in sorted(folder.glob("[!_]*.py")):
        try:
            queues += add(app, load(path), device)
        except Exception:
            log.exception("demo %s does not load", path.stem)
        else:
            names.append(path.stem)
    return app, names


def prepare() -> None:
    """Set what gradio and torch read once: no call-outs, own temporary folder, one thread a job."""
    os.environ.update(_ENVIRONMENT)
    for name in ("GRADIO_ALLOWED_PATHS", "GRADIO_SHARE"):
        os.environ.pop(name, None)
    if "GRADIO_TEMP_DIR" not in os.environ:
        os.environ["GRADIO_TEMP_DIR"] = tempfile.mkdtemp(prefix="rostra-")
        atexit.register(shutil.rmtree, os.environ["GRADIO_TEMP_DIR"], ignore_errors=True)
    import torch

    from rostra.live import inputs

    torch.set_num_threads(1)
    inputs.limit_decoding()


def load(path: Path) -> ModuleType:
    """Import a demo by its file.

    Args:
        path: The file.

    Returns:
        The module.
    """
    name = f"demos.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def add(app: FastAPI, demo: ModuleType, device: str) -> list[Any]:
    """Mount one demo in both languages.

    Args:
        app: The app that holds the demos.
        demo: A module with `build(language, device)`.
        device: Where models run.

    Returns:
        Its queues, one per language.
    """
    import gradio
    from gradio.route_utils import FnIndexInferError

    from rostra.live import theme

    name = demo.__name__.rpartition(".")[2]
    queues = []
    for language, prefix in LANGUAGES.items():
        blocks = demo.build(language, device)
        # `api_open=False`: what waits in the queue cannot be called past it.
        blocks.queue(max_size=QUEUE, default_concurrency_limit=AT_ONCE, api_open=False)
        blocks._queue.sleep_when_free = NAP
        blocks.delete_cache = (300, 900)  # look every 5 minutes for files older than 15
        path = f"/{prefix}{name}"
        gradio.mount_gradio_app(
            app,
            blocks,
            path=path,
            root_path=f"/demos{path}",
            theme=theme.theme(),
            head=theme.head(language),
            css=theme.CSS,
            app_kwargs={
                "docs_url": None,
                "redoc_url": None,
                "openapi_url": None,
                # Gradio looks events and pages up in dictionaries. What fails inside an event does
                # not come here: its visitor is told so by the queue.
                "exception_handlers": {KeyError: unknown, FnIndexInferError: unknown},
            },
            **_SETTINGS,
        )
        # Only launch() sets this, and while it is unset Gradio opens any path of the server's disk.
        blocks.has_launched = True
        queues.append(blocks._queue)
    return queues
