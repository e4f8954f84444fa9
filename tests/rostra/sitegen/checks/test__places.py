"""What the checker takes for addresses of the site is what is written."""

from datetime import UTC, datetime

import pytest

from rostra.sitegen import folder, programme, render
from rostra.sitegen.checks._places import places
from rostra.sitegen.inventory import Inventory
from tests.rostra.sitegen.feeds._programme import write

NOW = datetime(2024, 6, 1, tzinfo=UTC)
UNCALLED = {"robots.txt", "_redirects", "assets/stylesheets/colours.css"}  # nobody links to these
# Written where there are any.
OF_OTHERS = {"benchmarks/", "gallery/", "methods/", "models/", "research/"}


@pytest.mark.parametrize("languages", ["[en, zh]", "[zh, en]", "[zh]"])
def test_the_checker_knows_all_that_is_written_and_no_more(tmp_path, languages) -> None:
    entries = write(tmp_path / "seminars")
    for kind in ("talk", "meetup"):  # each from a series that is gone
        rule = "repeat: FREQ=WEEKLY\n" * (kind == "meetup")
        text = f"title: x\nstart: 2024-05-06 15:00\n{rule}formerly: [gone-{kind}/old]\n"
        (entries / f"weekly/new-{kind}.yaml").write_text(text, encoding="utf-8")
    site = entries / "site.yaml"
    site.write_text(site.read_text("utf-8").replace("[en, zh]", languages), encoding="utf-8")
    read = programme.load(entries, NOW)
    sheets = (*render.sheets(read, Inventory(), NOW), *render.for_programs(read, NOW))
    written = {one.path.removesuffix("index.html") for one in sheets}
    known = set(places(folder.read(entries, NOW)))
    assert written - known <= UNCALLED
    assert {one.removeprefix("zh/") for one in known - written} <= OF_OTHERS
