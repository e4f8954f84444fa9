"""What stands round the table of strength: its title and notes say what its lines hold, no more."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks import _peers
from benchmarks._strength_cast import PIN, pairs
from benchmarks._strength_models import TRAINED
from benchmarks._strength_table import FAR, MARGINS, NONE
from robustlib.attacks import attacks

Line = Mapping[str, Any]
OURS = "robustlib"
NUMBERS = "no", "one", "two", "three", "four", "five", "six"
KINDS = {
    "gradient": "gradient attacks",
    "whole": "AutoAttack as a whole",
    "score": "score-based attacks",
    "smallest": "smallest changes",
    "decision": "decision-based attacks and ZOO",
}
KIND_OF = {pair.name: pair.kind for pair in pairs()}


def title(lines: Sequence[Line]) -> str:
    """The heading, with as many libraries as there are in the lines."""
    count = len(libraries(lines))
    others = "library" if count == 1 else "libraries"
    return f"Strength beside {NUMBERS[count]} other {others}, at equal passes"


def compared(lines: Sequence[Line]) -> list[Line]:
    """The lines in which ours stands beside somebody."""
    return [line for line in lines if line["ours"] != NONE]


def libraries(lines: Sequence[Line]) -> list[str]:
    """Whom ours stands beside."""
    return sorted(
        {told.split(" ")[0] for line in compared(lines) for told in line["peers"].split(", ")}
    )


def of_kind(lines: Sequence[Line], *kinds: str) -> list[Line]:
    """The lines that compare attacks of some kinds."""
    return [line for line in compared(lines) if KIND_OF[line["attack"]] in kinds]


def notes(lines: Sequence[Line]) -> list[str]:
    """What the lines rest on, and what they do not speak of."""
    return [*_data(lines), *_asked(lines), *_read(lines), *_margins(lines), *_nothing_of(lines)]


def _data(lines: Sequence[Line]) -> Iterator[str]:
    images: dict[str, int] = {}
    for line in compared(lines):
        images[line["model"]] = max(images.get(line["model"], 0), line["images"])
    counts = ", ".join(f"{name} {count}" for name, count in images.items())
    own = [f"{name} on {data}" for name, data in TRAINED.items() if name in images]
    yield (
        "Data: the first test pictures of each model's recipe, as many as a line says, at most "
        f"{counts or 'none'}. None was trained on and none chose anything."
        + (f" Trained for this, by `benchmarks/recipes`: {', '.join(own)}." if own else "")
    )
    if "mnist_robust" in images:
        yield (
            "MNIST: pictures of the last 2,000 of its 10,000 test images; the model learnt from "
            "the first 8,000."
        )


def _asked(lines: Sequence[Line]) -> Iterator[str]:
    yield (
        "Radius: the one of each recipe in Linf; in L2 a quarter of eps √d, in L1 an eighth of "
        "eps d. Smallest changes are looked for without a radius."
    )
    yield (
        "Equal passes: the same number of gradient steps from as many starts; what each library "
        "really did is counted by a wrapper, forward + backward passes a row. Ours is lower where "
        f"broken rows were retired{_more(lines)}."
    )
    if of_kind(lines, "decision"):
        yield (
            "Decision-based attacks and ZOO of ours get as many queries a row as the peer took in "
            "the mean, and stop there."
        )


def _more(lines: Sequence[Line]) -> str:
    """How many passes ours takes more where a smallest change is looked for."""
    smallest = of_kind(lines, "smallest")
    most = [max((_beyond(line, way) for line in smallest), default=0) for way in (0, 1)]
    if max(most) <= 0:
        return ""
    forward, backward = (max(count, 0) for count in most)
    return (
        f"; in smallest changes it takes up to {forward} forward and {backward} backward passes "
        "more than the peer that takes fewest, among them looks at the clean picture and at the "
        "last point, halvings, and steps after the first success"
    )


def _beyond(line: Line, way: int) -> int:
    """The passes a row, forward (0) or backward (1), of ours beyond those of the thriftiest."""
    told = re.findall(r"(\d+)\+(\d+)", line["passes a row"])
    ours, *theirs = [int(counts[way]) for counts in told]
    return ours - min(theirs)


def _read(lines: Sequence[Line]) -> Iterator[str]:
    yield (
        "Points are judged by the bare model, in the box, within eps (1 + 1e-5) in float64. An "
        "attack that draws nothing runs once and stands for all seeds."
    )
    if of_kind(lines, "gradient", "whole", "score"):
        yield (
            "Robust accuracy in points: ours less that of the best peer, chosen on the same rows, "
            "and the one-sided 95 % bound of 10,000 paired draws of rows, in each of which the "
            "best peer is chosen anew. Peers' bounds: the same of each peer, in our place."
        )
    if of_kind(lines, "smallest", "decision"):
        yield (
            "Distances: medians over the rows that the model has right, a row where nothing was "
            "found counting as infinite, and ours as a multiple of the least. Row by row, beside "
            "that peer: how many of ours are nearer and farther by 0.1 %, and the median of the "
            "rows' own ratios; one row may move the ratio of medians, where few lie about it."
        )
    yield (
        "Theirs alone: clean indices of rows that a run of a peer broke and none of ours, each "
        "with what broke it when ours was run again."
    )


def _margins(lines: Sequence[Line]) -> Iterator[str]:
    told = "; ".join(f"{KINDS[kind]} {_margin(kind)}" for kind in KINDS)
    held = [line for line in compared(lines) if line["held"] == "yes"]
    above = ", ".join(
        f"{line['model']} {line['attack']}" for line in compared(lines) if line not in held
    )
    yield (
        f"Margins, of the bound in points or of the ratio of medians, at most: {told}. "
        f"Held in {len(held)} of {len(compared(lines))} lines"
        + (f"; not in {above}." if above else ".")
        + _by_chance(lines)
    )


def _by_chance(lines: Sequence[Line]) -> str:
    """In how many lines that are not held no peer would hold them either, in our place."""
    missed = [
        line
        for line in of_kind(lines, *(kind for kind in KINDS if kind not in FAR))
        if line["held"] == "no"
    ]
    alike = [line for line in missed if min(_peers_bounds(line)) > MARGINS[KIND_OF[line["attack"]]]]
    if not alike:
        return ""
    return (
        f" Of the {len(missed)} told in points {len(alike)} are held by none of the peers in our "
        "place either."
    )


def _peers_bounds(line: Line) -> list[float]:
    """The points that stand behind the peers' names."""
    return [float(told.split(" ")[1]) for told in line["peers' bounds"].split(", ")]


