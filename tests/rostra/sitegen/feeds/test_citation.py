"""What citation managers read of a talk."""

import json

import pytest

from rostra.sitegen.feeds.citation import bibtex, citation, csl_json
from rostra.sitegen.programme import Programme, load
from rostra.sitegen.references import entries, reference


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


URL = "https://lab.example/talks/weekly/trust/"


def test_bibtex_is_read_as_it_was_meant(full: Programme) -> None:
    text = bibtex(full.find("weekly/trust"), URL)
    ((key, entry),) = entries(text, "x").items()
    assert key == "weekly-trust-2024"
    source = reference(key, entry)
    assert source.title == "On trust"
    assert source.authors == ("Lee, Ann", "Wang, Wei")
    assert (source.fields["date"], source.fields["url"]) == ("2024-05-05", URL)
    assert source.fields["year"] == "2024"  # BibTeX itself knows no dates


HARD = "50 % of {all} & #1_x ~ ^ \\\\ $x_1 < 2$"


def test_what_tex_takes_for_its_own_is_shown(seminars) -> None:
    talk = f"title: '{HARD}'\nstart: 2024-05-05 10:00\nspeakers: [wang]\n"
    found = load(seminars({"weekly/trust.yaml": talk})).find("weekly/trust")
    text = bibtex(found, URL)
    assert r"50 \% of \{all\} \& \#1\_x \textasciitilde{} \textasciicircum{}" in text
    assert "$x_1 < 2$" in text
    assert list(entries(text, "x")) == ["weekly-trust-2024"]


def test_csl_json_has_what_is_known(full: Programme) -> None:
    (item,) = json.loads(csl_json(full.find("weekly/trust"), URL))
    assert item["type"] == "speech"
    assert item["author"][0] == {"family": "Lee", "given": "Ann"}
    assert item["issued"] == {"date-parts": [[2024, 5, 5]]}
    assert (item["event-title"], item["URL"]) == ("Weekly", URL)
    assert all(item.values())


def test_nobody_is_no_author(seminars) -> None:
    talk = {"weekly/trust.yaml": "title: On trust\nstart: 2024-05-05 10:00\n"}
    found = load(seminars(talk)).find("weekly/trust")
    assert "author" not in bibtex(found, URL)
    assert "author" not in json.loads(csl_json(found, URL))[0]
