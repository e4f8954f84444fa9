"""A run as Python that anyone can paste: the same pictures, the same verdicts, the same bytes."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from rostra.live import pictures
from rostra.live.settings import Settings

_WIDE = 88


def python(
    run: Settings,
    png: str | None,
    labels: Mapping[str, int],
    readers: Sequence[str],
    options: Mapping[str, Any],
) -> str:
    """Write a run as code.

    Args:
        run: The settings.
        png: Base64 of the picture's PNG where it is none of the test pictures.
        labels: The class that each attacked model is to be led away from.
        readers: All models: each reads every picture that is made.
        options: What the attack and the engine are called with.

    Returns:
        A script that needs `pip install 'rostra[lab]'` and nothing else.
    """
    against = " and ".join(labels)
    fetched = _inlined(png) if png else f"images = {pictures.code(run.source)}"
    data = run.source.set
    goal = "Misclassify" if run.goal is None else "Target"
    wanted = "label" if run.goal is None else str(run.goal)
    threat = run.scale.code.format(run.eps)
    called = "".join(f", {name}={value!r}" for name, value in options.items())
    return (
        f'"""{run.attack} within {threat} of one picture, against {against}; seed {run.seed}."""\n'
        f"\n{'import base64' if png else ''}{chr(10) * bool(png)}from pathlib import Path\n\n"
        "import torch\n\n"
        "from robustlib.attacks import attacks\n"
        f"from robustlib.data.{data} import {data}\n"
        "from robustlib.engine import attack\n"
        f"from robustlib.goals import {goal}\n"
        "from robustlib.run import load_model\n"
        f"from robustlib.threats import {threat.partition('(')[0]}\n"
        f"from rostra.live.pixels import {'from_png, ' if png else ''}"
        "png, to_bytes, to_floats, towards\n\n"
        "torch.set_num_threads(1)  # as on the server: the sums are rounded in the same order\n"
        f"{fetched}\n"
        "clean = to_bytes(images[0])  # all begins and ends with 8 bits\n"
        f"classes = {pictures.DATA[data]}.classes\n"
        f"for name, label in {dict(labels)!r}.items():\n"
        "    model = load_model(name)\n"
        f"    goal = {goal}(torch.tensor([{wanted}]))\n"
        "    result = attack(\n"
        f"        model, to_floats(clean)[None], goal, {threat}, attacks[{run.attack!r}],\n"
        f"        seed={run.seed}, exact=True{called},\n"
        "    )\n"
        "    adversarial = towards(clean, result.adversarial[0])\n"
        '    Path(f"{name}.png").write_bytes(png(adversarial))\n'
        f"    for reader in {list(readers)!r}:\n"
        "        with torch.no_grad():\n"
        "            says = load_model(reader)(to_floats(adversarial)[None]).argmax()\n"
        '        print(f"made for {name}, {classes[label]!r}: {reader} reads {classes[says]!r}")\n'
    )


def _inlined(png: str) -> str:
    lines = "".join(f'    "{line}"\n' for line in textwrap.wrap(png, _WIDE))
    return f"picture = (\n{lines})\nimages = to_floats(from_png(base64.b64decode(picture)))[None]"
