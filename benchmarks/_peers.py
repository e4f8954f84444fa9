"""Other people's libraries, installed for a benchmark only, never into the environment."""

import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).parents[1] / ".venv-peers"
PINS = (
    "adv-lib==0.2.8",
    "adversarial-robustness-toolbox==1.20.1",
    "eagerpy==0.30.0",
    "foolbox==3.3.4",
    "gitdb==4.0.12",
    "gitpython==3.2.1",
    "pyautoattack==0.2.0",
    "secml-torch==1.5",
    "smmap==5.0.3",
    "torchattacks==3.5.1",
)
STUBBED = "torchvision", "visdom"


def install() -> None:
    """Put the peers on the path, without their dependencies: torch and numpy stay ours."""
    stamp = FOLDER / "pins.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != "\n".join(PINS):
        stamp.unlink(missing_ok=True)  # while they are half in, none is there
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade"]
        subprocess.run([*pip, "--target", str(FOLDER), *PINS], check=True)
        stamp.write_text("\n".join(PINS), encoding="utf-8")
    sys.path.append(str(FOLDER))
    for name in STUBBED:
        sys.modules.setdefault(name, _stub(name))


def _stub(name: str) -> ModuleType:
    """Stand in for what some peers import and the measured attacks never call."""
    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, None)
    module.__dict__.update(models=None, Visdom=None)
    return module
