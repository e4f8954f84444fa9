"""Vanished talks: subscribers keep what they were once given until they are told otherwise.

One that is a draft again has vanished too: nobody would read why.
"""

from rostra.sitegen import ledger
from rostra.sitegen.contents import Contents
from rostra.sitegen.faults import EntryError, Fault
from rostra.sitegen.messages import say

DRAFT = "`status: cancelled` or `postponed`; to take back every word of it, remove it"
ADVICE = (
    "put it back with `status: cancelled`; where it only moved, name it under `formerly:`; "
    "to take back every word of it: rostra release --withdraw {ref}"
)


def check(contents: Contents) -> None:
    """Report each talk that the ledger of releases has and the folder has not."""
    files = {name.removeprefix(f"{contents.folder.name}/") for name in contents.documents}
    here = {name.removesuffix(".yaml") for name in files}  # a faulty one has not vanished
    events = (*contents.talks, *contents.meetups)
    here |= {ref for event in events for ref in event.formerly}
    try:
        records = ledger.read(contents.folder)
    except EntryError as error:
        contents.faults += error.faults
        return
    for talk in contents.talks:
        if talk.status == "draft" and talk.ref in records and not records[talk.ref].withdrawn:
            message = say("{ref} was released, and is a draft again", ref=talk.ref)
            contents.of(talk.ref).report(("status",), "vanished", message, suggestion=say(DRAFT))
    for ref, record in records.items():
        if ref not in here and not record.withdrawn:
            path = ledger.path_of(contents.folder, ref)
            name = path.relative_to(contents.folder.parent).as_posix()
            message = say("{ref} was released, and is gone without a word", ref=ref)
            fault = Fault(name, 1, 1, "vanished", message, suggestion=say(ADVICE, ref=ref))
            contents.faults.append(fault)
