"""Models of the zoo and of users' own files; a slip of theirs gets one message."""

import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from robustlib.errors import DataError, InputError, RobustlibError, UnknownNameError
from robustlib.run import load_model
from rostra.laboratory.loading import model_of, place_of

HEAD = "import torch\nfrom torch import nn\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder: Path, body: str, name: str = "mine.py") -> str:
    (folder / name).write_text(HEAD + body, encoding="utf-8")
    return f"{name}:build"


def test_a_name_is_the_zoos() -> None:
    images = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    assert torch.equal(model_of("signs_robust")(images), load_model("signs_robust")(images))


def test_what_a_function_builds_comes_in_eval_mode_on_the_device(folder: Path) -> None:
    spec = written(folder, "def build():\n    return nn.Sequential(nn.Flatten(), nn.Dropout(0.5))")
    model = model_of(spec, torch.device("meta"))
    assert isinstance(model, nn.Module)
    assert not any(module.training for module in model.modules())
    held = model_of(written(folder, "def build():\n    return nn.Linear(2, 2)"), "cpu")
    assert held(torch.zeros(1, 2)).shape == (1, 2)


def test_a_callable_that_is_no_module_and_a_model_that_stands_there_are_taken(folder: Path) -> None:
    plain = model_of(written(folder, "def build():\n    return lambda images: images.flatten(1)"))
    assert plain(torch.ones(1, 1, 2, 2)).tolist() == [[1, 1, 1, 1]]
    ready = model_of(written(folder, "build = nn.Linear(3, 2)"))
    assert isinstance(ready, nn.Linear)
    assert not ready.training


def test_a_file_may_be_anywhere_and_import_what_lies_beside_it(folder: Path) -> None:
    inner = folder / "a: b"
    inner.mkdir()
    (inner / "beside_it.py").write_text("CLASSES = 5\n", encoding="utf-8")
    body = "def build(classes=0, **more):\n    import beside_it\n"
    written(inner, f"{body}    return nn.Linear(4, beside_it.CLASSES)", "torch.py")
    before = list(sys.path)
    model = model_of(f"{inner / 'torch.py'}:build")
    assert isinstance(model, nn.Linear)
    assert model.out_features == 5
    assert sys.path == before
    assert sys.modules["torch"] is torch


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        ("def built():\n    pass", UnknownNameError, "did you mean 'built'"),
        ("def build(width):\n    pass", InputError, "it wants width: give defaults"),
        (
            "build = 3",
            InputError,
            "build in mine.py is a function that returns a model, not an int",
        ),
        ("def build():\n    return 'x'", InputError, "to logits, not a str"),
        ("def build():\n    return 1 / 0", InputError, r"mine.py:4: build\(\) fails: ZeroDivision"),
        ("import no_such_thing", InputError, r"mine.py:3: it fails: ModuleNotFoundError"),
        ("def build(:", InputError, r"mine.py:3: it fails: SyntaxError"),
        ("raise ValueError", InputError, "mine.py:3: it fails: ValueError$"),
    ],
    ids=lambda value: value.splitlines()[-1] if isinstance(value, str) else "",
)
def test_a_slip_is_told_with_its_place(
    folder: Path, body: str, kind: type[RobustlibError], said: str
) -> None:
    with pytest.raises(kind, match=said):
        model_of(written(folder, body))


@pytest.mark.parametrize("spec", ["nowhere.py:build", "mine.txt:build", ":build", "mine:build"])
def test_what_is_no_python_file_is_refused(folder: Path, spec: str) -> None:
    (folder / "mine.txt").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match=r"a name of the zoo or file\.py:function"):
        model_of(spec)


def test_an_unknown_name_and_an_unknown_device_are_told(folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="signs_standard"):
        model_of("signs_standart")
    with pytest.raises(InputError, match="'gpu' cannot be used"):
        model_of(written(folder, "def build():\n    return nn.Linear(2, 2)"), "gpu")


def test_what_the_library_refuses_in_the_file_is_told_as_it_is(folder: Path) -> None:
    body = "from robustlib.run import load_model\ndef build():\n    return load_model('nobody')"
    with pytest.raises(UnknownNameError, match="no model named 'nobody'"):
        model_of(written(folder, body))


def test_a_place_is_the_last_line_of_ones_own_below_which_only_libraries_are(folder: Path) -> None:
    (folder / "beside_too.py").write_text("import json\n\nread = json.loads\n", encoding="utf-8")
    body = "def build():\n    import beside_too\n    return beside_too.read('{')"
    with pytest.raises(InputError, match=r"mine\.py:5: .* JSONDecodeError") as caught:
        model_of(written(folder, body))
    assert isinstance(caught.value.__cause__, ValueError)
    assert place_of(caught.value.__cause__) == "mine.py:5"


def test_where_nobody_elses_line_is_there_is_no_place() -> None:
    model = load_model("signs_robust")
    with pytest.raises(RuntimeError) as caught:
        model(torch.zeros(1, 5, 32, 32))
    error = caught.value
    assert place_of(error).startswith(f"{__file__}:")  # whoever calls is one's own
    error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
    assert place_of(error) == ""