def _margin(kind: str) -> str:
    return f"× {MARGINS[kind]}" if kind in FAR else f"{MARGINS[kind]} points"


def _nothing_of(lines: Sequence[Line]) -> Iterator[str]:
    there = {line["attack"] for line in compared(lines)}
    counts = {kind: len(of_kind(lines, kind)) for kind in KINDS}
    yield "Lines: " + ", ".join(f"{KINDS[kind]} {count}" for kind, count in counts.items()) + "."
    if missing := [name for name in KIND_OF if name not in there]:
        yield f"Planned and not compared yet: {', '.join(missing)}."
    yield f"Set beside no peer here: {', '.join(unpaired())}."
    pins = [_pin(library) for library in libraries(lines)]
    stubs = "torchvision and Visdom are stubbed. One thread, weights frozen for all."
    yield f"Peers: {', '.join(pins) or 'none'}; {stubs}"


def unpaired() -> list[str]:
    """Those of our attacks that no peer is asked to stand beside."""
    ours = {each.attack for pair in pairs() for each in pair.entrants if each.library == OURS}
    return sorted(set(attacks) - ours)


def _pin(library: str) -> str:
    """A peer with its version."""
    name = PIN.get(library, library)
    return next(pin.replace("==", " ") for pin in _peers.PINS if pin.startswith(f"{name}=="))
