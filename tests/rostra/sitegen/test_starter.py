"""A site for another group works as it is written: it is checked and built strict."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rostra.sitegen import checks, gate
from rostra.sitegen.faults import EntryError
from rostra.sitegen.folder import read
from rostra.sitegen.starter import FILES, NotEmptyError, Start, lighter, new_site
from rostra.sitegen.times import clock
from tests.rostra.sitegen._building import built, pages

ROOT = Path(__file__).parents[3]
NOW = datetime(2027, 2, 3, 12, tzinfo=UTC)
ROBOTS = Start("Robot Club: 机器人", "Europe/Berlin", ("en",), "#7a1fa2", "", "https://robots.org/")
FORMS = (("en",), ("zh",), ("en", "zh"), ("zh", "en"))


def made(place: Path, *languages: str) -> Path:
    known = {**vars(ROBOTS), "languages": languages or ROBOTS.languages}
    return new_site(place / "robot-club", Start(**known), NOW)


@pytest.mark.parametrize("languages", FORMS, ids="-".join)
def test_it_is_in_order_and_builds_strict(tmp_path: Path, languages: tuple[str, ...]) -> None:
    place = made(tmp_path, *languages)
    assert checks.findings(read(place / "seminars", NOW)) == []
    site = built(place, place / "site", ROSTRA_NOW=NOW.isoformat())
    assert list(gate.faults(gate.Files(site))) == []
    homes = {"en": site, "zh": site / "zh"}
    for one, home in homes.items():
        assert (home / "research/sample-theme/index.html").is_file() == (one in languages)
    first = homes[languages[0]] / "index.html"
    assert "Robot Club: 机器人" in first.read_text(encoding="utf-8")
    assert (site / "index.html").is_file()
    assert (site / "talks/all.ics").is_file()


@pytest.mark.parametrize("languages", FORMS, ids="-".join)
def test_every_text_is_in_the_language_of_its_page(
    tmp_path: Path, languages: tuple[str, ...]
) -> None:
    """A page of one language marks the words of another; the samples leave none to mark."""
    place = made(tmp_path, *languages)
    site = built(place, place / "site", ROSTRA_NOW=NOW.isoformat())
    for name, text in pages(site):
        found = re.search(r'<html lang="(\w+)"', text)
        assert found, name
        assert found[1] in languages, name
        if "Robot" not in (body := text.partition("<main")[2]):
            assert not re.search(r'<span lang="', body), name


def test_the_colours_zone_name_and_address_are_the_groups_own(tmp_path: Path) -> None:
    place = made(tmp_path)
    site = built(place, place / "site", ROSTRA_NOW=NOW.isoformat())
    colours = (site / "assets/stylesheets/colours.css").read_text(encoding="utf-8")
    assert re.findall("#[0-9a-f]{6}", colours) == ["#7a1fa2", lighter("#7a1fa2")]
    calendar = (site / "talks/all.ics").read_text(encoding="utf-8")
    assert "TZID=Europe/Berlin:20270309T160000" in calendar
    assert "robots.org" in calendar
    assert "#7a1fa2" in (site / "assets/images/favicon.svg").read_text(encoding="utf-8")
    for path in site.rglob("*.html"):
        assert "PriSec" not in path.read_text(encoding="utf-8"), path


def test_it_offers_nothing_that_it_has_not(tmp_path: Path) -> None:
    place = made(tmp_path)
    site = built(place, place / "site", ROSTRA_NOW=NOW.isoformat())
    for name in ("gallery", "methods", "models", "benchmarks", "zh"):
        assert not (site / name).exists(), name
    home = (site / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<li><a href="([^"]+)"', home.partition("</nav>")[0]) == [
        "talks/",
        "research/",
        "people/",
    ]


def test_what_is_a_sample_says_so(tmp_path: Path) -> None:
    place = made(tmp_path, "en", "zh")
    samples = [place / "seminars/seminar/sample-talk.yaml", *(place / "docs").rglob("*.md")]
    assert len(samples) == 3
    for path in [*samples, place / "README.md"]:
        assert re.search("sample|示例", path.read_text(encoding="utf-8"), re.IGNORECASE), path


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "robot-club").mkdir()
    (tmp_path / "robot-club/mine.txt").write_text("mine")
    with pytest.raises(NotEmptyError, match="not empty"):
        made(tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["robot-club", "mine.txt"]
    (tmp_path / "robot-club/mine.txt").unlink()
    assert (made(tmp_path) / "mkdocs.yml").is_file()


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"zone": "Europe/Berln"}, "zone"),
        ({"accent": "#eeeeee"}, "contrast"),
        ({"accent": "purple"}, "colour"),
        ({"url": "robots"}, "url"),
        ({"name": " "}, "empty"),
    ],
)
def test_what_would_not_pass_the_check_is_refused_and_nothing_written(
    tmp_path: Path, wrong: dict[str, str], rule: str
) -> None:
    with pytest.raises(EntryError) as caught:
        new_site(tmp_path / "robots", Start(**{**vars(ROBOTS), **wrong}), NOW)
    assert {fault.rule for fault in caught.value.faults} == {rule}
    assert list(tmp_path.iterdir()) == []


def test_the_package_carries_every_file_it_takes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["rostra.sitegen"]
    carried = {path for pattern in patterns for path in FILES.parent.glob(pattern)}
    for folder in ("starter", "theme", "templates"):
        files = {path for path in (FILES.parent / folder).rglob("*") if path.is_file()}
        assert files <= carried
        assert files


def test_the_clock_is_todays_where_none_is_given(tmp_path: Path) -> None:
    place = new_site(tmp_path / "robots", ROBOTS)
    (talk,) = read(place / "seminars").talks
    assert talk.start > clock("")


def test_a_folder_may_be_called_by_a_number(tmp_path: Path) -> None:
    place = new_site(tmp_path / "2026", ROBOTS, NOW)
    assert 'id: "2026"' in (place / "seminars/site.yaml").read_text(encoding="utf-8")
