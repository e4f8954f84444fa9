"""The linters at the end of a build: what they find ends it, and what is hostile they never see."""

from pathlib import Path

import pytest
from mkdocs.exceptions import Abort

from rostra.sitegen import gate
from tests.rostra.sitegen._building import built


@pytest.fixture
def project(seminars, tmp_path: Path) -> Path:
    seminars({"weekly/hostile.yaml": HOSTILE})
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: x\n"
        "theme: {name: material, font: false, palette: {scheme: default}}\n"
        "plugins: [rostra]\n"
    )
    return tmp_path


HOSTILE = """\
title: '</title><script>x</script> "quoted"'
abstract: '"><script>x</script>'
start: 2024-05-06 10:00
"""
SHARED = {
    "title": "&lt;/title&gt;&lt;script&gt;x&lt;/script&gt; &#34;quoted&#34; · The lab",
    "site_name": "The lab",
    "type": "article",
    "locale": "en_US",
    "url": "https://lab.example/talks/weekly/hostile/",
    "description": "&#34;&gt;&lt;script&gt;x&lt;/script&gt;",
}


def test_a_feed_that_readers_cannot_read_ends_the_build(
    project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (project / "docs/rss.d").mkdir()
    (project / "docs/rss.d/rss.xml").write_text('<rss version="0.91"/>', encoding="utf-8")
    with pytest.raises(Abort):
        built(project, project / "site", strict=True)
    assert "rss.d/rss.xml:1: version '0.91' is not 2.0 [rss-version: " in caplog.text


def test_a_hostile_title_stays_in_its_element(project: Path) -> None:
    site = built(project, project / "site", strict=False)
    page = (site / "talks/weekly/hostile/index.html").read_text(encoding="utf-8")
    assert "<title>&lt;/title&gt;&lt;script&gt;x&lt;/script&gt; &#34;quoted&#34;" in page
    assert '<meta name="description" content="&quot;&gt;&lt;script&gt;x' in page
    assert "<script>x" not in page
    assert gate.read(page).faults == []
    for name, content in SHARED.items():
        assert f'<meta property="og:{name}" content="{content}">' in page
