"""Mistakes in other files, between talks, and against the clock."""

import json
import re
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from tests.rostra.sitegen.checks._mutators import (
    TALK,
    Files,
    Sample,
    beside,
    known,
    legitimate,
    put,
    timed,
)

VTT = "WEBVTT\n\nSTYLE\n::cue { color: red }\n\n00:01.000 --> 00:02.000\nHello\n\n"
for text in (
    *("⟦00:01.000 --> 00:02.000\nHello\n", VTT + "⟦0:3 --> 0:4\nx\n"),
    *(VTT + "⟦00:05.000 --> 00:04.000\nx\n", VTT + "second\n⟦00:00.500 --> 00:02.000\nx\n"),
    *(VTT + "⟦00:61.000 --> 00:62.000\nx\n", "⟦﻿ WEBVTT\n"),
):
    beside("captions", "weekly/sample.en.vtt", text)
beside("captions", "weekly/nobody.en.vtt", "⟦" + VTT)
for tag in ("english", "r4711-x"):
    beside("captions", f"weekly/sample.{tag}.vtt", "⟦" + VTT)
beside("captions", "weekly/sample.vtt", "⟦" + VTT)

MEETUP = "title: Reading\nstart: 2024-05-01 10:00\n"  # a Wednesday
for rule in (
    *("⟦WEKLY", "FREQ=⟦WEKLY", "FREQ=WEEKLY;⟦BYDAYS=WE", "FREQ=WEEKLY;BYDAY=⟦XX"),
    *("⟦INTERVAL=2", "⟦FREQ=DAILY;COUNT=3;UNTIL=20250101", "FREQ=DAILY;COUNT=⟦0"),
    *("FREQ=WEEKLY;BYDAY=⟦4WE", "FREQ=WEEKLY;⟦BYMONTHDAY=25", "FREQ=MONTHLY;⟦BYSETPOS=1"),
    "FREQ=DAILY;UNTIL=⟦20261331",
):
    beside("repeat", "weekly/reading.yaml", MEETUP + f"repeat: {rule}\n")
late = MEETUP.replace("start: ", "start: ⟦") + "repeat: FREQ=WEEKLY;BYDAY=TH\n"
beside("repeat", "weekly/reading.yaml", late, "not on its own day")
none = MEETUP + "repeat: FREQ=WEEKLY;BYDAY=WE\nnot_on: [⟦2024-05-09]\n"
beside("repeat", "weekly/reading.yaml", none, "nothing to leave out")
for day in ("2024-02-30", "8 May 2024"):
    text = MEETUP + f"repeat: FREQ=WEEKLY;BYDAY=WE\nnot_on: [⟦{day}]\n"
    beside("date", "weekly/reading.yaml", text)

OPENING = "title: A post\nabout: Join us.\n"
beside("deadline", "openings/a.yaml", OPENING + "posted: 2024-05-05\ndeadline: ⟦2024-05-04\n")
beside("date", "openings/a.yaml", OPENING + "posted: ⟦5 May\n")
beside("choice", "openings/a.yaml", OPENING + "posted: 2024-05-05\nstatus: ⟦closed\n")
beside("missing-key", "openings/a.yaml", "⟦title: A post\nposted: 2024-05-05\n")
beside("unknown-key", "openings/a.yaml", OPENING + "posted: 2024-05-05\n⟦titel: x\n")

for orcid, what in (("0000-0002-1825-0098", "sum"), ("1825-0097", "short"), ("x", "none")):
    beside("orcid", "people.yaml", f"new:\n  name: New One\n  orcid: ⟦{orcid}\n", what)
beside("family", "people.yaml", "new:\n  name: New One\n  family: ⟦Two\n")
beside("alt", "people.yaml", "new:\n  name: New One\n  photo: ⟦assets/plot.png\n")
beside("path", "people.yaml", "new:\n  name: New One\n  alt: x\n  photo: ⟦../new.jpg\n")
beside("url", "people.yaml", "new:\n  name: New One\n  homepage: ⟦new.example\n")
beside("missing-key", "people.yaml", "new:\n  ⟦title: Dr.\n")
beside("slug", "people.yaml", "⟦New_One:\n  name: New One\n")
beside("unknown-key", "people.yaml", "new:\n  name: New One\n  ⟦email: x\n")
beside("private", "people.yaml", "new:\n  name: New One\n  bio: ⟦new@uni.example\n")
for line, what in (
    ("name: X\n  orcid: ⟦0000-0002-1825-0097", "one ORCID"),
    ("name: X\n  homepage: ⟦http://www.wang.example/", "one homepage"),
    ("name: ⟦Wang Wei", "the other order"),
    ("name: ⟦WEÍ WANG", "accents and capitals"),
    ("name: ⟦王 伟", "Chinese"),
    ("name: X\n  aliases: ⟦[W. Wang]", "an alias"),
):
    beside("same-person", "people.yaml", f"new:\n  {line}\n", what)

beside("unknown-person", "series.yaml", "new:\n  name: New\n  organisers: [⟦nobody]\n")
beside("zone", "series.yaml", "new:\n  name: New\n  zone: ⟦CEST\n")
beside("duration", "series.yaml", "new:\n  name: New\n  duration: ⟦long\n")
beside("slug", "series.yaml", "⟦openings:\n  name: New\n")
beside("url", "series.yaml", "new:\n  name: New\n  stream: ⟦tv\n")
beside("choice", "series.yaml", "new:\n  name: New\n  format: ⟦live\n")
beside("choice", "site.yaml", "languages: [⟦fr]\n")
beside("colour", "site.yaml", "colours: {accent: ⟦blue}\n")
beside("contrast", "site.yaml", "colours: {accent: ⟦'#cccccc'}\n")
beside("unknown-key", "site.yaml", "⟦color: red\n")
beside("type", "site.yaml", "announced_days: ⟦soon\n")


