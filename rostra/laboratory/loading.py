"""Models by what stands at the command line: a name of the zoo, or a function in a Python file."""

import sys
import sysconfig
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import Parameter, signature
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from robustlib.types import Classifier


def model_of(spec: str, device: "str | torch.device" = "cpu") -> "Classifier":
    """The model that a word names, in eval mode on a device.

    Args:
        spec: A name of the zoo, or `file.py:function`: the function takes nothing and returns a
            classifier, images in [0, 1] to logits. The file is run, and may import what lies
            beside it; a model that stands in it built is taken as it is.
        device: Where to put it; a callable that is no `torch.nn.Module` stays where it is.

    Returns:
        The model.

    Raises:
        UnknownNameError: No model of that name, or no function of that name in the file.
        DataError: There is no such file.
        InputError: The file or the function fails, or what it returns is no model.
    """
    from robustlib.run import load_model

    file, colon, name = spec.rpartition(":")
    return _placed(_built(Path(file), name), spec, device) if colon else load_model(spec, device)


def _built(file: Path, name: str) -> Any:
    from torch import nn

    with _beside(file):
        found = _named(_module_of(file), name, file)
        if isinstance(found, nn.Module):
            return found
        _check_builder(found, name, file)
        with _told(file, f"{name}()"):
            return found()


def _placed(model: Any, spec: str, device: "str | torch.device") -> "Classifier":
    from torch import nn

    from robustlib.errors import InputError
    from robustlib.run import device_of

    if isinstance(model, nn.Module):
        return model.to(device_of(str(device))).eval()
    if callable(model):
        return model
    raise InputError(
        f"{spec} returns a model, a callable from images in [0, 1] to logits, not "
        f"{_a(type(model).__name__)}: return the torch.nn.Module itself"
    )


def _module_of(file: Path) -> ModuleType:
    from robustlib.errors import DataError

    if not file.is_file() or file.suffix != ".py":
        raise DataError(
            f"a model is a name of the zoo or file.py:function, and {str(file)!r} is no Python "
            f"file in {Path.cwd()}: give its path, as models/mine.py:build"
        )
    name = f"rostra_model_{file.stem}"  # a file may be called as a package is: torch.py
    module = sys.modules[name] = ModuleType(name)  # there: dataclasses look it up
    module.__file__ = str(file)
    with _told(file, "it"):
        exec(compile(file.read_bytes(), file, "exec"), vars(module))
    return module


def _named(module: ModuleType, name: str, file: Path) -> Any:
    from robustlib.errors import UnknownNameError

    if not hasattr(module, name):
        known = [each for each, thing in vars(module).items() if _own(thing, module)]
        raise UnknownNameError(name, known, kind=f"function in {file}")
    return getattr(module, name)


def _own(thing: Any, module: ModuleType) -> bool:
    return callable(thing) and getattr(thing, "__module__", None) == module.__name__


def _check_builder(found: Any, name: str, file: Path) -> None:
    from robustlib.errors import InputError

    if not callable(found):
        came = _a(type(found).__name__)
        raise InputError(f"{name} in {file} is a function that returns a model, not {came}")
    if wanted := _wanted(found):
        raise InputError(
            f"{name} in {file} is called with nothing and returns a model, but it wants "
            f"{', '.join(wanted)}: give defaults, or write a function that does"
        )


def _wanted(function: Callable[..., Any]) -> list[str]:
    """The arguments without which a function cannot be called."""
    try:
        known = signature(function).parameters.values()
    except ValueError:  # written in C, some do not say
        return []
    loose = Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD
    return [each.name for each in known if each.default is each.empty and each.kind not in loose]


def _a(word: str) -> str:
    return f"an {word}" if word[0].lower() in "aeiou" else f"a {word}"


@contextmanager
def _beside(file: Path) -> Iterator[None]:
    """As `python file.py` does: what lies beside it can be imported."""
    folder = str(file.parent.resolve())
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)


@contextmanager
def _told(file: Path, what: str) -> Iterator[None]:
    """One message with the line of the user's own file, instead of a traceback through ours."""
    from robustlib.errors import InputError, RobustlibError

    try:
        yield
    except RobustlibError:
        raise
    except Exception as error:
        raise InputError(f"{place_of(error) or file}: {what} fails: {said(error)}") from error


def place_of(error: Exception) -> str:
    """Where users' own code was when it was raised, as `mine.py:3`; empty where none was."""
    if isinstance(error, SyntaxError) and error.lineno:
        return f"{error.filename}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [f"{one.filename}:{one.lineno}" for one in frames if _is_own(one.filename)]
    return own[-1] if own else ""


def _is_own(file: str) -> bool:
    """Whether it is neither Python's, nor installed, nor ours: what users look into first."""
    path = Path(file).resolve()
    return not file.startswith("<") and not any(map(path.is_relative_to, _others()))


def _others() -> set[Path]:
    import robustlib

    kinds = "stdlib", "platstdlib", "purelib", "platlib"
    installed = {sysconfig.get_path(kind) for kind in kinds}
    ours = {str(Path(__file__).parents[1]), *robustlib.__path__}
    return {Path(folder).resolve() for folder in installed | ours}


def said(error: Exception) -> str:
    """What was raised, and its words where it has any."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
