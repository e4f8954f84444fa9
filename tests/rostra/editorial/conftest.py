"""The organiser's commands are tried on the site generator's small folder of entries."""

from tests.rostra.sitegen.conftest import seminars

__all__ = ["seminars"]
