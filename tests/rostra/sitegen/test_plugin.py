"""The whole site, built in process: with a talk to come, with none, and with faults."""

import re
import shutil
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from rostra.sitegen import gate, theme
from rostra.sitegen.search.reader import Reader
from rostra.sitegen.times import clock
from tests._project import with_known_talks
from tests.rostra.sitegen._building import built, pages, words
from tests.rostra.sitegen._visible import visible

ROOT = Path(__file__).parents[3]
DAYS_BEFORE = "2022-03-01T09:00+08:00"
YEARS_AFTER = "2026-11-21T09:00+08:00"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_known_talks(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def today(ours: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as anyone gets it, years after the last talk, built strict."""
    return built(ours, tmp_path_factory.mktemp("today"), ROSTRA_NOW=YEARS_AFTER)


@pytest.fixture(scope="module")
def before(ours: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site five days before a talk, live, and with the repository known."""
    site = tmp_path_factory.mktemp("before")
    environment = {"ROSTRA_NOW": DAYS_BEFORE, "ROSTRA_REFERENCE": "false", "ROSTRA_LIVE": "true"}
    environment["ROSTRA_REPO_URL"] = "https://git.example.org/group/site"
    environment["ROSTRA_SITE_URL"] = "http://127.0.0.1:8210"
    return built(ours, site, strict=False, **environment)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A group's own folder: the same entries, one page, no library, no demos."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "note.md").write_text("# A note\n\nThat $x' \\le \\varepsilon$.\n")
    shutil.copytree(ROOT / "seminars", tmp_path / "seminars")
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: x\n"
        "theme: {name: material, font: false, palette: {scheme: default}}\n"
        "markdown_extensions: [{pymdownx.arithmatex: {generic: true}}]\n"
        "not_in_nav: '*'\n"
        "plugins: [rostra]\n"
    )
    return tmp_path


def hero(site: Path, home: str = "index.html") -> str:
    text = visible((site / home).read_text(encoding="utf-8"))
    return text[text.index('class="hero') : text.index("</section>")]


def test_home_announces_the_next_talk(before: Path) -> None:
    shown = hero(before)
    assert "Next talk, in 5 days" in shown
    assert "BadBatch" in shown
    assert "Shapley" not in shown
    assert "Sunday 6 March 2022, 10:00" in shown
    assert 'datetime="2022-03-06T10:00:00+08:00"' in shown
    assert 'href="talks/ai-prisec/badbatch.ics"' in shown
    assert "https://meeting.tencent.com/dw/mD5ht1WOQQbQ" in shown


def test_home_in_chinese_announces_the_same_talk(before: Path) -> None:
    shown = hero(before, "zh/index.html")
    assert "下一场，5 天后" in shown
    assert "2022 年 3 月 6 日 星期日 10:00" in shown
    assert 'href="talks/ai-prisec/badbatch.ics"' in shown


def test_home_without_a_next_talk_shows_what_there_is_to_watch(today: Path) -> None:
    shown = hero(today)
    assert "Shapley" in shown
    assert "space.bilibili.com" in shown
    assert 'href="subscribe/"' in shown
    assert "Register" not in shown
    assert "Add to calendar" not in shown


def test_past_talks_stand_under_the_hero_newest_first(before: Path, today: Path) -> None:
    latest = {before: "2022-02-27", today: "2022-03-06"}
    for site, expected in ((site, [day, "2020-01-13"]) for site, day in latest.items()):
        home = visible((site / "index.html").read_text(encoding="utf-8"))
        assert re.findall(r"<time [^>]*>(\d{4}-\d\d-\d\d)</time>", home) == expected


def test_every_page_has_its_language(today: Path) -> None:
    for name, text in pages(today):
        language = "zh" if name.startswith("zh/") else "en"
        assert f'<html lang="{language}"' in text, name
        other = 'hreflang="en">English' if language == "zh" else 'hreflang="zh-Hans">中文'
        assert other in text, name


def test_the_way_past_the_header_says_where_it_leads(today: Path) -> None:
    for name, text in pages(today):
        said = "跳转至正文" if name.startswith("zh/") else "Skip to content"
        assert f'<a href="#main" class="skip">{said}</a>' in text, name


def test_translations_name_each_other(today: Path) -> None:
    alternate = re.compile(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">')
    named = {name: dict(alternate.findall(text)) for name, text in pages(today)}
    paired = [name for name in named if f"zh/{name}" in named and name != "404.html"]
    assert {"index.html", "talks/index.html", "research/attacks/index.html"} <= set(paired)
    for name in paired:
        assert named[name] == named[f"zh/{name}"], name
        assert set(named[name]) == {"en", "zh-Hans", "x-default"}, name
        assert named[name]["en"] == named[name]["x-default"]
    assert not named["reference/index.html"], "what exists in one language claims no other"


def test_each_language_has_sitemap_feed_and_page_for_lost_visitors(today: Path) -> None:
    for folder in ("", "zh/"):
        sitemap = (today / folder / "sitemap.xml").read_text(encoding="utf-8")
        assert f"/{folder}talks/ai-prisec/badbatch/</loc>" in sitemap
        assert (today / folder / "feed.xml").is_file()
    assert "没有这个页面" in words(today / "zh/404.html")
    assert "There is no such page" in words(today / "404.html")


def test_addresses_are_those_of_the_entries_or_of_the_environment(
    before: Path, today: Path
) -> None:
    places = ("talks/all.ics", "zh/feed.xml", "sitemap.xml", "talks/ai-prisec/badbatch/index.html")
    for site, address in ((today, "http://127.0.0.1:8000/"), (before, "http://127.0.0.1:8210/")):
        for place in places:
            text = (site / place).read_text(encoding="utf-8").replace("\n ", "")
            assert {*re.findall(r"http://127[^/]+/", text)} == {address}, place


def test_lost_visitors_find_back_from_any_depth(today: Path) -> None:
    """A page for lost visitors is shown at addresses of any depth: no link may be relative."""
    for name in ("404.html", "zh/404.html"):
        seen = gate.read((today / name).read_text(encoding="utf-8"))
        assert all(url.startswith(("/", "http", "#")) for url in seen.links + seen.loads), name


def test_nothing_inline_nothing_foreign_nothing_dead(today: Path) -> None:
    assert list(gate.faults(gate.Files(today))) == []


def test_formulas_are_drawn_and_figures_filled_in(today: Path) -> None:
    for name, text in pages(today):
        assert "arithmatex" not in text, name
        assert "[=" not in text, name
    assert (today / "research/attacks/index.html").read_text("utf-8").count("<math ") > 10


@pytest.mark.parametrize("page", ["attacks", "robustness-testing", "accuracy-robustness"])
def test_research_pages_are_whole_in_both_languages(today: Path, page: str) -> None:
    for folder in ("", "zh/"):
        text = (today / f"{folder}research/{page}/index.html").read_text(encoding="utf-8")
        assert text.count('data-demo="attack_playground"') == 1
        assert '<div class="formula"' in text


def test_themes_and_what_belongs_to_them_lead_to_each_other(today: Path) -> None:
    for folder in ("", "zh/"):
        theme = (today / folder / "research/attacks/index.html").read_text(encoding="utf-8")
        listed = theme[theme.index('id="talks-and-demos"') : theme.index('class="sources"')]
        assert 'href="../../talks/elsewhere/adversarial-robustness/"' in listed
        assert 'href="../../gallery/attack_playground/"' in listed
        demo = (today / folder / "gallery/attack_playground/index.html").read_text("utf-8")
        assert 'href="../../research/attacks/"' in demo


def test_pages_say_where_they_are_edited(before: Path, today: Path) -> None:
    edited = re.compile(r'rel="edit" href="([^"]+)"')
    base = "https://git.example.org/group/site/edit/main/"
    expected = {
        "talks/ai-prisec/badbatch": "seminars/ai-prisec/badbatch.yaml",
        "zh/talks/ai-prisec/badbatch": "seminars/ai-prisec/badbatch.yaml",
        "people": "seminars/people.yaml",
        "research/attacks": "docs/research/attacks.md",
    }
    for place, source in expected.items():
        page = (before / place / "index.html").read_text(encoding="utf-8")
        assert edited.findall(page) == [base + source]
    unpublished = today / "talks/ai-prisec/badbatch/index.html"
    assert not edited.search(unpublished.read_text(encoding="utf-8"))
    assert "seminars/ai-prisec/badbatch.yaml" in words(unpublished)


def test_only_a_live_site_asks_its_server_for_demos(before: Path, today: Path) -> None:
    mark = '<meta name="rostra-live" content="true">'
    assert mark in (before / "index.html").read_text(encoding="utf-8")
    assert mark not in (today / "index.html").read_text(encoding="utf-8")


def test_the_reference_needs_no_formatter(today: Path) -> None:
    """Who only serves the site has no developer's tools, and reads the same signatures."""
    text = (today / "reference/attacks/index.html").read_text(encoding="utf-8")
    signatures = re.findall(r'<div class="doc-signature.*?<code>(.*?)</code>', text, re.DOTALL)
    assert len(signatures) >= 5
    assert [one for one in signatures if "\n" in one.strip()] == []


def test_the_theme_leaves_its_scripts_at_home(today: Path) -> None:
    scripts = {path.name for path in today.rglob("*.js")}
    assert scripts == {path.name for path in (theme.FOLDER / "assets/javascripts").iterdir()}


def test_fonts_stay_in_their_budget(today: Path) -> None:
    fonts = list((today / "assets/fonts").glob("*.woff2"))
    assert len(fonts) == 5
    assert sum(font.stat().st_size for font in fonts) <= 120 * 1024


def test_a_group_needs_no_library_and_no_demos(project: Path) -> None:
    site = built(project, project / "site", strict=False, ROSTRA_NOW=DAYS_BEFORE)
    assert "<math" in (site / "note/index.html").read_text(encoding="utf-8")
    assert not (site / "gallery/attack_playground").exists()


def test_a_site_may_have_one_language(project: Path) -> None:
    entry = project / "seminars/site.yaml"
    text = entry.read_text(encoding="utf-8")
    entry.write_text(text.replace("languages: [en, zh]", "languages: [en]"), encoding="utf-8")
    (project / "docs/zh").mkdir()
    (project / "docs/zh/note.md").write_text("# 笔记\n", encoding="utf-8")
    site = built(project, project / "site", strict=False, ROSTRA_NOW=DAYS_BEFORE)
    assert not (site / "zh").exists()
    assert "hreflang" not in (site / "index.html").read_text(encoding="utf-8")


def test_two_builds_are_the_same(project: Path) -> None:
    one = built(project, project / "one", strict=False, ROSTRA_NOW=DAYS_BEFORE)
    other = built(project, project / "other", strict=False, ROSTRA_NOW=DAYS_BEFORE)
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
    different = [name for name in names if (one / name).read_bytes() != (other / name).read_bytes()]
    assert different in ([], [Path("sitemap.xml.gz")])  # MkDocs puts the day into the archive


@pytest.mark.parametrize(
    ("folder", "query", "url", "title"),
    [
        ("search", "adversarial attacks", "research/attacks/", "Adversarial attacks"),
        ("zh/search", "抗攻", "zh/research/attacks/", "对抗攻击"),
    ],
)
def test_search_knows_every_page_in_its_language(
    today: Path, folder: str, query: str, url: str, title: str
) -> None:
    index = Reader(lambda path: (today / folder / path).read_bytes())
    (found,) = index.search(query)
    assert (url, title) in found.hits
    pages = [index.row(page)[0] for page in range(index.about["pages"])]
    prefix = folder.removesuffix("search")
    assert all(one.startswith(prefix) and (today / one / "index.html").is_file() for one in pages)
    assert len(pages) == len(set(pages)) > 10


def test_faults_in_entries_end_the_build_and_are_all_named(project: Path) -> None:
    talk = project / "seminars/ai-prisec/badbatch.yaml"
    talk.write_text("titel: A\nstart: 2022-13-06 10:00\n", encoding="utf-8")
    with pytest.raises(Abort) as caught:
        built(project, project / "site")
    message = str(caught.value)
    assert "badbatch.yaml:1:1" in message
    assert "badbatch.yaml:2:" in message
    assert "did you mean 'title'?" in message


def test_an_unknown_source_ends_the_build(project: Path) -> None:
    (project / "docs/note.md").write_text('# A\n\n[= sources("nobody2020nothing") =]\n')
    with pytest.raises(Abort):
        built(project, project / "site")


def test_a_formula_that_cannot_be_drawn_ends_the_build(project: Path) -> None:
    (project / "docs/note.md").write_text("# A\n\nSo $\\los$.\n")
    with pytest.raises(Abort):
        built(project, project / "site")


def test_a_dirty_build_is_refused(project: Path) -> None:
    config = load_config(str(project / "mkdocs.yml"))
    with pytest.raises(Abort, match="--dirty"):
        config.plugins.on_startup(command="build", dirty=True)


def test_the_clock_is_reproducible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1646100000")
    assert clock("").isoformat() == "2022-03-01T02:00:00+00:00"
    assert clock("2022-03-01").isoformat() == "2022-03-01T00:00:00+00:00"
