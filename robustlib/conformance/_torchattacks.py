"""torchattacks' attacks, with the parameters that it gives them but for the radius."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from robustlib.conformance._base import Known, Norm, Subject
from robustlib.questions import Access
from robustlib.threats import L2, Linf
from robustlib.types import Images

STEPPED = "PGD", "PGDL2", "MIFGSM", "SINIFGSM"
KINDS: dict[str, tuple[Norm, bool, Access]] = {
    "PGD": (Linf, False, Access.WHITE_BOX),
    "PGDL2": (L2, False, Access.WHITE_BOX),
    "MIFGSM": (Linf, False, Access.WHITE_BOX),
    "SINIFGSM": (Linf, False, Access.WHITE_BOX),
    "APGD": (Linf, False, Access.WHITE_BOX),
    "APGDT": (Linf, False, Access.WHITE_BOX),
    "FAB": (Linf, False, Access.WHITE_BOX),
    "Square": (Linf, False, Access.SCORE),
    "AutoAttack": (Linf, False, Access.WHITE_BOX),
    "CW": (L2, True, Access.WHITE_BOX),
    "DeepFool": (L2, True, Access.WHITE_BOX),
}


def subjects() -> Iterator[Subject]:
    """Its attacks that leave a label."""
    for name, (norm, minimal, access) in KINDS.items():
        whole, run = name == "AutoAttack", partial(_run, name)
        told = "alpha eps / 10, steps 40" if name in STEPPED else ""
        yield Subject("torchattacks", name, norm, minimal, run, access, whole, options=told)


def _run(name: str, known: Known, eps: float) -> Images:
    import torchattacks

    options: dict[str, Any] = {} if KINDS[name][1] else {"eps": eps}
    if name in STEPPED:  # its own are ten, of a length for 8/255 or 1
        options |= {"alpha": eps / 10, "steps": 40}
    if name in ("APGDT", "FAB", "AutoAttack"):
        options["n_classes"] = int(known.model(known.images[:1]).shape[1])
    found: Images = getattr(torchattacks, name)(known.model, **options)(known.images, known.labels)
    return found
