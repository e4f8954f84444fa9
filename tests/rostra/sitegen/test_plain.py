"""The plain folder: every page as Markdown, every other file as it was."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from rostra.sitegen.plain import THEIRS, Article, FolderTakenError, write
from rostra.sitegen.starter import Start, new_site
from tests.rostra.sitegen._building import built

NOW = datetime(2027, 2, 3, 12, tzinfo=UTC)


def site_in(place: Path, *languages: str) -> Path:
    known = Start("Club · 读书会", "Europe/Berlin", languages, url="https://club.example/site/")
    project = new_site(place / "club", known, NOW)
    return built(project, place / "site", ROSTRA_NOW=NOW.isoformat())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site_in(tmp_path_factory.mktemp("both"), "en", "zh")


def config(folder: Path) -> dict:
    return yaml.safe_load((folder / "mkdocs.yml").read_text(encoding="utf-8"))


def test_every_file_of_the_site_is_there_once(site: Path, tmp_path: Path) -> None:
    docs = write(site, tmp_path / "plain") / "docs"
    for path in (path for path in site.rglob("*") if path.is_file()):
        name = path.relative_to(site)
        page = docs / name.with_suffix(".md")
        if THEIRS.fullmatch(name.as_posix()):
            assert not (docs / name).exists()
            assert not page.exists()
        elif path.suffix == ".html" and "embed" not in name.parts:
            assert page.is_file(), name
            assert not (docs / name).exists()
        else:
            assert (docs / name).read_bytes() == path.read_bytes(), name
    for name in ("talks/all.ics", "feed.xml", "zh/rss.xml", "assets/images/favicon.svg"):
        assert (docs / name).is_file(), name


def test_a_page_has_its_head_its_language_and_its_article(site: Path, tmp_path: Path) -> None:
    docs = write(site, tmp_path / "plain") / "docs"
    text = (docs / "zh/talks/seminar/sample-talk/index.md").read_text(encoding="utf-8")
    _, head, body = text.split("---\n", 2)
    assert yaml.safe_load(head)["title"] == "示例讲座：请换成你们的第一场"
    assert "示例" in yaml.safe_load(head)["description"]
    assert body.startswith('<div lang="zh">\n<div class="page">')
    assert "<math" in body
    page = (docs / "research/sample-theme/index.md").read_text(encoding="utf-8")
    assert "arithmatex" not in page
    assert "Shannon" in page


def test_the_configuration_names_nothing_of_ours(site: Path, tmp_path: Path) -> None:
    found = config(write(site, tmp_path / "plain"))
    assert found["plugins"] == ["search"]
    assert found["site_name"] == "Club · 读书会"
    assert found["site_url"] == "https://club.example/site/"
    assert found["extra_css"][-2:] == [
        "assets/stylesheets/colours.css",
        "assets/stylesheets/plain.css",
    ]
    assert found["nav"][0] == {"Club": "index.md"}
    assert [*found["nav"][-1]] == ["中文"]
    listed = re.findall(r"[\w/-]+\.(?:md|css|js)", str(found))
    assert [one for one in listed if not (tmp_path / "plain/docs" / one).is_file()] == []


def test_a_site_in_chinese_alone_has_one_menu(tmp_path: Path) -> None:
    found = config(write(site_in(tmp_path, "zh"), tmp_path / "plain"))
    assert found["nav"][1] == {"讲座": "zh/talks/index.md"}
    assert found["site_url"] == "https://club.example/site/"


def test_what_looks_like_a_fence_stays_text() -> None:
    html = "<pre>\n```\nx\n  ~~~\n</pre>"
    text = Article("a.md", 'A "b"', "", html).markdown()
    assert "\n&#96;&#96;&#96;\nx\n  &#126;&#126;&#126;\n" in text
    assert 'title: "A \\"b\\""' in text


def test_only_a_folder_of_its_own_is_emptied(site: Path, tmp_path: Path) -> None:
    place = write(site, tmp_path / "plain")
    (place / "docs/stale.md").write_text("# Stale\n")
    assert not (write(site, place) / "docs/stale.md").exists()
    (place / "mkdocs.yml").write_text("site_name: mine\n")
    with pytest.raises(FolderTakenError, match="holds something else"):
        write(site, place)
    assert (place / "mkdocs.yml").read_text() == "site_name: mine\n"
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderTakenError):
        write(site, tmp_path / "file")
