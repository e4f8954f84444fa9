"""Links: what one was made of comes back from it."""

from urllib.parse import parse_qsl

import pytest
import torch

from rostra.live import pixels
from rostra.live.links import from_query, query
from rostra.live.settings import Settings, Source, controls, settings, source

COUNTS = {"signs": 16, "digits": 10}
ATTACKS = ("fgsm", "pgd")
START = controls(Settings(Source()))


def test_a_link_brings_back_its_settings() -> None:
    run = Settings(Source("digits", index=7), "fgsm", "l2", 1.25, 17, 4, victim="robust")
    held = from_query(dict(parse_qsl(query(run)[1:])), START)
    back = settings(source(held["picture"], COUNTS), held, ATTACKS, 10)
    assert back == run


def test_a_link_holds_the_pixels_of_a_drawing() -> None:
    picture = torch.arange(784).reshape(1, 28, 28).to(torch.uint8)
    run = Settings(Source("digits", "drawn", data="what came"))
    link = query(run, pixels.uri(picture))
    held = from_query(dict(parse_qsl(link[1:])), START)["picture"]
    assert (held["set"], held["kind"]) == ("digits", "pixels")
    assert held["data"] == pixels.uri(picture)


@pytest.mark.parametrize(
    "asked",
    [
        {"eps": "eight"},
        {"picture": "pixels-%%%"},
        {"picture": "pixels-é"},
        {"picture": "../x"},
        {"picture": "9" * 5000},
        {"goal": "x"},
    ],
)
def test_a_broken_link_breaks_nothing_here(asked: dict[str, str]) -> None:
    held = from_query(asked, START)
    assert set(held) == set(START)
    assert held["picture"] == START["picture"] or "picture" not in asked
