"""The closest classes of the signs, as the robust model confuses them, in one picture."""

from itertools import combinations
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from robustlib.attacks import attacks
from robustlib.data._base import Dataset
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.losses import margin
from robustlib.recipe import recipe
from robustlib.run import ZOO, load_model, pictures_of, threat_of, zoo

ROOT = Path(__file__).parents[1]
FILE = Path("docs/assets/zoo/signs.png")
PAIRS, EACH, SCALE, GAP = 6, 4, 3, 4


def confusions(pictures: Dataset) -> Tensor:
    """How often PGD makes the robust model take one class for another, [k, k]."""
    card = zoo()["signs_robust"]
    model, goal = load_model(card.name), Misclassify(pictures.labels, measure=margin)
    pgd, threat = attacks["pgd"], threat_of(card.threat)
    result = attack(model, pictures.images, goal, threat, pgd, steps=40)
    with torch.no_grad():
        named = model(result.adversarial).argmax(dim=1)
    classes = len(pictures.classes)
    places = (pictures.labels * classes + named)[result.success]
    return torch.bincount(places, minlength=classes**2).view(classes, classes)


def closest(counted: Tensor) -> list[tuple[int, int, int]]:
    """Pairs of classes and how often either was taken for the other, most often first."""
    pairs = combinations(range(len(counted)), 2)
    found = [(int(counted[i, j] + counted[j, i]), i, j) for i, j in pairs]
    return [(i, j, count) for count, i, j in sorted(found, reverse=True)[:PAIRS]]


def montage(pictures: Dataset, pairs: list[tuple[int, int, int]]) -> Image.Image:
    """A row for each pair: some pictures of the one, then of the other."""
    side = pictures.images.shape[-1]
    cell, half = side + GAP, EACH * (side + GAP)
    canvas = np.full((len(pairs) * cell + GAP, 2 * half + 3 * GAP, 3), 255, dtype=np.uint8)
    for line, (first, second, _) in enumerate(pairs):
        for column, label in enumerate((first, second)):
            shown = pictures.images[pictures.labels == label][:EACH]
            for place, image in enumerate(shown):
                top, left = GAP + line * cell, GAP + column * (half + GAP) + place * cell
                bytes_ = (image.permute(1, 2, 0) * 255).round().byte().numpy()
                canvas[top : top + side, left : left + side] = bytes_
    picture = Image.fromarray(canvas)
    return picture.resize((SCALE * picture.width, SCALE * picture.height), Image.Resampling.NEAREST)


def main() -> None:
    """Draw the picture and name it in both cards."""
    pictures = pictures_of(recipe("signs_robust").test)
    pairs = closest(confusions(pictures))
    (ROOT / FILE).parent.mkdir(parents=True, exist_ok=True)
    montage(pictures, pairs).save(ROOT / FILE, optimize=True)
    names = pictures.classes
    listed = "; ".join(f"{names[i]} and {names[j]} ({count})" for i, j, count in pairs)
    told = f"Closest classes, by confusions of signs_robust under PGD on 1,000 pictures: {listed}."
    for name in ("signs_standard", "signs_robust"):
        notes = f"{recipe(name).notes} {told}".strip()
        card = zoo()[name].model_copy(update={"montage": FILE.as_posix(), "notes": notes})
        card.write(ZOO / f"{name}.yaml")
    print(told)
