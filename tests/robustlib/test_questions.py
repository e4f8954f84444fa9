import functools
from typing import Any

import pytest
import torch

from robustlib.errors import InputError
from robustlib.questions import (
    Access,
    Decision,
    DecisionBased,
    Gradient,
    ScoreBased,
    Scores,
    Transfer,
    WhiteBox,
    access_of,
)


def test_asking_hands_out_the_question_and_brings_back_the_answer() -> None:
    question = Gradient(torch.zeros(2, 3))
    talk = iter(question)
    assert next(talk) is question
    with pytest.raises(StopIteration) as end:
        talk.send("the answer")
    assert end.value.value == "the answer"


def test_levels_include_those_below() -> None:
    assert Decision.needs < Scores.needs < Gradient.needs
    assert str(Access.WHITE_BOX) == "white-box"


@pytest.mark.parametrize(
    ("annotation", "level"),
    [
        (WhiteBox, Access.WHITE_BOX),
        (ScoreBased, Access.SCORE),
        (DecisionBased, Access.DECISION),
        (Transfer, Access.DECISION),
    ],
)
def test_the_annotation_is_the_access_level(annotation, level) -> None:
    def mine(images: Any, *, draws: Any) -> Any:
        yield

    mine.__annotations__["return"] = annotation
    assert access_of(mine) == level
    assert access_of(functools.partial(functools.partial(mine), images=1)) == level


def test_an_attack_without_a_level_is_refused() -> None:
    def mine(images: Any):
        yield

    with pytest.raises(InputError, match="WhiteBox"):
        access_of(mine)
    with pytest.raises(InputError, match=r"attacks\['mine'\] is one"):
        access_of("mine")
