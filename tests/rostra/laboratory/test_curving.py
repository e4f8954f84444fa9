"""What may stand at the command line for radii, norms, attacks and pictures."""

import pytest
import typer

from robustlib.errors import InputError, UnknownNameError
from rostra.laboratory.curving import Asked, attacks_of, is_grid, norm_of, pictures_for, radii_of


def test_a_range_has_both_ends_and_what_is_written_is_meant_to_the_bit() -> None:
    found = radii_of("0:16/255", None, "Linf")
    assert found == tuple(2 * level / 255 for level in range(9))
    assert radii_of(" 1 / 255 : 5/255 ", 3, "Linf") == (1 / 255, 3 / 255, 5 / 255)
    assert radii_of("0,2/255,4/255", None, "Linf") == (0, 2 / 255, 4 / 255)
    assert radii_of("8/255", None, "Linf") == (0, 8 / 255)
    assert radii_of("0", None, "Linf") == (0,)


@pytest.mark.parametrize(
    ("text", "points", "said"),
    [
        ("eight", None, "'eight' is no radius"),
        ("0:x", None, "'x' is no radius"),
        ("0:", None, "'' is no radius"),
        ("0,,1", None, "'' is no radius"),
        ("0:1:2", None, "no radius"),
        ("-1:1", None, "'-1' is no radius"),
        ("1e400", None, "'1e400' is no radius"),
        ("8 255", None, "'8 255' is no radius"),
        ("1/0", None, "no radius"),
        ("4/255:4/255", None, "rise from left to right"),
        ("16/255:0", None, "rise from left to right"),
        ("0,4/255,2/255", None, "rise from left to right"),
        ("8/255", 5, "--points are those of a range"),
        ("0,1/255", 5, "--points are those of a range"),
    ],
)
def test_what_is_no_grid_is_refused_with_all_that_would_be(text, points, said) -> None:
    with pytest.raises(typer.BadParameter) as refused:
        radii_of(text, points, "Linf")
    assert said in refused.value.message
    assert "0:16/255" in refused.value.message
    assert refused.value.param_hint == "--eps"


def test_a_grid_is_told_from_a_radius() -> None:
    assert [is_grid(each) for each in (None, "8/255", "0:8/255", "0,1")] == [
        False,
        False,
        True,
        True,
    ]


def test_names_are_looked_up_and_slips_told() -> None:
    assert norm_of("LINF") == "Linf"
    with pytest.raises(UnknownNameError, match="no norm named 'l3'"):
        norm_of("l3")
    assert attacks_of("pgd, fgsm,pgd") == ("pgd", "fgsm")
    with pytest.raises(UnknownNameError, match="did you mean 'pgd'"):
        attacks_of("fgsm,pdg")


def test_a_model_without_a_card_needs_its_data_named() -> None:
    with pytest.raises(InputError, match="--data takes"):
        pictures_for("mine.py:build", None, None)
    assert len(pictures_for("mine.py:build", "signs", 3)) == 3
    assert len(pictures_for("signs_robust", None, 3)) == 3


def test_a_models_name_is_without_its_folders() -> None:
    asked = Asked("a/b/mine.py:build", "Linf", (0.0,), ("pgd",))
    assert asked.name == "mine.py:build"
