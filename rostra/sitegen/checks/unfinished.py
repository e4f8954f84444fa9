"""What an organiser still has to do: announce what is open, decide, put the recording up."""

from collections.abc import Iterator
from datetime import timedelta

from rostra.sitegen.contents import Contents
from rostra.sitegen.event import TITLE_TO_COME, is_open
from rostra.sitegen.messages import say
from rostra.sitegen.talk import Talk

# Nobody looks for the recordings of years ago.
FORGOTTEN = timedelta(days=365)
TO_COME = {
    "title": "the title is not announced, and the talk is in {days} days",
    "abstract": "the abstract is not announced, and the talk is in {days} days",
    "speakers": "the speaker is not announced, and the talk is in {days} days",
}
# Where the other language has it already.
HALF = {
    "en": "its English is not announced, and the talk is in {days} days",
    "zh": "its Chinese is not announced, and the talk is in {days} days",
}


def check(contents: Contents) -> None:
    """Report what is late at this time."""
    recorded = {talk.series.id for talk in contents.talks if talk.links.recording}
    for talk in contents.talks:
        document = contents.of(talk.ref)
        days = (talk.start - contents.now).days
        if _is_late(talk, contents):
            for key in sorted(talk.to_come - talk.withheld):
                document.warn((key,), "to-be-announced", say(TO_COME[key], days=days))
            for key, language in _half(document.data, talk.to_come | talk.withheld):
                message = say(HALF[language], days=days)
                document.warn((key, language), "to-be-announced", message)
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


def _is_late(talk: Talk, contents: Contents) -> bool:
    """Whether all about a talk that is still to come should be known by now."""
    assert contents.site is not None
    late = talk.start - timedelta(days=contents.site.announced_days)
    return talk.held and late <= contents.now < talk.start


def _half(data: object, others: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The languages that say of a text only that it will come, where the other one has it."""
    told = data if isinstance(data, dict) else {}
    for key in ("title", "abstract"):
        texts = told.get(key)
        if key not in others and isinstance(texts, dict):
            yield from ((key, one) for one in HALF if is_open(texts.get(one)))


def _is_overdue(talk: Talk, contents: Contents) -> bool:
    """Whether a series that puts recordings up lacks this one."""
    assert contents.site is not None
    due = talk.end + timedelta(days=contents.site.recorded_days)
    expected = talk.held and not talk.unrecorded and not talk.links.recording
    return expected and due < contents.now < talk.end + FORGOTTEN
