"""Bundles: all files about one talk, person or topic, which stay as they are or are written.

Most of a large site stays as it is from one build to the next. What is known of a whole bundle is
asked once, and nothing is laid out of one that stays.
"""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from rostra.sitegen.press import Press


def bundle_of(about: object) -> str:
    """What a file may be kept under together with others, by what it is about."""
    item = about[2] if isinstance(about, tuple) else about
    found: str = getattr(item, "bundle", "")
    return found


def of_talk(ref: str) -> str:
    """What the files about a talk are kept under: where its pages lie.

    Examples:
        >>> of_talk("weekly/trust")
        'talks/weekly/trust'
    """
    return f"talks/{ref}"


def is_page(path: str) -> bool:
    """Whether a file of a bundle is a page."""
    return path.endswith(".html")


class Bundles:
    """The bundles of an edition.

    Args:
        press: what the last build wrote; without it nothing stays.
        is_read: whether a page need not be read again.

    `made_of` has the fingerprint of each, empty where it is not known; it is filled before one asks
    what stays.
    """

    def __init__(
        self,
        press: Press | None = None,
        is_read: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self.made_of: dict[str, str] = {}
        self.press = press
        self._is_read = is_read

    @cached_property
    def standing(self) -> frozenset[str]:
        """Those whose files stay as they are."""
        return frozenset(filter(self._stands, self.made_of))

    def _stands(self, bundle: str) -> bool:
        if self.press is None or not self.press.stands(bundle, self.made_of[bundle]):
            return False
        return all(map(self._is_read, filter(is_page, self.press.files_of(bundle))))

    @cached_property
    def pages(self) -> frozenset[str]:
        """The pages among the files that stay."""
        press = self.press
        files = (path for one in self.standing if press for path in press.files_of(one))
        return frozenset(filter(is_page, files))

    def leave(self) -> None:
        """Leave all files that stay as they are."""
        for bundle in self.standing:
            assert self.press is not None
            self.press.leave(bundle)

    def read(self, path: str, about: object) -> bytes | None:
        """Read a file of a bundle that stays, by its path and what it is about."""
        if self.press is None or bundle_of(about) not in self.standing:
            return None
        return Path(self.press.folder, path).read_bytes()

    def left(self, path: str) -> bytes | None:
        """Read a file that is in no bundle as the last build left it, if parts of it stay."""
        return self.press.as_left(path) if self.press and self.standing else None
