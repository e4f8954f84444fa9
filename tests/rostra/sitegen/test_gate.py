"""The look at finished pages: each fault planted, each found, nothing found where none is."""

from pathlib import Path

import pytest

from rostra.sitegen.gate import Files, faults

SOUND = (
    '<html lang="en"><link rel="stylesheet" href="/a.css"><link rel="canonical" '
    'href="https://s.org/"><h1 id="top">A</h1><a href="#top">up</a> <a href="b/#there">b</a> '
    '<a href="https://elsewhere.org/">away</a> <a href="webcal://s.org/a.ics">calendar</a> '
    '<a href="/demos/x/">live</a><img src="data:image/png;base64,AA"><script src="a.js"></script>'
    '<script type="application/ld+json">{}</script>'
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "b").mkdir()
    (tmp_path / "index.html").write_text(SOUND, encoding="utf-8")
    (tmp_path / "b/index.html").write_text('<p id="there"><a href="../">home</a>', encoding="utf-8")
    for name in ("a.css", "a.js"):
        (tmp_path / name).touch()
    return tmp_path


def found(site: Path, more: str) -> list[str]:
    (site / "index.html").write_text(SOUND + more, encoding="utf-8")
    return list(faults(Files(site)))


def test_a_site_may_stand_below_its_host(site: Path) -> None:
    page = site / "lost.html"
    page.write_text('<a href="/seminar/">home</a><a href="/seminars/">no</a>', encoding="utf-8")
    assert list(faults(Files(site), "/seminar/")) == [
        "lost.html: link to /seminars/, where no file is"
    ]


def test_sound_pages_have_no_faults(site: Path) -> None:
    assert list(faults(Files(site))) == []


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("<script>1</script>", "inline <script>"),
        ('<script type="module">1</script>', "inline <script>"),
        ("<style>a{}</style>", "inline <style>"),
        ('<p style="color:red">', "inline style= on <p>"),
        ('<p onclick="x()">', "inline onclick= on <p>"),
        ('<p class="a"ONCLICK="x()">', "inline onclick= on <p>"),
        ("<custom-tag/onclick=x()>", "inline onclick= on <custom-tag>"),
        ('<a href="JavaScript:x()">', "javascript: in href="),
        ('<p cite="java&#115;cript:x()">', "javascript: in cite="),
        ('<img src="https://cdn.org/a.png">', "loads https://cdn.org/a.png from another origin"),
        ('<link rel="preload" href="//cdn.org/a.js">', "loads //cdn.org/a.js"),
        ('<a href="c/">c</a>', "link to c/, where no file is"),
        ('<a href="b/#nowhere">c</a>', "link to b/#nowhere, where no such anchor is"),
        ('<a href="//cdn.org/../b">c</a><a href="/b/../c">', "link to /b/../c, where no file is"),
        ('<a href="%63/">c</a>', "link to %63/, where no file is"),
        ('<img src="missing.png">', "link to missing.png, where no file is"),
        ('<p id="top">', 'id="top" stands twice'),
        ('<custom-tag class="a"ID=top>', 'id="top" stands twice'),
    ],
)
def test_each_fault_is_found_and_named(site: Path, planted: str, said: str) -> None:
    assert any(said in fault for fault in found(site, planted)), found(site, planted)
