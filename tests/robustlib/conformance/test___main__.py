import json

from robustlib.conformance.__main__ import main


def test_it_tells_each_case_and_writes_it(tmp_path, capsys) -> None:
    file = tmp_path / "found.json"
    code = main(["robustlib:pgd Linf", "--case", "few_classes", "--json", str(file)])
    shown = capsys.readouterr().out
    assert code == 0
    assert "robustlib:pgd Linf (Linf), 1/1" in shown
    assert "kept    few classes" in shown
    found = {"few_classes": {"kept": True, "told": "2, 3 and 100 run"}}
    assert json.loads(file.read_text()) == {"robustlib:pgd Linf": found}


def test_a_broken_promise_is_exit_code_1(capsys) -> None:
    assert main(["robustlib:fgsm L2", "--case", "small_net"]) in (0, 1)
    assert main(["foolbox:LinfPGD", "--case", "few_classes"]) == 1  # not installed here
    assert "ModuleNotFoundError" in capsys.readouterr().out


def test_an_unknown_name_is_exit_code_2(capsys) -> None:
    assert main(["robustlib:pgdd"]) == 2
    assert main(["robustlib:pgd", "--case", "plane"]) == 2
    assert "planes_open" in capsys.readouterr().err
