"""What the research pages tell visitors to try comes out as they say."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from demos.attack_playground import START, attacked
from rostra.live.links import from_query
from rostra.live.pictures import held

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted([*DOCS.glob("research/*.md"), *DOCS.glob("zh/research/*.md")])
LINK = re.compile(r"gallery/attack_playground/index\.md\?([^)\s]+)\)")


def phases(**asked: str) -> dict[str, str]:
    *_, view = attacked(tuple(from_query(asked, START).values()), "en", "cpu")
    return {name: side["phase"] for name, side in view["models"].items()}


def links(page: Path) -> list[dict[str, str]]:
    return [dict(parse_qsl(query)) for query in LINK.findall(page.read_text(encoding="utf-8"))]


def test_both_languages_send_their_readers_to_the_same_runs() -> None:
    for page in DOCS.glob("research/*.md"):
        assert links(page) == links(DOCS / "zh" / "research" / page.name)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: "/".join(page.parts[-3:]))
def test_every_link_is_a_setting_that_can_be_shown(page: Path) -> None:
    for asked in links(page):
        assert set(asked) - {"set"} <= set(START), asked
        values: dict[str, Any] = from_query({**asked, "steps": "1"}, START)
        *_, view = attacked(tuple(values.values()), "en", "cpu")
        assert view["phase"] == "done", asked


def test_the_stop_sign_fools_the_standard_model_alone() -> None:
    both = {"standard": "fooled", "robust": "holds"}
    assert phases(set="signs", picture="0", attack="pgd", eps="8", steps="40") == both


def test_noise_of_the_same_size_fools_nobody() -> None:
    neither = {"standard": "holds", "robust": "holds"}
    assert phases(set="signs", picture="0", attack="noise", eps="8") == neither


def test_a_picture_for_the_robust_model_misleads_the_standard_one_too() -> None:
    asked = {"set": "signs", "picture": "0", "victim": "robust", "eps": "24", "steps": "40"}
    assert phases(**asked) == {"standard": "transfers", "robust": "fooled"}


def test_no_picture_for_the_standard_model_misleads_the_robust_one() -> None:
    signs = range(len(held("signs").images))
    assert len(signs) == 16
    asked = {"set": "signs", "victim": "standard", "eps": "24", "steps": "40"}
    found = [phases(picture=str(sign), **asked)["robust"] for sign in signs]
    assert set(found) == {"resists"}
