"""How-to pages can be followed: their commands run in order, their entries are right."""

import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from robustlib.attacks.pgd import pgd
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.threats import Linf
from rostra.laboratory.loading import model_of

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "how-to").glob("*.md"))
HUBS = Path(__file__).with_name("hubs")
BLOCK = re.compile(r"^```(sh|yaml|python)\n(.*?)^```", re.DOTALL | re.MULTILINE)
FILES = {"yaml": r"`(seminars/[\w/.-]+\.yaml)`", "python": r"`(\w+\.py)`"}
CONTENT = ("seminars", "demos")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in CONTENT:
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def pictures(project: Path) -> Path:
    """What a reader brings along: a photo, pictures with labels, an ONNX file."""
    levels = np.random.default_rng(0).integers(0, 256, (6, 3, 40, 50), dtype=np.uint8)
    Image.fromarray(levels[0].transpose(1, 2, 0)).resize((300, 240)).save(project / "photo.jpg")
    np.savez(project / "pictures.npz", images=levels.astype("float32") / 255, labels=np.arange(6))
    (project / "model.onnx").write_bytes(b"")
    return project


@pytest.fixture
def hubs(project: Path) -> Path:
    """Stand-ins for packages whose models come from elsewhere: modules beside the reader's own."""
    for file in HUBS.glob("*.py"):
        shutil.copy(file, project)
    return project


def follow(page: Path, project: Path) -> list[str]:
    """Do what a page says: run its commands, write its entries to the file named before them."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    said = []
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block[1] != "sh":
            keep(block, project)
            continue
        done = subprocess.run(
            ["bash", "-euc", block[2]],
            cwd=project,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{page.name}: {block[2]}{done.stdout}{done.stderr}"
        said.append(done.stdout + done.stderr)
    return said


def keep(block: re.Match[str], project: Path) -> None:
    """Write what is no command to the file that was named last before it."""
    file = re.findall(FILES[block[1]], block.string[: block.start()])[-1]
    (project / file).write_text(block[2], encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
@pytest.mark.usefixtures("pictures", "hubs")
def test_a_page_can_be_followed_to_its_end(page: Path, project: Path) -> None:
    said = follow(page, project)
    assert said
    assert all(said)


def test_a_wrong_step_would_be_seen(project: Path, tmp_path: Path) -> None:
    page = tmp_path / "wrong.md"
    page.write_text("```sh\nrostra check nowhere\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="nowhere"):
        follow(page, project)


OWN = ROOT / "docs" / "how-to" / "attack-your-own-model.md"


@pytest.mark.usefixtures("pictures", "hubs")
def test_every_models_function_on_the_page_builds_what_can_be_attacked(project: Path) -> None:
    """In [0, 1] to logits, in eval mode, and a normalisation inside where the hub has one."""
    for block in BLOCK.finditer(OWN.read_text(encoding="utf-8")):
        if block[1] == "python":
            keep(block, project)
    for name in ("from_torchvision", "from_timm", "from_hugging_face", "from_onnx"):
        script = (
            f"import torch\nfrom rostra.laboratory.loading import model_of\n"
            f"model = model_of('{name}.py:build')\n"
            "assert not any(module.training for module in model.modules())\n"
            "one = model(torch.full((2, 3, 64, 64), 0.5))\n"
            "assert one.shape == (2, 1000), one.shape\n"
            "print(any(module.training for module in model.modules()), hasattr(model, 'mean'))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=project, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.split() == ["False", str(name != "from_onnx")]


@pytest.mark.onnx
@pytest.mark.usefixtures("pictures")
def test_a_real_onnx_file_is_the_model_that_it_was(project: Path) -> None:
    """Exported as the page says, read by onnx2torch itself: the same logits, and a gradient."""
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 38 * 48, 5))
    shown = torch.rand(3, 3, 40, 50, generator=torch.Generator().manual_seed(0))
    export = re.search(r"`(torch\.onnx\.export\(.*?\))`", OWN.read_text(encoding="utf-8"))
    assert export
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of itself
        line = export[1].replace('"model.onnx"', repr(str(project / "model.onnx")))
        eval(line, {"torch": torch, "net": net.eval(), "images": shown[:1]})
    block = next(one for one in BLOCK.finditer(OWN.read_text("utf-8")) if "onnx2torch" in one[2])
    (project / "from_onnx.py").write_text(block[2], encoding="utf-8")
    with warnings.catch_warnings():
        for theirs in ("onnx2torch", "torchvision"):
            warnings.filterwarnings("ignore", module=theirs)
        model = model_of(f"{project / 'from_onnx.py'}:build")
    assert torch.allclose(model(shown), net(shown), atol=1e-5)
    goal = Misclassify(net(shown).argmax(1))
    ours = attack(net, shown, goal, Linf(0.1), pgd)
    assert torch.equal(attack(model, shown, goal, Linf(0.1), pgd).success, ours.success)
    assert bool(ours.success.any())
