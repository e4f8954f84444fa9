import json
import sys

from robustlib.conformance.__main__ import main
from tests.robustlib.conformance._stubs import Recorder, install


def test_it_tells_each_case_and_writes_it(tmp_path, capsys) -> None:
    file = tmp_path / "found.json"
    code = main(["robustlib:pgd Linf", "--case", "few_classes", "--json", str(file)])
    shown = capsys.readouterr().out
    assert code == 0
    assert "robustlib:pgd Linf (Linf, steps 40), 1/1" in shown
    assert "kept    few classes" in shown
    (found,) = json.loads(file.read_text()).values()
    assert found["norm"] == "Linf"
    assert found["cases"] == {"few_classes": {"kept": True, "told": "2, 3 and 100 run"}}


def test_a_run_that_was_stopped_goes_on(tmp_path, capsys, monkeypatch) -> None:
    install(monkeypatch, "foolbox", Recorder(lambda *given, **options: 1 / 0))
    file = tmp_path / "found.json"
    asked = ["foolbox:LinfPGD", "--json", str(file), "--resume", "--case"]
    assert main([*asked, "company"]) == 1
    assert main([*asked, "company", "--case", "failures"]) == 1
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in shown if "BROKEN" in line] == [
        "company",
        "company",
        "failures",
    ]
    assert ["before" in line for line in shown if "BROKEN" in line] == [False, True, False]


def test_a_broken_promise_is_exit_code_1(capsys, monkeypatch) -> None:
    install(monkeypatch, "foolbox", Recorder(lambda *given, **options: 1 / 0))
    assert main(["foolbox:LinfPGD", "--case", "company"]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_a_library_that_is_not_there_has_broken_nothing(capsys, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "foolbox", None)  # as where it is not installed
    assert main(["foolbox:LinfPGD"]) == 2
    told = capsys.readouterr()
    assert "foolbox cannot be asked here, install it first" in told.err
    assert "BROKEN" not in told.out


def test_an_unknown_name_is_exit_code_2(capsys) -> None:
    assert main(["robustlib:pgdd"]) == 2
    assert main(["robustlib:pgd", "--case", "plane"]) == 2
    assert "planes_open" in capsys.readouterr().err


def test_what_is_not_put_to_a_kind_of_attack_is_told_with_the_kind(capsys) -> None:
    assert main(["robustlib:fmn L2", "--case", "noise"]) == 0
    assert "not put to this kind: smallest change" in capsys.readouterr().out


def test_options_that_are_not_the_attacks_own_are_told(capsys) -> None:
    main(["robustlib:ti_fgsm Linf", "--case", "few_classes"])
    assert "robustlib:ti_fgsm Linf (Linf, steps 40, kernel 3), 1/1" in capsys.readouterr().out
