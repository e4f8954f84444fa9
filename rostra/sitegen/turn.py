"""One build of a site at a time: two would write the same files, and remember different ones."""

from contextlib import suppress
from pathlib import Path

with suppress(ImportError):  # Windows has no such locks: there whoever builds twice waits himself
    import fcntl


class Turn:
    """A build's turn; another process waits until it is over.

    Args:
        path: the file that is locked. The lock of a process that ends ends with it.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.file = path.open("ab")
        if "fcntl" in globals():
            fcntl.lockf(self.file, fcntl.LOCK_EX)

    @property
    def is_over(self) -> bool:
        """Whether the next build may have begun."""
        return self.file.closed

    def over(self) -> None:
        """Let the next build begin."""
        self.file.close()

    def __del__(self) -> None:
        """A build that nobody speaks of any more is over."""
        self.over()
