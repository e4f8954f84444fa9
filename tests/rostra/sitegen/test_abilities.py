"""What a docstring says that its attack can do."""

import pytest

from rostra.sitegen.abilities import Abilities, arguments, read

DOC = """\
Climb the loss.

x ← x + s

Args:
    images: Clean.
    goal: {goal}
    threat: {threat}
    draws: The rows' random streams.

Returns:
    threat: Not this one, `L0`.
"""


@pytest.mark.parametrize(
    ("threat", "threats", "finds"),
    [
        ("`L2` or `Linf` of finite eps. In `L1` it is slow.", ("Linf", "L2"), "within"),
        ("A `Patch` with a size and of finite eps.", ("Patch",), "within"),
        ("`L0`: its norm\n        is the distance. With a finite eps it ends.", ("L0",), "nearest"),
        ("`L1`. With `eps=inf` too a row ends at its first success.", ("L1",), "first"),
        ("Any that the attack knows.", (), "inside"),
    ],
)
def test_threats_are_named_first_and_a_ball_is_said_with_them(threat, threats, finds) -> None:
    said = read(DOC.format(goal="Any.", threat=threat))
    assert said == Abilities(threats, finds, "yes")


@pytest.mark.parametrize(
    ("goal", "targets"),
    [
        ("What to climb.", "yes"),
        ("What is wanted; only `Misclassify` has several classes.", "yes"),
        ("Only `Misclassify`: any class.", "no"),
        ("What is wanted; a `Target`\n        needs starts.", "starts"),
    ],
)
def test_a_chosen_class_is_served_unless_the_goal_says_otherwise(goal, targets) -> None:
    said = read(DOC.format(goal=goal, threat="`L2`."))
    assert said is not None
    assert said.targets == targets


@pytest.mark.parametrize("doc", ["", "One.", "Args:\n    images: Clean.\n    goal: Any.\n"])
def test_what_takes_no_threat_model_is_no_attack(doc: str) -> None:
    assert read(doc) is None


def test_arguments_end_where_the_next_section_begins() -> None:
    found = arguments(DOC.format(goal="One\n        line.", threat="`L2`."))
    assert list(found) == ["images", "goal", "threat", "draws"]
    assert found["goal"] == "One line."
