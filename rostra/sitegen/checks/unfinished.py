"""What an organiser still has to do: announce what is open, decide, put the recording up."""

from collections.abc import Iterator
from datetime import timedelta

from rostra.sitegen.contents import Contents
from rostra.sitegen.event import TITLE_TO_COME
from rostra.sitegen.messages import say
from rostra.sitegen.talk import Talk

# Nobody looks for the recordings of years ago.
FORGOTTEN = timedelta(days=365)
TO_COME = {
    "title": "the title is not announced, and the talk is in {days} days",
    "abstract": "the abstract is not announced, and the talk is in {days} days",
    "speakers": "the speaker is not announced, and the talk is in {days} days",
}


def check(contents: Contents) -> None:
    """Report what is late at this time."""
    recorded = {talk.series.id for talk in contents.talks if talk.links.recording}
    for talk in contents.talks:
        document = contents.of(talk.ref)
        for key in _to_announce(talk, contents):
            days = (talk.start - contents.now).days
            document.warn((key,), "to-be-announced", say(TO_COME[key], days=days))
        if talk.status in ("draft", "tentative") and talk.end < contents.now:
            hint = say("confirmed, cancelled or postponed?")
            message = say("it is over, and nobody said whether it took place")
            document.warn(("status",), "undecided", message, suggestion=hint)
        if talk.series.id in recorded and _is_overdue(talk, contents):
            hint = say("add it to `links:`, or write `do_not_record: true`")
            message = say("the recording is not up")
            document.warn(("start",), "recording-overdue", message, suggestion=hint)
    _meetups(contents)


def _meetups(contents: Contents) -> None:
    """Report a meet-up whose next meeting is near, and of which something is to be announced."""
    assert contents.site is not None
    for meetup in contents.meetups:
        late = contents.now + timedelta(days=contents.site.announced_days)
        ahead = meetup.meetings(contents.now, late) if meetup.status == "confirmed" else []
        document = contents.of(meetup.ref)
        said = document.data if isinstance(document.data, dict) else {}
        missing = {"title": meetup.title == TITLE_TO_COME, "about": meetup.about is None}
        for key in (key for key in missing if ahead and missing[key] and key in said):
            days = (ahead[0] - contents.now).days
            message = say("it is still to be announced, and the next meeting is in {days} days",
                          days=days)  # fmt: skip
            document.warn((key,), "to-be-announced", message)


def _to_announce(talk: Talk, contents: Contents) -> Iterator[str]:
    assert contents.site is not None
    late = talk.start - timedelta(days=contents.site.announced_days)
    if talk.held and late <= contents.now < talk.start:
        yield from sorted(talk.to_come - talk.withheld)


def _is_overdue(talk: Talk, contents: Contents) -> bool:
    """Whether a series that puts recordings up lacks this one."""
    assert contents.site is not None
    due = talk.end + timedelta(days=contents.site.recorded_days)
    expected = talk.held and not talk.unrecorded and not talk.links.recording
    return expected and due < contents.now < talk.end + FORGOTTEN
