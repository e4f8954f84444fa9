"""What each subscriber's client shows is what the standards say it must, in every history.

`ROSTRA_HISTORIES` says how many are replayed; the gate replays 5,000. Every calendar that a client
fetches is linted as well.
"""

import os

import pytest

from tests.rostra.sitegen.subscribers._replay import live_through

HISTORIES = int(os.environ.get("ROSTRA_HISTORIES", "500"))
SHARE = 50  # histories in one test


@pytest.mark.parametrize("first", range(0, HISTORIES, SHARE))
def test_every_client_shows_the_truth(first: int) -> None:
    for seed in range(first, min(first + SHARE, HISTORIES)):
        live_through(seed)
