"""adversarial-library's attacks, with the parameters that it gives them."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from robustlib.conformance._base import Known, Norm, Subject
from robustlib.threats import L0, L1, L2, Linf
from robustlib.types import Images

KINDS: dict[str, tuple[str, Norm, bool, dict[str, Any]]] = {
    "pgd_linf": ("pgd_linf", Linf, False, {}),
    "apgd Linf": ("apgd", Linf, False, {"norm": float("inf")}),
    "apgd L2": ("apgd", L2, False, {"norm": 2}),
    "apgd L1": ("apgd", L1, False, {"norm": 1}),
    "apgd_targeted Linf": ("apgd_targeted", Linf, False, {"norm": float("inf")}),
    "alma L2": ("alma", L2, True, {"distance": "l2"}),
    "alma L1": ("alma", L1, True, {"distance": "l1"}),
    "carlini_wagner_l2": ("carlini_wagner_l2", L2, True, {}),
    "carlini_wagner_linf": ("carlini_wagner_linf", Linf, True, {}),
    "ddn": ("ddn", L2, True, {}),
    "fmn L2": ("fmn", L2, True, {"norm": 2}),
    "fmn Linf": ("fmn", Linf, True, {"norm": float("inf")}),
    "fmn L1": ("fmn", L1, True, {"norm": 1}),
    "fmn L0": ("fmn", L0, True, {"norm": 0}),
    "df": ("df", L2, True, {}),
    "sdf": ("sdf", L2, True, {}),
}
"""Function, norm, whether the smallest change is looked for, and arguments."""


def subjects() -> Iterator[Subject]:
    """Its attacks that leave a label."""
    for name, (_, norm, minimal, _) in KINDS.items():
        yield Subject("adv_lib", name, norm, minimal, partial(_run, name))


def _run(name: str, known: Known, eps: float) -> Images:
    from adv_lib import attacks

    function, _, minimal, options = KINDS[name]
    radius = {} if minimal else {"ε" if function == "pgd_linf" else "eps": eps}
    found: Images = getattr(attacks, function)(
        known.model, known.images, known.labels, **radius, **options
    )
    return found