def clash(sample: Sample, rest: str, series: str = "zoo") -> Files:
    """A second talk that begins when the sample does; by its address it comes later."""
    start = f"{sample.start:%Y-%m-%d %H:%M}"
    talk = (
        sample.without("speakers", "place", "format", "zone") + "place: Room 5\nspeakers: [wang]\n"
    )
    return {TALK: talk, f"{series}/zzz.yaml": f"title: Other\nstart: {start}\n{rest}"}


for role in ("speakers", "chairs", "panellists", "discussants"):
    known("clash-speaker", role, lambda one, role=role: clash(one, f"{role}: [ann, ⟦wang]\n"))
known("clash-room", "place", lambda one: clash(one, "place: ⟦Room 5\n"))
known("clash-room", "other letters", lambda one: clash(one, "place: ⟦ROOM 5\n"))


def marked_start(files: Files) -> Files:
    """The mark before the second talk's start."""
    return {
        name: text if name == TALK else text.replace("start: ", "start: ⟦")
        for name, text in files.items()
    }


known("clash-series", "start", lambda one: marked_start(clash(one, "", "weekly")))
known("clash-time", "start", lambda one: marked_start(clash(one, "")))


for key in ("abstract", "bio"):
    for address in ("/talks/nothing/", "research/nowhere/", "https://lab.example/nope"):
        put("dead-link", key, f"|\n  see [this](⟦{address})", what=f"{key} {address}")
put("dead-link", "abstract", "|\n  ![a plot](⟦plot.png)", what="a picture")
beside("dead-link", "people.yaml", "new:\n  name: New One\n  alt: x\n  photo: ⟦new.jpg\n")
put("alt", "abstract", "|\n  ![](⟦assets/plot.png)")


def record(ref: str) -> str:
    """What the ledger has of a released talk."""
    stamp = "2024-05-05T10:00:00Z"
    stamps = dict.fromkeys(("created", "last_modified", "start", "end"), stamp)
    told = {"ref": ref, "uid": str(uuid5(NAMESPACE_URL, ref)), "sequence": 0, "zone": "UTC"}
    digests = dict.fromkeys(("schedule", "words"), "0" * 64)
    return json.dumps(told | stamps | digests | {"status": "confirmed"})


for ref in ("weekly/gone", "other/gone"):
    beside("vanished", f".ledger/{ref}.json", "⟦" + record(ref))
beside(
    "missing-key",
    ".ledger/weekly/gone.json",
    record("weekly/gone").replace("{", "⟦{").replace('"sequence": 0, ', ""),
)
beside(
    "ledger",
    ".ledger/weekly/gone.json",
    record("weekly/lost").replace('"weekly/lost"', '⟦"weekly/lost"'),
)

# What is true for a time only: days from the start of the talk to the time of the check.
SOON, LATER, MUCH_LATER = timedelta(days=-3), timedelta(days=2), timedelta(days=60)


OPEN = (
    *(("title", "⟦tba"), ("abstract", "⟦待定"), ("speakers", "⟦[]")),
    *(("title", "⟦TBD"), ("title", "⟦TBC"), ("title", "⟦{en: TBA, zh: 待定}")),
    *(("title", "{en: ⟦TBA, zh: 论信任}"), ("title", "{en: On trust, zh: ⟦待公布}")),
    *(("abstract", "⟦待公布"), ("abstract", "⟦{en: TBD, zh: TBD}")),
    *(("abstract", "{en: A., zh: ⟦待定}"), ("abstract", "⟦{zh: tbc}")),
)
for key, empty in OPEN:
    rest = {"title": "", "abstract": "speakers: [wang]\n", "speakers": "abstract: A.\n"}[key]
    full = {"title": "abstract: A.\nspeakers: [wang]\n"}.get(key, rest)

    def tba(one: Sample, key: str = key, empty: str = empty, full: str = full) -> Files:
        dropped = (key, *re.findall(r"^(\w+):", full, re.M))
        return {TALK: one.without(*dropped) + full + f"{key}: {empty}\n"}

    timed("to-be-announced", f"{key}: {empty}", SOON, tba)
for title in ("'TBA: a history'", "TBC codes", "{en: On TBDs, zh: 待定系数法}", "{zh: 信任}"):

    def announced(one: Sample, title: str = title) -> Files:
        told = f"title: {title}\nabstract: {{en: TBD is no word., zh: 待定的词。}}\n"
        dropped = ("title", "abstract", "speakers")
        return {TALK: one.without(*dropped) + told + "speakers: [wang]\n"}

    legitimate(f"a title, {title}", announced, SOON)
for status in ("draft", "tentative"):

    def undecided(one: Sample, status: str = status) -> Files:
        return {TALK: one.text + f"status: ⟦{status}\n"}

    timed("undecided", status, LATER, undecided)


def overdue(one: Sample) -> Files:
    text = re.sub(r"^start: ", "start: ⟦", one.without("links"), flags=re.M)
    other = "title: Other\nstart: 1999-05-05 10:00\nlinks: {recording: https://a.example}\n"
    return {TALK: text, "weekly/other.yaml": other}


timed("recording-overdue", "start", MUCH_LATER, overdue)
