"""What may lie in `docs/`: files and folders of its own. MkDocs would follow a link anywhere."""

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG

from rostra.sitegen.faults import Fault
from rostra.sitegen.messages import say


def faults(folder: Path) -> Iterator[Fault]:
    """Yield what must not lie in a folder: links that lead out of it or round it, and pipes.

    The folder itself may be a link: whoever made it means what it leads to.

    Args:
        folder: `docs/`, before MkDocs reads it.
    """
    root = folder.resolve()
    for here, folders, files in os.walk(root):
        for path in (Path(here, name) for name in sorted((*folders, *files))):
            if message := _unfit(path, root):
                name = Path(folder.name, path.relative_to(root)).as_posix()
                yield Fault(
                    name, 1, 1, "file", message, suggestion=say("put the file itself there")
                )


def _unfit(path: Path, root: Path) -> str:
    """Why a path may not lie there; nothing, if it may."""
    mode = path.lstat().st_mode
    if not S_ISLNK(mode):
        return "" if S_ISREG(mode) or S_ISDIR(mode) else say("this is no file")
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(root):
        return say("the link leads out of {folder}/", folder=root.name)
    return "" if target.is_file() else say("the link leads to no file")
