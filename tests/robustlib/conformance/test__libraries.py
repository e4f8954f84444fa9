import sys
from types import ModuleType

import pytest

from robustlib.attacks import attacks
from robustlib.conformance._libraries import named
from robustlib.errors import UnknownNameError
from robustlib.threats import L2, Linf


def test_a_name_without_a_norm_means_all_norms() -> None:
    assert [str(each) for each in named("robustlib:deepfool")] == [
        "robustlib:deepfool Linf",
        "robustlib:deepfool L2",
        "robustlib:deepfool L1",
    ]
    (one,) = named("robustlib:pgd L2")
    assert (one.norm, one.minimal) == (L2, False)
    assert [str(each) for each in named("robustlib:PGD l2")] == [str(one)]


def test_a_library_means_all_its_attacks(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "foolbox", ModuleType("foolbox"))
    ours = {each.name.split()[0] for each in named("robustlib")}
    patches, shared = {"lavan", "adversarial_patch"}, {"universal"}  # no norm, no row of its own
    others = {"eot", "transfer", "noise", "spatial", "ace"}
    assert ours == set(attacks) - others - patches - shared
    assert {each.norm for each in named("foolbox")} >= {Linf, L2}


@pytest.mark.parametrize(
    ("written", "told"),
    [("folbox:PGD", "foolbox"), ("robustlib:pgdd", "pgd"), ("foolbox:LinfPDG", "LinfPGD")],
)
def test_an_unknown_name_suggests_the_nearest(written, told) -> None:
    with pytest.raises(UnknownNameError, match=told):
        list(named(written))
