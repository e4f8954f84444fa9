"""BibTeX, as far as our bibliography uses it."""

from pathlib import Path

import pytest
from pybtex.database import parse_string

from rostra.sitegen.faults import EntryError
from rostra.sitegen.references import listed, read_references

ROOT = Path(__file__).parents[3]
BIB = """@inproceedings{a2018first,
  author    = {Aleksander Madry and Makelov, Aleksandar and Ludwig Schmidt and Dimitris Tsipras},
  title     = {Towards {D}eep learning
               models},
  booktitle = {ICLR},
  year      = {2018},
  eprint    = {1706.06083},
}

@article{b1990second,
  author  = "Jane Roe",
  title   = "Pages 1--2",
  journal = "J. X",
  year    = 1990,
  doi     = {10.1/x},
}
"""


@pytest.fixture
def bibliography(tmp_path: Path) -> Path:
    path = tmp_path / "references.bib"
    path.write_text(BIB, encoding="utf-8")
    return path


def test_fields_lose_braces_and_line_breaks(bibliography: Path) -> None:
    first, second = read_references(bibliography).values()
    assert first.title == "Towards Deep learning models"
    assert first.names == "Madry et al."
    assert (first.venue, first.year) == ("ICLR", "2018")
    assert first.address == "https://arxiv.org/abs/1706.06083"
    assert second.title == "Pages 1–2"
    assert second.names == "Roe"
    assert second.year == "1990"
    assert second.address == "https://doi.org/10.1/x"


def test_accents_and_families_are_read_as_bibtex_means_them(tmp_path: Path) -> None:
    path = tmp_path / "references.bib"
    entry = r"@misc{c, author={Peva {\'E}x and Laurens van der Maaten}, title={A \& b}}"
    path.write_text(entry, encoding="utf-8")
    found = read_references(path)["c"]
    assert found.names == "Éx and van der Maaten"
    assert found.title == "A & b"


def test_what_a_reader_copies_is_the_same_entry(bibliography: Path) -> None:
    known = read_references(bibliography)
    copied = parse_string(known["a2018first"].bibtex, "bibtex").entries["a2018first"]
    assert copied.fields["eprint"] == "1706.06083"
    assert len(copied.persons["author"]) == 4
    assert "<details><summary>BibTeX</summary>" in listed(("a2018first",), known)


@pytest.mark.parametrize(
    ("text", "line"),
    [("@misc{a, title={x}\n title={y}}", 2), ("@misc{a, title={x}}\n@misc{a, title={y}}", 1)],
)
def test_what_cannot_be_read_is_a_fault_of_the_file(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "references.bib"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EntryError) as error:
        read_references(path)
    (fault,) = error.value.faults
    assert (fault.file, fault.line) == ("references.bib", line)


def test_no_bibliography_holds_nothing(tmp_path: Path) -> None:
    assert read_references(tmp_path / "references.bib") == {}


def test_an_unknown_key_names_the_nearest(bibliography: Path) -> None:
    with pytest.raises(LookupError, match="did you mean 'a2018first'"):
        listed(("a2018frist",), read_references(bibliography))


def test_our_own_bibliography_is_complete() -> None:
    for key, reference in read_references(ROOT / "docs" / "references.bib").items():
        assert reference.title, key
        assert reference.year.isdigit(), key
        assert all(reference.authors), key
