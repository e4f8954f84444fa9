"""Options that make any attack quick enough to be asked about everything."""

import inspect
from typing import Any

from robustlib.attacks import attacks
from tests.robustlib.attacks._victims import Sketch


def short(name: str) -> dict[str, Any]:
    """Options that make an attack quick, whichever it has."""
    known = inspect.signature(attacks[name]).parameters
    # Steps that each ask about many random directions, or are those of many attacks in a row.
    many = 2 if {"directions", "queries"} & known.keys() else 8
    quick = {
        "steps": many,
        "places": 2,
        "restarts": 2,
        "directions": 6,
        "searches": 2,
        "targets": 1,
        "coordinates": 4,
        "switch_steps": 3,
        "queries": 5,
        "population": 6,
        "turns": 3,
        "shifts": 3,
    }
    own = {option: value for option, value in quick.items() if option in known}
    return own | ({"surrogates": {"surrogate": Sketch().eval()}} if "of" in known else {})
