"""A calendar that is in order, and for each rule the ways to break it."""

from collections.abc import Callable, Mapping

GOOD = b"""\
BEGIN:VCALENDAR
PRODID:-//Test//Test//EN
VERSION:2.0
NAME:All\\, of them
REFRESH-INTERVAL;VALUE=DURATION:PT12H
SOURCE;VALUE=URI:https://a.example/all.ics
X-WR-CALNAME;X-ANY=1:tolerated; as it is
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:20231029T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20230326T020000
RRULE:FREQ=YEARLY;UNTIL=20300331T010000Z;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:71830dc9-0c4c-5b5a-85a0-a75f09fd87bf
DTSTAMP:20240501T120000Z
LAST-MODIFIED:20240501T120000Z
SEQUENCE:3
DTSTART;TZID=Europe/Berlin:20240501T120000
DTEND;TZID=Europe/Berlin:20240501T130000
RRULE:FREQ=WEEKLY;UNTIL=20241231T225959Z;BYDAY=WE
EXDATE;TZID=Europe/Berlin:20240508T120000,20240515T120000
STATUS:CONFIRMED
SUMMARY:On trust\\; and\\, perhaps: "doubt"
DESCRIPTION:A line long enough to be folded\\, with letters of UTF-8:
  \xe4\xbf\xa1\xe4\xbb\xbb\\n\\nand a second line\\\\
CATEGORIES:trust,doubt
URL:https://a.example/talks/?a=1,2;b=%E4
CONFERENCE;VALUE=URI;FEATURE=VIDEO,AUDIO;LABEL="The ^'live^' stream, now":
 https://a.example/live
IANA-SOMETHING;AND=ITS:own, value; here
STRUCTURED-DATA;VALUE=TEXT;FMTTYPE=application/ld+json;SCHEMA="urn:event":
 {}
LINK;VALUE=URI;LINKREL="related":https://a.example/slides
BEGIN:PARTICIPANT
UID:a
PARTICIPANT-TYPE:SPEAKER
END:PARTICIPANT
END:VEVENT
BEGIN:VEVENT
UID:b
DTSTAMP:20240501T120000Z
DTSTART;VALUE=DATE:20240501
DURATION:P1D
END:VEVENT
END:VCALENDAR
""".replace(b"\n", b"\r\n")

Breaking = Callable[[bytes], bytes]


def swap(old: bytes, new: bytes) -> Breaking:
    def broken(content: bytes) -> bytes:
        assert content.count(old) >= 1, old
        return content.replace(old, new, 1)

    return broken


def without(start: bytes) -> Breaking:
    def broken(content: bytes) -> bytes:
        lines = content.split(b"\r\n")
        first = next(i for i, line in enumerate(lines) if line.startswith(start))
        return b"\r\n".join(lines[:first] + lines[first + 1 :])

    return broken


def before(mark: bytes, *lines: bytes) -> Breaking:
    return swap(mark, b"".join(line + b"\r\n" for line in lines) + mark)


SUMMARY = b'SUMMARY:On trust\\; and\\, perhaps: "doubt"'
ZONE = GOOD[GOOD.index(b"BEGIN:VTIMEZONE") : GOOD.index(b"BEGIN:VEVENT")]
EVENT = GOOD[GOOD.rindex(b"BEGIN:VEVENT") : GOOD.index(b"END:VCALENDAR")]
RULE = b"RRULE:FREQ=WEEKLY;UNTIL=20241231T225959Z;BYDAY=WE"
EXDATE = b"EXDATE;TZID=Europe/Berlin:20240508T120000"
END = b"DTEND;TZID=Europe/Berlin:20240501T130000"

