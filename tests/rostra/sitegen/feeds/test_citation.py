"""What citation managers read of a talk."""

import pytest

from rostra.sitegen.feeds.citation import citation
from rostra.sitegen.programme import Programme


def test_a_talk_is_cited_with_all_that_is_known(full: Programme) -> None:
    assert list(citation(full.find("weekly/trust"), "en")) == [
        ("citation_title", "On trust"),
        ("citation_author", "Lee, Ann"),
        ("citation_author_institution", "A university"),
        ("citation_author_orcid", "https://orcid.org/0000-0002-1825-0097"),
        ("citation_author", "Wei Wang"),
        ("citation_author", "Bob <Tables>"),
        ("citation_publication_date", "2024/05/05"),
        ("citation_conference_title", "Weekly"),
        ("citation_language", "en"),
        ("citation_keywords", "Federated learning"),
        ("citation_keywords", "C++"),
    ]


@pytest.mark.parametrize("ref", ["weekly/cancelled", "weekly/postponed"])
def test_what_is_not_held_cannot_be_cited(full: Programme, ref: str) -> None:
    assert list(citation(full.find(ref), "en")) == []
