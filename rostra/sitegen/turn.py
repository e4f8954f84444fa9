"""One build of a site at a time: two would write the same files, and remember different ones."""

import time
from contextlib import suppress
from pathlib import Path

with suppress(ImportError):  # Windows has no such locks: there whoever builds twice waits himself
    import fcntl

HOUR = 3600  # seconds; so long nobody writes a file


class Turn:
    """A build's turn; another process waits until it is over.

    It begins with taking away what builds that were killed had begun to remember.

    Args:
        path: the file that is locked. The lock of a process that ends ends with it.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.file = path.open("ab")
        if "fcntl" in globals():
            fcntl.lockf(self.file, fcntl.LOCK_EX)
        _sweep(path)

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


def _sweep(lock: Path) -> None:
    """Take parts of files away: of this site nobody else writes any now, of others old ones."""
    for part in lock.parent.glob("*.part"):  # as the press names them
        with suppress(OSError):  # another build takes it away
            old = part.stat().st_mtime < time.time() - HOUR
            if old or part.name.startswith(f"{lock.stem}."):
                part.unlink()
