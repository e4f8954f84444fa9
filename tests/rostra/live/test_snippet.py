"""Repeat in Python: the code runs as it stands and gives the page's verdicts and bytes."""

import base64
import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from rostra.live import pictures, pixels, player
from rostra.live.player import View, play
from rostra.live.settings import Settings, Source


def drawing() -> str:
    image = Image.new("L", (280, 280))
    ImageDraw.Draw(image).line((150, 30, 120, 250), fill=255, width=26)
    file = io.BytesIO()
    image.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def photo() -> str:
    image = Image.radial_gradient("L").convert("RGB").resize((90, 70))
    return pixels.uri(pixels.from_png(_png(image)))


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


RUNS = {
    "a sign": Settings(Source("signs", index=0), steps=7, eps=4),
    "a digit, to a target, in L2": Settings(
        Source("digits", index=3), attack="pgd", threat="l2", eps=1.5, steps=5, goal=8
    ),
    "a drawing": Settings(Source("digits", "drawn", data=drawing()), steps=5, eps=20),
    "a photo, by queries": Settings(
        Source("signs", "file", data=photo()), attack="square", steps=2, eps=16
    ),
    "one model attacked, the other one shown": Settings(
        Source("signs", index=0), steps=7, eps=8, victim="standard"
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_it_runs_and_repeats(name: str, tmp_path: Path) -> None:
    *_, view = play(RUNS[name], "en")
    script = tmp_path / "repeat.py"
    script.write_text(view["python"], encoding="utf-8")
    said = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    for side in player.MODELS:
        check(view, side, said, tmp_path)


def check(view: View, side: str, said: str, folder: Path) -> None:
    shown = view["models"][side]
    model = f"{view['set']}_{side}"
    made_for = f"{view['set']}_standard" if shown["phase"] in ("transfers", "resists") else model
    label = shown["before"][0] if view["label"] is None else view["label"]
    names = pictures.held(view["set"]).classes
    read = names[shown["probs"][0][0]]
    assert f"made for {made_for}, {names[label]!r}: {model} reads {read!r}\n" in said
    page = base64.b64decode(shown["picture"].removeprefix(pixels.URI))
    assert (folder / f"{made_for}.png").read_bytes() == page


def test_the_code_is_plain_and_short() -> None:
    *_, view = play(RUNS["a sign"], "zh")
    code = view["python"]
    compile(code, "repeat.py", "exec")
    assert len(code.splitlines()) < 45
    assert max(map(len, code.splitlines())) <= 100
    assert "Linf(4 / 255)" in code
