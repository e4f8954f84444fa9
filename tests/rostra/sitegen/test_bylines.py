"""A small group's site with notes, papers, a project and news: every link there leads back."""

import re
from pathlib import Path

import pytest

from rostra.sitegen.bylines import Bylines
from rostra.sitegen.programme import Programme, load
from tests.rostra.sitegen._building import words
from tests.rostra.sitegen._library import LIBRARY, small_site
from tests.rostra.sitegen.conftest import Folder

WORDS = {"note_on_talk": "About the talk {title}", "comment": "Comment"}
NOTE = "# Seen in the talk\n\nIt was clear.\n\n## More\n\nText.\n"


@pytest.fixture
def programme(seminars: Folder) -> Programme:
    return load(seminars(LIBRARY))


def completed(programme: Programme, repository: str | None = None, contact: str = "") -> str:
    site = programme.site.model_copy(update={"contact": contact})
    changed = Programme(
        *(programme.folder, site, programme.people, programme.series, programme.talks),
        library=programme.library,
    )
    return Bylines(changed, repository).completed(NOTE, "notes/seen.md", WORDS)


def test_a_note_says_whose_it_is_and_leads_to_its_talk(programme: Programme) -> None:
    assert (
        completed(programme)
        == """\
# Seen in the talk

It was clear.

[Ann Lee](../people/ann/index.md) · 2024-05-06 · Lab · [Trust](tags/trust/index.md) · \
[figures](tags/figures/index.md)
{ .theme-of }

About the talk [On trust](../talks/weekly/trust/index.md)

## More

Text.
"""
    )


@pytest.mark.parametrize(
    ("repository", "contact", "address"),
    [
        ("https://git.example/g/s/", "a@b.example", "https://git.example/g/s/issues/new?title="),
        ("https://gitlab.example/g/s", "", "https://gitlab.example/g/s/-/issues/new?issue%5Btitle"),
        (None, "a@b.example", "mailto:a@b.example?subject=Seen%20in%20the%20talk"),
        (None, "https://lab.example/contact", "https://lab.example/contact"),
    ],
)
def test_one_answers_where_the_site_says(
    programme: Programme, repository: str | None, contact: str, address: str
) -> None:
    text = completed(programme, repository, contact)
    assert f"\n\n[Comment]({address}" in text
    assert text.count("[Comment]") == 1


def test_without_a_way_to_answer_none_is_offered(programme: Programme) -> None:
    assert "Comment" not in completed(programme)


def test_any_other_page_stays_as_it_is(programme: Programme) -> None:
    for source in ("notes/else.md", "how-to/seen.md"):
        assert Bylines(programme, "https://a.example").completed(NOTE, source, WORDS) == NOTE


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole of it, built strict: a link to nowhere would end the build."""
    return small_site(tmp_path_factory.mktemp("project"), LIBRARY, "2024-05-10T00:00:00Z")


PAGES = {
    "talks/weekly/trust/": ["publications/#lee2024", "notes/seen/"],
    "people/ann/": ["notes/older/", "notes/seen/", "projects/#safe", "research/doubt/"],
    "people/wang/": ["projects/#safe", "talks/weekly/trust/"],
    "research/trust/": ["publications/#lee2024", "publications/#lee2020", "projects/#safe"],
    "research/doubt/": ["publications/#lee2020"],
    "publications/": ["people/ann/", "people/wang/", "research/doubt/", "talks/weekly/trust/"],
    "projects/": ["people/ann/", "research/trust/", "publications/#lee2020"],
    "notes/": ["notes/seen/", "notes/tags/trust/", "people/ann/"],
    "notes/tags/trust/": ["notes/seen/", "notes/older/"],
    "notes/seen/": ["people/ann/", "notes/tags/figures/", "talks/weekly/trust/"],
    "news/": ["publications/"],
    "": ["news/"],
}


def addresses(site: Path, page: str) -> set[str]:
    """Where the links of a page lead, from the site's root."""
    text = (site / page / "index.html").read_text(encoding="utf-8")
    found = set()
    for href in re.findall(r'<a [^>]*?href="([^":]*)"', text):
        path, mark, anchor = href.partition("#")
        target = (site / page / path).resolve().relative_to(site.resolve()).as_posix()
        found.add(f"{target}/{mark}{anchor}")
    return found


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("prefix", ["", "zh/"])
def test_every_page_leads_to_what_belongs_to_it(site: Path, prefix: str, page: str) -> None:
    english = {"notes/older/"}  # nobody has translated it
    wanted = {one if one in english else prefix + one for one in PAGES[page]}
    assert wanted - addresses(site, prefix + page) == set()


@pytest.mark.parametrize("prefix", ["", "zh/"])
def test_the_footer_offers_what_there_is(site: Path, prefix: str) -> None:
    footer = (site / prefix / "index.html").read_text("utf-8").partition("<footer")[2]
    offered = re.findall(r'href="(?:\.\./)*(?:zh/)?([a-z]+)/"', footer)
    assert offered[:4] == ["publications", "notes", "projects", "news"]
    assert "openings" not in offered
    empty = words(site / prefix / "openings" / "index.html")
    assert {"": "There is none", "zh/": "目前没有"}[prefix] in empty


def test_both_notations_are_files_and_stand_on_the_page(site: Path) -> None:
    page = words(site / "publications" / "index.html")
    for key in ("lee2020", "lee2024"):
        assert f"{{{key}," in (site / f"publications/{key}.bib").read_text("utf-8")
        assert f"{{{key}," in page
        assert f'"id": "{key}"' in page
    assert "theme" not in (site / "publications/all.bib").read_text("utf-8")


def test_markup_in_a_bibliography_stays_text(site: Path) -> None:
    text = (site / "publications" / "index.html").read_text("utf-8")
    assert "On Trust &lt;i&gt;" in text


def test_notes_and_news_can_be_followed(site: Path) -> None:
    for prefix, title in (("", "Seen in the talk"), ("zh/", "讲座所见")):
        notes = (site / prefix / "notes/feed.xml").read_text("utf-8")
        assert f"<title>{title}</title>" in notes
        assert f"https://lab.example/{prefix}notes/seen/" in notes
        assert f"https://lab.example/{prefix}publications/" in (
            site / prefix / "news/feed.xml"
        ).read_text("utf-8")