BROKEN: Mapping[str, tuple[Breaking, ...]] = {
    "utf-8": (swap(b"\xe4\xbf\xa1", b"\xe4\xbf"), swap(b"SUMMARY:On", b"SUMMARY:\xff")),
    "crlf": (
        swap(b"VERSION:2.0\r\n", b"VERSION:2.0\n"),
        swap(b"VERSION:2.0\r\n", b"VERSION:2.0\r"),
        lambda content: content[:-2],
    ),
    "fold-length": (swap(b"UID:b", b"UID:" + b"b" * 72), swap(b"UID:b", "UID:信".encode() * 18)),
    "fold-character": (swap(b"\xe4\xbf\xa1", b"\xe4\r\n \xbf\xa1"),),
    "fold-escape": (swap(b"trust\\; and", b"trust\\\r\n ; and"),),
    "control": (swap(b"SUMMARY:On", b"SUMMARY:\x0bOn"),),
    "line": (
        swap(b"SUMMARY:On", b":On"),
        swap(b"VERSION:2.0\r\n", b"VERSION:2.0\r\n\r\n"),
        swap(b"UID:b", b"UID"),
        lambda content: b"\xef\xbb\xbf" + content,
    ),
    "parameter": (
        swap(b"LABEL=\"The ^'live^' stream, now\"", b'LABEL="The "live" stream"'),
        swap(b";TZID=Europe/Berlin:20240501T12", b";TZID=:20240501T12"),
    ),
    "parameter-twice": (swap(b";VALUE=DURATION", b";VALUE=DURATION;VALUE=DURATION"),),
    "caret": (swap(b"^'live^'", b"^live^'"),),
    "nesting": (
        without(b"END:VEVENT"),
        without(b"END:VCALENDAR"),
        swap(b"BEGIN:PARTICIPANT", b"BEGIN:STANDARD"),
        lambda content: b"X-BEFORE:1\r\n" + content,
        lambda content: content + b"END:VCALENDAR\r\n",
        lambda _: EVENT,
    ),
    "empty": (
        lambda _: b"",
        lambda _: b"BEGIN:VCALENDAR\r\nPRODID:a\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
    ),
    "missing": (
        *map(without, (b"PRODID", b"VERSION", b"UID", b"DTSTAMP", b"DTSTART;", b"TZOFFSETTO")),
        *map(without, (b"PARTICIPANT-TYPE", b"TZID")),
        swap(b"UID:b", b"UID:"),
    ),
    "once": (
        before(b"CATEGORIES", b"URL:https://a.example/"),
        before(b"CATEGORIES", b"UID:c"),
        before(b"NAME:", b"PRODID:b"),
        before(b"CATEGORIES", b"STATUS:CONFIRMED"),
    ),
    "misplaced": (before(b"CATEGORIES", b"TZID:Europe/Berlin"), before(b"NAME:", b"SUMMARY:a")),
    "method": (before(b"NAME:", b"METHOD:PUBLISH"),),
    "version": (swap(b"VERSION:2.0", b"VERSION:1.0"),),
    "value-type": (
        swap(b"LAST-MODIFIED:2024", b"LAST-MODIFIED;VALUE=DATE:2024"),
        swap(b"LINK;VALUE=URI", b"LINK;VALUE=TEXT"),
    ),
    "text": (
        swap(b"On trust\\;", b"On trust;"),
        swap(b"and\\, perhaps", b"and, perhaps"),
        swap(b"second line\\\\", b"second line\\x"),
        swap(b"CATEGORIES:trust", b"CATEGORIES:tr;ust"),
    ),
    "date": (swap(b"VALUE=DATE:20240501", b"VALUE=DATE:20240231"),),
    "date-time": (
        swap(b"DTSTAMP:20240501T120000Z", b"DTSTAMP:2024-05-01T12:00:00Z"),
        swap(b"20240508T120000,", b"20240508T250000,"),
    ),
    "duration": (swap(b"PT12H", b"12H"), swap(b"DURATION:P1D", b"DURATION:P1H")),
    "integer": (swap(b"SEQUENCE:3", b"SEQUENCE:three"), swap(b"SEQUENCE:3", b"SEQUENCE:-1")),
    "uri": (
        swap(b"URL:https://a.example/talks/", b"URL:/talks/"),
        swap(b"URL:https://a.example/", "URL:https://a.example/信".encode()),
        swap(b"?a=1,2", b"?a= 1"),
    ),
    "utc-offset": (swap(b"TZOFFSETTO:+0100", b"TZOFFSETTO:1"), swap(b"+0100", b"-0000")),
    "choice": (
        swap(b"STATUS:CONFIRMED", b"STATUS:POSTPONED"),
        swap(b"FEATURE=VIDEO", b"FEATURE=MOVIE"),
        swap(b"TYPE:SPEAKER", b"TYPE:LECTURER"),
    ),
    "utc": (
        swap(b"DTSTAMP:20240501T120000Z", b"DTSTAMP:20240501T120000"),
        swap(b"LAST-MODIFIED:20240501T120000Z", b"LAST-MODIFIED:20240501T120000"),
    ),
    "tzid-on-utc": (
        swap(b"Berlin:20240501T130000", b"Berlin:20240501T130000Z"),
        swap(b";VALUE=DATE:2024", b";VALUE=DATE;TZID=Europe/Berlin:2024"),
    ),
    "floating": (swap(b"DTEND;TZID=Europe/Berlin", b"DTEND"),),
    "parameter-missing": (
        swap(b"REFRESH-INTERVAL;VALUE=DURATION", b"REFRESH-INTERVAL"),
        swap(b"CONFERENCE;VALUE=URI", b"CONFERENCE"),
        swap(b'LINKREL="related"', b"LABEL=related"),
        swap(b"FMTTYPE=application/ld+json;", b""),
    ),
    "end-twice": (before(b"STATUS", b"DURATION:PT1H"),),
    "end-type": (swap(END, b"DTEND;VALUE=DATE:20240502"),),
    "end-order": (
        swap(END, b"DTEND;TZID=Europe/Berlin:20240501T120000"),
        swap(END, b"DTEND:20240501T095959Z"),
        swap(b"DURATION:P1D", b"DURATION:PT0S"),
        swap(b"DURATION:P1D", b"DURATION:-P1D"),
    ),
    "uid-twice": (swap(b"UID:b", b"UID:71830dc9-0c4c-5b5a-85a0-a75f09fd87bf"),),
    "recurrence-type": (
        swap(EXDATE + b",20240515T120000", b"EXDATE:20240508T100000Z"),
        swap(EXDATE + b",20240515T120000", b"EXDATE;VALUE=DATE:20240508"),
    ),
    "rrule": tuple(
        swap(RULE, b"RRULE:" + rule)
        for rule in (
            b"BYDAY=WE",
            b"FREQ=FORTNIGHTLY",
            b"FREQ=WEEKLY;FREQ=WEEKLY",
            b"FREQ=WEEKLY;COUNT=3;UNTIL=20241231T225959Z",
            b"FREQ=WEEKLY;COUNT=0",
            b"FREQ=WEEKLY;UNTIL=20241331T000000Z",
            b"FREQ=WEEKLY;INTERVAL=0",
            b"FREQ=WEEKLY;BYDAY=2WE",
            b"FREQ=WEEKLY;BYMONTHDAY=1",
            b"FREQ=MONTHLY;BYSETPOS=1",
            b"FREQ=MONTHLY;BYMONTHDAY=32",
            b"FREQ=YEARLY;BYMONTH=13",
            b"FREQ=MONTHLY;BYWEEKNO=5",
            b"FREQ=WEEKLY;BYWHATEVER=1",
        )
    ),
    "until": (
        swap(b"UNTIL=20241231T225959Z", b"UNTIL=20241231T225959"),
        swap(b"UNTIL=20241231T225959Z", b"UNTIL=20241231"),
        swap(b"UNTIL=20300331T010000Z", b"UNTIL=20300331T010000"),
    ),
    "rrule-start": (swap(b";BYDAY=WE", b";BYDAY=TH"),),
    "zone-missing": (swap(ZONE, b""), swap(b"DTEND;TZID=Europe/Berlin", b"DTEND;TZID=Berlin")),
    "zone-unused": (before(b"BEGIN:VTIMEZONE", ZONE[:-2].replace(b"Berlin", b"Paris")),),
    "zone-twice": (before(b"BEGIN:VTIMEZONE", ZONE[:-2]),),
    "zone-empty": (
        swap(ZONE, b"BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nEND:VTIMEZONE\r\n"),
    ),
    "zone-start": (swap(b"DTSTART:20230326T020000", b"DTSTART:20230326T010000Z"),),
    "zone-cover": (
        lambda content: content.replace(b"DTSTART:2023", b"DTSTART:2025"),
    ),
    "zone-offset": (
        swap(b"TZOFFSETTO:+0200", b"TZOFFSETTO:+0100"),
        swap(b"UNTIL=20300331T010000Z", b"UNTIL=20230326T010000Z"),
    ),
}  # fmt: skip
