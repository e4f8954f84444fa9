"""Vanished talks: subscribers keep what they were once given until they are told otherwise."""

import json
from pathlib import Path

from rostra.sitegen.faults import Fault
from rostra.sitegen.folder import Contents
from rostra.sitegen.messages import say

LEDGER = ".ledger"
ADVICE = (
    "put it back with `status: cancelled`; where it only moved, name it under `formerly:`; "
    "to take back every word of it: rostra release --withdraw {ref}"
)


def check(contents: Contents) -> None:
    """Report each talk that the ledger of releases has and the folder has not."""
    here = {talk.ref for talk in contents.talks} | {one.ref for one in contents.meetups}
    files = {name.removeprefix(f"{contents.folder.name}/") for name in contents.documents}
    here |= {name.removesuffix(".yaml") for name in files}  # a faulty one has not vanished
    moved = {ref for talk in contents.talks for ref in talk.formerly}
    for path in sorted(contents.folder.glob(f"{LEDGER}/*/*.json")):
        ref = f"{path.parent.name}/{path.stem}"
        if ref not in here | moved and not _is_tombstone(path):
            message = say("{ref} was released, and is gone without a word", ref=ref)
            hint = say(ADVICE, ref=ref)
            name = path.relative_to(contents.folder.parent).as_posix()
            contents.faults.append(Fault(name, 1, 1, "vanished", message, suggestion=hint))


def _is_tombstone(path: Path) -> bool:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return False  # which the ledger itself reports
    return isinstance(record, dict) and bool(record.get("withdrawn"))
