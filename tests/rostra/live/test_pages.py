"""What is handed out of the built site, and what is put in on the way."""

from pathlib import Path

from fastapi.testclient import TestClient

from rostra.live.changes import Changes
from rostra.live.server import create_app

SCRIPT = '<script src="/__site/changes.js"'


def page(folder: Path, client: tuple[str, int], path: str = "/", **headers: str) -> str:
    (folder / "index.html").write_text("<html><body><h1>Home</h1></body></html>")
    (folder / "404.html").write_text("<html><body>Not here</body></html>")
    with TestClient(create_app(folder, None, changes=Changes()), client=client) as here:
        return here.get(path, headers=headers).text


def test_this_machine_alone_gets_the_script(tmp_path: Path) -> None:
    assert SCRIPT in page(tmp_path, ("127.0.0.1", 1))
    assert SCRIPT in page(tmp_path, ("::1", 1), "/nothing/")
    assert SCRIPT not in page(tmp_path, ("192.0.2.7", 1))
    assert SCRIPT not in page(tmp_path, ("127.0.0.1", 1), via="1.1 proxy")


def test_the_page_is_otherwise_what_was_built(tmp_path: Path) -> None:
    text = page(tmp_path, ("127.0.0.1", 1))
    before, _, rest = text.partition(SCRIPT)
    assert before == "<html><body><h1>Home</h1>"
    assert rest.partition("</script>")[2] == "</body></html>"
    assert (tmp_path / "index.html").read_text() == before + "</body></html>"
