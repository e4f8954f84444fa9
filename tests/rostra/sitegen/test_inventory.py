import pytest

from rostra.sitegen.abilities import Abilities
from rostra.sitegen.faults import EntryError
from rostra.sitegen.inventory import Inventory, read, sentence

PGD = '''\
"""The strongest first-order attack."""

import torch_is_not_here
from robustlib.questions import WhiteBox

raise RuntimeError("importing this is a mistake")


def pgd(images, goal, threat, *, steps=10, draws) -> WhiteBox:
    """Climb the loss from a random start inside the ball
    (as in eq. 3). Then project.

    Args:
        goal: What to climb.
        threat: `L2` of finite eps.

    Source: madry2018
    """
'''
SQUARE = '''\
def square(images, *, draws) -> ScoreBased:
    """Try coloured squares.

    Examples:
        >>> 1 + 1
        2

    Source:
        andriushchenko2020, section 3.
    """
'''
DEMO = '''\
"""Attack a classifier: choose a picture. It streams.

What to try: both models.
"""
'''
BIB = """\
@inproceedings{madry2018,
  title     = {Towards Deep Learning Models},
  author    = {Madry, Aleksander and Makelov, Aleksandar},
  booktitle = {ICLR},
  year      = {2018},
}
"""
CARD = """\
name: signs_robust
clean_accuracy: 0.91
threat: {norm: Linf, eps: 0.0314}
classes_zh: [停]
"""


TABLE = """{
 "title": "PGD beside a peer",
 "rows": [{"library": "ours", "s": 0.5}, {"library": "theirs", "s": 1}],
 "notes": ["One thread."]
}
"""


@pytest.fixture
def project(tmp_path):
    files = {
        "robustlib/attacks/__init__.py": "attacks = Catalog(__name__)\n",
        "robustlib/attacks/_base.py": "def _base(): ...\n",
        "robustlib/attacks/pgd.py": PGD,
        "robustlib/attacks/square.py": SQUARE,
        "robustlib/attacks/notes.py": "X = 1\n",
        "robustlib/training/__init__.py": "objectives = Catalog(__name__)\n",
        "robustlib/training/standard.py": 'class standard:\n    """Fit clean images."""\n',
        "robustlib/data/__init__.py": "data = Catalog(__name__)\n",
        "robustlib/data/signs.py": 'def signs():\n    """Draw signs."""\n',
        "robustlib/zoo/signs_robust.yaml": CARD,
        "robustlib/recipes/x.yaml": "a: 1\n",
        "demos/__init__.py": "",
        "benchmarks/results/pgd.json": TABLE,
        "demos/attack_playground.py": DEMO,
        "docs/references.bib": BIB,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_methods_are_read_without_being_imported(project) -> None:
    pgd, square, standard = read(project).methods
    assert (pgd.room, pgd.name, pgd.access) == ("attacks", "pgd", "white-box")
    assert pgd.abilities == Abilities(("L2",), "within", "yes")
    assert (square.abilities, standard.abilities) == (None, None)
    assert pgd.module == "robustlib.attacks.pgd"
    assert pgd.summary == "Climb the loss from a random start inside the ball (as in eq. 3)."
    assert pgd.source.title == "Towards Deep Learning Models"
    assert (square.name, square.access, square.source) == ("square", "score", None)
    assert square.where == "section 3"
    assert (standard.room, standard.name, standard.access) == ("training", "standard", None)


def test_models_are_their_cards(project) -> None:
    (model,) = read(project).models
    assert model.name == "signs_robust"
    assert model.card["threat"] == {"norm": "Linf", "eps": 0.0314}
    assert model.card["classes_zh"] == ["停"]


def test_a_broken_card_says_where(project) -> None:
    (project / "robustlib/zoo/signs_robust.yaml").write_text("a: 1\na: 2\n")
    with pytest.raises(EntryError) as caught:
        read(project)
    assert caught.value.faults[0].line == 2


def test_benchmarks_are_the_tables_that_they_left(project) -> None:
    (benchmark,) = read(project).benchmarks
    assert (benchmark.name, benchmark.table.title) == ("pgd", "PGD beside a peer")
    assert benchmark.table.rows == ({"library": "ours", "s": 0.5}, {"library": "theirs", "s": 1})
    assert benchmark.table.notes == ("One thread.",)


def test_what_was_measured_of_a_method_is_found_by_its_name(project) -> None:
    rows = '[{"attack": "pgd", "library": "robustlib", "asked": 2, "kept": 1}]'
    text = f'{{"title": "T", "rows": {rows}, "notes": []}}'
    (project / "benchmarks/results/conformance.json").write_text(text)
    found = read(project)
    assert found.measured("pgd").promises == (1, 2)
    assert found.measured("square").promises is None


@pytest.mark.parametrize(
    ("wrong", "line"), [('"rows": []', 2), ('"rows": [{"s": null}]', 2), ('"row": [{"s": 1}]', 2)]
)
def test_a_table_that_nobody_can_show_says_where(project, wrong, line) -> None:
    text = '{"title": "T",\n' + wrong + ',\n"notes": []}'
    (project / "benchmarks/results/pgd.json").write_text(text)
    with pytest.raises(EntryError) as caught:
        read(project)
    assert line in {fault.line for fault in caught.value.faults}


def test_demos_are_their_docstrings(project) -> None:
    found = read(project)
    (demo,) = found.demos
    assert (demo.name, demo.id, demo.title) == (
        "attack_playground",
        "attack_playground",
        "Attack playground",
    )
    assert demo.summary == "Attack a classifier: choose a picture."
    assert demo.about == "What to try: both models."
    assert found.demo("attack_playground") is demo
    assert found.demo("other") is None
    assert found.method("pgd") is found.methods[0]


def test_a_page_shows_the_demos_that_it_holds_or_links_to(project) -> None:
    page = project / "docs" / "research" / "trust.md"
    page.parent.mkdir()
    page.write_text('<div data-demo="one">\n[x](../gallery/two/index.md?eps=1)\n', encoding="utf-8")
    assert read(project).shown == {"research/trust/": {"one", "two"}}


def test_an_empty_project_has_nothing(tmp_path) -> None:
    assert read(tmp_path) == Inventory()


@pytest.mark.parametrize(
    ("doc", "first"),
    [
        ("One. Two.", "One."),
        ("One\nline, e.g. This one. Two.", "One line, e.g. This one."),
        ("At 8.5 percent. Two", "At 8.5 percent."),
        ("No end", "No end"),
        ("", ""),
        ("First paragraph\n\nSecond.", "First paragraph"),
    ],
)
def test_the_first_sentence(doc: str, first: str) -> None:
    assert sentence(doc) == first
