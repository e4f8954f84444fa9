"""A kept piece of the long comparison is used again for the same work only."""

from pathlib import Path

import pytest
import torch

from benchmarks import zoo_strength
from robustlib.card import Card
from robustlib.data._base import Dataset
from robustlib.run import zoo


def pictures(shade: float = 0.5, label: int = 0) -> Dataset:
    images = torch.full((2, 1, 2, 2), shade)
    return Dataset(images, torch.full((2,), label), ("a", "b"), ("甲", "乙"))


CARD = zoo()["signs_robust"]
L2 = CARD.threat.model_copy(update={"norm": "L2"})
WIDER = CARD.threat.model_copy(update={"eps": 0.04})


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pieces that have been asked for; none is computed."""
    asked: list[str] = []
    monkeypatch.setattr(zoo_strength, "kept", lambda name, _: asked.append(name))
    return asked


@pytest.mark.parametrize(
    ("card", "shown", "settings"),
    [
        ({"sha256": "0" * 64}, pictures(), {}),
        ({"threat": L2}, pictures(), {}),
        ({"threat": WIDER}, pictures(), {}),
        ({}, pictures(shade=0.25), {}),
        ({}, pictures(label=1), {}),
        ({}, pictures().take(torch.arange(1)), {}),
        ({"seed": 1}, pictures(), {"SEED": 1}),
        ({}, pictures(), {"MARGIN": {**zoo_strength.MARGIN, "halvings": 6}, "PEER": "0.3"}),
        ({}, pictures(), {"TOWARDS": {**zoo_strength.TOWARDS, "halvings": 6}, "PEER": "0.3"}),
        ({}, pictures(), {"SQUARE": {"steps": 501}, "PEER": "0.3"}),
    ],
)
def test_what_a_verdict_depends_on_names_its_piece(card, shown, settings, done, monkeypatch):
    def ask(card: Card, shown: Dataset) -> None:
        zoo_strength.ours(card, shown)
        zoo_strength.theirs(card, shown, 0)

    ask(CARD, pictures())
    ask(CARD.model_copy(), pictures())
    for name, value in settings.items():
        monkeypatch.setattr(zoo_strength, name, value)
    ask(CARD.model_copy(update=card), shown)
    assert done[:2] == done[2:4]
    assert not set(done[:4]) & set(done[4:])


def test_a_piece_is_computed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zoo_strength, "KEPT", tmp_path)
    name = zoo_strength.piece("robustlib", CARD, pictures())
    first = zoo_strength.kept(name, lambda: {"robust": [True, False]})
    assert zoo_strength.kept(name, lambda: pytest.fail("computed again")) == first
