"""Names: a page elsewhere that is made to point here is not answered."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from rostra.live.hosts import LOOPBACK, address, names
from rostra.live.server import create_app


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("ROSTRA_SITE_URL", raising=False)
    monkeypatch.delenv("ROSTRA_ALLOWED_HOSTS", raising=False)
    (tmp_path / "seminars").mkdir()
    site = "name: x\nurl: https://Seminar.example.org:8443/talks/\n"
    (tmp_path / "seminars" / "site.yaml").write_text(site, encoding="utf-8")
    return tmp_path


def test_a_name_that_was_made_to_point_here_is_refused(folder: Path, project: Path) -> None:
    app = create_app(folder / "site", None, hosts=names("127.0.0.1", project, ["lab.example"]))
    with TestClient(app) as here:
        for host in (*LOOPBACK, "LOCALHOST:8000", "[::1]:80", "seminar.example.org", "lab.example"):
            assert here.get("/", headers={"host": host}).status_code == 200, host
        for host in ("rebound.example", "rebound.example:8000", "127.0.0.1.example", "", "[::1"):
            refused = here.get("/", headers={"host": host})
            assert refused.status_code == 400, host
            assert "localhost" in refused.text
            assert "ROSTRA_ALLOWED_HOSTS" in refused.text


def test_bound_to_more_than_this_machine_any_name_will_do_unless_listed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert names("0.0.0.0", project) is None
    assert names("::", project) is None
    own = (*LOOPBACK, "127.0.0.1", "seminar.example.org")
    assert names("::1", project) == names("127.0.0.1", project) == tuple(dict.fromkeys(own))
    monkeypatch.setenv("ROSTRA_SITE_URL", "https://elsewhere.example/x/")
    monkeypatch.setenv("ROSTRA_ALLOWED_HOSTS", "a.example, b.example")
    listed = names("192.0.2.1", project)
    assert listed == (*LOOPBACK, "192.0.2.1", "elsewhere.example", "a.example", "b.example")


@pytest.mark.parametrize("text", [None, "url: [", "- a", "name: x", "\x00"])
def test_a_site_without_a_readable_address_goes_by_this_machines_names(
    project: Path, text: str | None
) -> None:
    file = project / "seminars" / "site.yaml"
    file.unlink()
    if text is not None:
        file.write_text(text, encoding="utf-8")
    assert names("127.0.0.1", project) == LOOPBACK


@pytest.mark.parametrize(
    ("bound", "here"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]"), ("lab", "lab")],
)
def test_a_site_of_this_machine_alone_is_where_it_is_served(
    project: Path, bound: str, here: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert address(bound, 81, project) == "https://Seminar.example.org:8443/talks/"
    monkeypatch.setenv("ROSTRA_SITE_URL", "http://localhost:8000/")
    assert address(bound, 81, project) == f"http://{here}:81/"
    monkeypatch.delenv("ROSTRA_SITE_URL")
    (project / "seminars" / "site.yaml").unlink()
    assert address(bound, 81, project) == f"http://{here}:81/"
    monkeypatch.setenv("ROSTRA_SITE_URL", "example.org")  # the build will say what is wrong
    assert address(bound, 81, project) == "example.org"
