"""Frames: a page that is filled in equals, to the byte, the same page drawn by itself."""

import re
import shutil
from pathlib import Path

import pytest

from rostra.sitegen import theme
from rostra.sitegen.frames import ASKED, Frames, markers, stand_in
from rostra.sitegen.render import Output, PageHead
from tests._project import with_known_talks
from tests.rostra.sitegen._building import built

ROOT = Path(__file__).parents[3]
HOSTILE = """\
title: "A <b>bold</b>  'quoted' \\"title\\" & {{ shell.title }} SLOT-TITLE SLOT0 $x < 1$"
start: 2022-04-01 10:00
speakers: [pin-yu-chen]
abstract: "SLOT-SAID  ' SLOT-ARTICLE <i> & \\"two\\"  blanks SLOT-END {% raw %} data-list"
links: {recording: "https://www.youtube.com/watch?v=aqz-KE-bpKQ"}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = with_known_talks(tmp_path_factory.mktemp("project"))
    (folder / "seminars/elsewhere/slots.yaml").write_text(HOSTILE)
    return folder


def of(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*.html")}


@pytest.mark.parametrize("repository", ["", "https://git.example.org/group/site"])
def test_a_filled_frame_equals_a_page_drawn_by_itself(project, tmp_path, repository: str) -> None:
    more = {
        "ROSTRA_NOW": "2022-03-01T09:00+08:00",
        "ROSTRA_REFERENCE": "false",
        "ROSTRA_REPO_URL": repository,
    }
    filled = of(built(project, tmp_path / "filled", strict=False, **more))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Frames, "around", lambda self, output, paired: self.draw(output, paired))
        drawn = of(built(project, tmp_path / "drawn", strict=False, **more))
    assert filled.keys() == drawn.keys()
    assert [path for path in drawn if filled[path] != drawn[path]] == []
    assert b"SLOT-TITLE" in filled["talks/elsewhere/slots/index.html"]
    shutil.rmtree(project / ".cache", ignore_errors=True)


def test_pages_of_a_kind_share_one_drawing() -> None:
    drawn = []

    def draw(output: Output, paired: bool) -> str:
        drawn.append(output.path)
        assert output.page is not None
        return f"<title>{output.page.title}</title>{output.text}"

    frames = Frames(draw, asked=("data-list",))
    for name, text in (("a", "<p>1"), ("b", "<p>2"), ("c", "<ul data-list>")):
        output = Output(f"talks/x/{name}/index.html", text, PageHead(name, "", "talk", "en"))
        assert frames.around(output, True) == f"<title>{name}</title>{text}"
    assert drawn == ["talks/SLOT0/SLOT1/index.html"] * 2


def test_what_a_frame_depends_on_is_part_of_its_stand_in() -> None:
    page = Output("zh/people/a/index.html", "<p data-start>", PageHead("", "x", "person", "zh"))
    like = stand_in(page, ("data-start", "data-list"))
    assert like.path == "zh/people/SLOT0/index.html"
    assert "data-start" in like.text
    assert "data-list" not in like.text
    assert like.page is not None
    assert (like.page.title, bool(like.page.description)) == ("", True)


def test_the_frame_of_our_pages_looks_for_something() -> None:
    found = markers((ROOT / "rostra/sitegen/theme/main.html").read_text(encoding="utf-8"))
    assert {"data-list", "data-start", "data-demo", 'class="video"'} <= set(found)


def test_all_that_the_frames_template_looks_for_in_an_article_is_known() -> None:
    text = (theme.FOLDER / "main.html").read_text(encoding="utf-8")
    looks = re.findall(r"\bin \(?page\.content\b", text)
    assert len(looks) == len(ASKED.findall(text)) > 0
    assert "data-rest" in markers(text)  # asked of some pages only, without brackets
