"""The site's own file."""

from rostra.sitegen.programme import load
from tests.rostra.sitegen.conftest import SITE


def test_what_is_not_said_has_a_use_of_its_own(seminars) -> None:
    site = load(seminars()).site
    assert (site.announced_days, site.recorded_days, site.contact) == (14, 30, None)
    assert site.colours.accent == "#0a6c8f"


def test_groups_have_themes(seminars) -> None:
    groups = "groups:\n  - name: G\n    themes:\n      - title: T\n        page: research/t/\n"
    (group,) = load(seminars({"site.yaml": SITE + groups})).site.groups
    assert [theme.page for theme in group.themes] == ["research/t/"]
