import pytest

from robustlib import errors


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (errors.InputError, ValueError),
        (errors.ThreatError, ValueError),
        (errors.ModelError, RuntimeError),
        (errors.AccessError, PermissionError),
        (errors.ServingError, RuntimeError),
        (errors.DataError, OSError),
        (errors.RecipeError, ValueError),
    ],
)
def test_each_error_is_also_the_builtin_that_it_resembles(error, builtin) -> None:
    with pytest.raises(builtin, match="why"):
        raise error("why")
    assert issubclass(error, errors.RobustlibError)


def test_the_drawn_tree_is_complete() -> None:
    named = {
        name
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, errors.RobustlibError)
    }
    assert all(name in errors.__doc__ for name in named)


def test_an_unknown_name_suggests_the_nearest() -> None:
    error = errors.UnknownNameError("pdg", ["pgd", "square"], kind="attack")
    assert isinstance(error, KeyError)
    assert str(error) == "no attack named 'pdg'; did you mean 'pgd'? There are: pgd, square"
    assert "did you mean 'pgd'?" in str(errors.UnknownNameError("PGD", ["pgd", "square"]))
    assert str(errors.UnknownNameError("x", [])) == "no entry named 'x'. There are: none yet"
