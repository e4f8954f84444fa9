"""One process builds again and again, and each time as a fresh one would."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rostra.sitegen.starter import Start, new_site
from tests.rostra.sitegen._asked import asked
from tests.rostra.sitegen._building import built

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TALK = "seminars/seminar/sample-talk.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return new_site(tmp_path / "site", Start("Small", languages=("en", "zh")), NOW)


def files(site: Path) -> dict[str, bytes]:
    """All of them, without the second at which an unreleased change was first seen."""
    found = [path for path in site.rglob("*") if path.is_file()]
    return {
        path.relative_to(site).as_posix(): re.sub(rb"\d\d:\d\d:\d\d", b"", path.read_bytes())
        for path in found
    }


def test_after_edits_and_faults_the_site_is_that_of_a_fresh_build(project: Path) -> None:
    talk, page = project / TALK, project / "docs/research/sample-theme.md"
    with asked(project) as here:
        [first] = here.answers()
        assert first["faults"] == []
        assert "talks/index.html" in first["changed"]
        before = files(here.site)
        good = talk.read_text(encoding="utf-8")
        talk.write_text(good.replace("title:", "titel:"), encoding="utf-8")
        [broken] = here.answers(talk)
        assert broken["changed"] == []
        assert "did you mean 'title'?" in broken["faults"][0]["en"]
        assert "是否想写" in broken["faults"][0]["zh"]
        assert files(here.site) == before  # the last good site, all of it
        talk.write_text(good.replace('en: "', 'en: "Edited '), encoding="utf-8")
        page.write_text(page.read_text(encoding="utf-8") + "\n\nMore.\n", encoding="utf-8")
        [*_, last] = here.answers(talk, page)
        assert last["faults"] == []
        assert "research/sample-theme/index.html" in last["changed"]
    fresh = built(project, project / "fresh", strict=False, ROSTRA_NOW="2026-11-21T08:00:00Z")
    assert files(here.site) == files(fresh)


def test_what_mkdocs_refuses_is_told_and_the_next_build_goes_on(project: Path) -> None:
    page = project / "docs/research/sample-theme.md"
    good = page.read_text(encoding="utf-8")
    config = project / "mkdocs.yml"
    with asked(project) as here:
        [*_, first] = here.answers()
        assert not first["faults"]
        before = files(here.site)
        page.write_text(good + "\n\n\\(\\frac{1\\)\n", encoding="utf-8")
        [wrong] = here.answers(page)
        assert "sample-theme.md" in wrong["faults"][0]["en"]
        page.write_text(good, encoding="utf-8")
        settings = config.read_text(encoding="utf-8")
        config.write_text("site_name: [", encoding="utf-8")
        [wrong] = here.answers(config)
        assert wrong["faults"]
        config.write_text(settings, encoding="utf-8")
        [last] = here.answers(config)
        assert last["faults"] == []
        assert files(here.site) == before
