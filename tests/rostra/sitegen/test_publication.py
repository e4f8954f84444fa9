"""Publications: BibTeX bound to people, themes and talks."""

import pytest

from rostra.sitegen.fields import Bilingual
from rostra.sitegen.person import Person
from rostra.sitegen.publication import Publication, read
from rostra.sitegen.reading import Document
from rostra.sitegen.references import entries
from rostra.sitegen.series import Known, Setting

KNOWN = Known(talks=frozenset({"weekly/trust"}), themes=frozenset({"attacks", "defences"}))


def person(key: str, name: object, *aliases: str) -> Person:
    values = {"name": name, "aliases": aliases}
    return Person.model_validate(values, context=Setting(key=key))


PEOPLE = {
    "ann": person("ann", "Ann Lee"),
    "wang": person("wang", Bilingual(en="Wei Wang", zh="王伟"), "W. Wang"),
    "other": person("other", "Wei Wang"),
}
TEXT = """\
% ours
@inproceedings{lee2024,
  author = {Lee, Ann and W. Wang and Some Body},
  title = {On {T}rust},
  booktitle = {ICLR},
  year = {2024},
  doi = {10.1000/182},
  eprint = {1706.06083},
  theme = {attacks, defences},
  talk = {weekly/trust},
  code = {https://code.example/a},
  pdf = {https://a.example/a.pdf},
}

@phdthesis{wang2020,
  author = {wang},
  title = {Doubt},
  school = {A university},
  year = 2020,
  url = {https://b.example},
}
"""


def found(text: str) -> tuple[list[Publication], Document]:
    document = Document("docs/publications.bib", text)
    return list(read(document, PEOPLE, KNOWN)), document


def test_authors_are_people_by_name_by_alias_and_by_key() -> None:
    (paper, thesis), document = found(TEXT)
    assert document.faults == []
    assert [(one.name, one.person and one.person.id) for one in paper.authors] == [
        ("Ann Lee", "ann"),
        ("W. Wang", "wang"),
        ("Some Body", None),
    ]
    assert [one.person for one in thesis.authors] == [PEOPLE["wang"]]
    assert thesis.authors[0].name == "Wei Wang"
    assert [one.id for one in paper.people] == ["ann", "wang"]


def test_what_only_this_site_reads_is_not_copied() -> None:
    (paper, thesis), _ = found(TEXT)
    fields = entries(paper.source.bibtex, "x")["lee2024"].fields
    assert set(fields) == {"title", "booktitle", "year", "doi", "eprint"}
    assert "wang}" not in thesis.source.bibtex
    assert "Wang, Wei" in thesis.source.bibtex
    assert '"family": "Lee"' in paper.csl


def test_a_paper_says_where_it_belongs_and_where_it_is() -> None:
    (paper, thesis), _ = found(TEXT)
    assert (paper.themes, paper.talks) == (("attacks", "defences"), ("weekly/trust",))
    assert paper.links == {
        "DOI": "https://doi.org/10.1000/182",
        "arXiv": "https://arxiv.org/abs/1706.06083",
        "PDF": "https://a.example/a.pdf",
        "code": "https://code.example/a",
    }
    assert thesis.links == {"page": "https://b.example"}
    assert [(one.kind, one.year) for one in (paper, thesis)] == [
        ("conference", 2024),
        ("thesis", 2020),
    ]


def test_a_name_of_two_people_has_to_be_a_key() -> None:
    papers, document = found(TEXT.replace("W. Wang", "Wei Wang"))
    assert [one.id for one in papers] == ["wang2020"]
    (fault,) = document.faults
    assert (fault.rule, fault.line) == ("which-person", 2)
    assert "other, wang" in fault.message


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("10.1000/182", "https://doi.org/10.1", ("url", 7, 10)),
        ("1706.06083", "nips/17", ("url", 8, 13)),
        ("attacks, defences", "attacks, defense", ("unknown-theme", 9, 21)),
        ("weekly/trust", "weekly/trost", ("unknown-talk", 10, 11)),
        ("https://code.example/a", "javascript:alert(1)", ("url", 11, 11)),
        ("= 2020", "= {forthcoming}", ("date", 19, 11)),
        ("wang2020", "wang.2020", ("slug", 15, 12)),
    ],
)
def test_a_fault_is_where_it_stands(old: str, new: str, place: tuple[str, int, int]) -> None:
    _, document = found(TEXT.replace(old, new))
    assert [(one.rule, one.line, one.column) for one in document.faults] == [place]


def test_what_is_no_bibtex_is_one_fault() -> None:
    papers, document = found("@article{a,\n title = {x}\n year = 2020}\n")
    assert papers == []
    assert [(one.rule, one.file) for one in document.faults] == [
        ("bibtex", "docs/publications.bib")
    ]


def test_markup_stays_text() -> None:
    (paper,), _ = found("@misc{x, author={Ann Lee}, title={<b>a</b> \\& {B}}, year=2020}")
    assert paper.source.title == "<b>a</b> & B"
