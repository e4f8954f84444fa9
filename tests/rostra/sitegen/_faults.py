"""Every fault that the checker knows, as a file that has it and what is to be said of it.

`⟦` stands in a text where the fault must be reported, and is not part of it.
"""

TALK = "title: On trust\nstart: 2024-05-05 10:00\nspeakers: [wang]\n"
SITE = "id: lab\nname: Lab\nurl: https://lab.example/\nzone: Europe/Berlin\nlanguages: [en, zh]\n"
SERIES = "weekly:\n  name: Weekly\n"
TALK_FILE = "weekly/trust.yaml"

# what: (file, its text, rule, words of message, expected or suggestion)
FAULTS = {
    "unknown key": (
        TALK_FILE,
        TALK + "⟦speeker: wang\n",
        "unknown-key",
        "did you mean 'speakers'?",
    ),
    "misspelt title": (
        TALK_FILE,
        "⟦titel: x\nstart: 2024-05-05 10:00\n",
        "unknown-key",
        "did you mean 'title'?",
    ),
    "slug inside": (TALK_FILE, TALK + "⟦slug: x\n", "unknown-key", "unknown key 'slug'"),
    "series inside": (TALK_FILE, TALK + "⟦series: x\n", "unknown-key", "unknown key 'series'"),
    "unknown link": (
        TALK_FILE,
        TALK + "links:\n  ⟦vidio: https://a.example\n",
        "unknown-key",
        "one of code, notes",
    ),
    "unknown language": (
        TALK_FILE,
        "⟦".join(["title: {en: x, ", "fr: y}\nstart: 2024-05-05 10:00\n"]),
        "unknown-key",
        "one of en, zh",
    ),
    "duplicate key": (TALK_FILE, TALK + "⟦title: Again\n", "duplicate-key", "already on line 1"),
    "missing title": (TALK_FILE, "⟦start: 2024-05-05 10:00\n", "missing-key", "'title' is missing"),
    "missing start": (TALK_FILE, "⟦title: x\n", "missing-key", "'start' is missing"),
    "empty file": (TALK_FILE, "⟦", "type", "keys with values"),
    "a list": (TALK_FILE, "⟦- title: x\n", "type", "got a list"),
    "not YAML": (TALK_FILE, "title: Trust⟦: a history\n", "yaml", "mapping values"),
    "number as title": (
        TALK_FILE,
        "title: ⟦1984\nstart: 2024-05-05 10:00\n",
        "type",
        "put it in quotes",
    ),
    "empty title": (TALK_FILE, 'title: ⟦""\nstart: 2024-05-05 10:00\n', "empty", "no text"),
    "no time": (TALK_FILE, "title: x\nstart: ⟦2024-05-05\n", "time-format", "as 2022-03-06 10:00"),
    "no such day": (TALK_FILE, "title: x\nstart: ⟦2024-02-30 10:00\n", "time-format", "not exist"),
    "skipped time": (
        TALK_FILE,
        "title: x\nstart: ⟦2024-03-31 02:30\n",
        "time-gap",
        "01:30 UTC by the old clock or 00:30 UTC by the new one",
    ),
    "repeated time": (
        TALK_FILE,
        "title: x\nstart: ⟦2024-10-27 02:30\n",
        "time-fold",
        "write 2024-10-27 02:30 +02:00 or 2024-10-27 02:30 +01:00",
    ),
    "wrong offset": (
        TALK_FILE,
        "title: x\nstart: ⟦2024-05-05 10:00 +01:00\n",
        "time-offset",
        "its offset then is +02:00",
    ),
    "skipped in its own zone": (
        TALK_FILE,
        "title: x\nzone: America/New_York\nstart: ⟦2026-03-08 02:30\n",
        "time-gap",
        "does not exist in America/New_York",
    ),
    "no such zone": (
        TALK_FILE,
        "title: x\nzone: ⟦Europe/Berln\nstart: 2024-05-05 10:00\n",
        "zone",
        "did you mean 'Europe/Berlin'?",
    ),
    "no duration": (TALK_FILE, TALK + "duration: ⟦soon\n", "duration", "expected 90 min"),
    "unknown speaker": (
        TALK_FILE,
        "title: x\nstart: 2024-05-05 10:00\nspeakers: [⟦wan]\n",
        "unknown-person",
        "did you mean 'wang'?",
    ),
    "second speaker": (
        TALK_FILE,
        "title: x\nstart: 2024-05-05 10:00\nspeakers:\n  - wang\n  - ⟦bob\n",
        "unknown-person",
        "add the person to people.yaml",
    ),
    "speaker as text": (
        TALK_FILE,
        "title: x\nstart: 2024-05-05 10:00\nspeakers: ⟦wang\n",
        "type",
        "a list",
    ),
    "unknown status": (
        TALK_FILE,
        TALK + "status: ⟦canceled\n",
        "choice",
        "did you mean 'cancelled'?",
    ),
    "unknown talk language": (TALK_FILE, TALK + "language: ⟦fr\n", "choice", "one of en, zh"),
    "link of another kind": (
        TALK_FILE,
        TALK + "links:\n  slides: ⟦javascript:alert(1)\n",
        "url",
        "expected https://",
    ),
    "literal join link": (
        TALK_FILE,
        TALK + "join: ⟦weekly-room\n",
        "secret",
        "write `join: !secret NAME`",
    ),
    "secret without a name": (TALK_FILE, TALK + "join: ⟦!secret\n", "secret", "private value"),
    "secret elsewhere": (
        TALK_FILE,
        TALK + "links:\n  stream: ⟦!secret ROOM\n",
        "type",
        "got a secret",
    ),
    "mail address": (
        TALK_FILE,
        TALK + "abstract: |\n  Questions to\n  ⟦wang@uni.example please.\n",
        "private",
        "a mail address in a public file",
    ),
    "mail address in a comment": (
        TALK_FILE,
        TALK + "# ask ⟦wang@uni.example\n",
        "private",
        "a mail address",
    ),
    "password in an address": (
        TALK_FILE,
        TALK + "links:\n  stream: https://a.example/j?⟦pwd=abc\n",
        "private",
        "a password",
    ),
    "password in a text": (
        TALK_FILE,
        TALK + "abstract: 'Come! ⟦Password: 4711'\n",
        "private",
        "a password",
    ),
    "join link": (
        TALK_FILE,
        TALK + "links:\n  stream: ⟦https://zoom.us/j/123\n",
        "private",
        "a join link",
    ),
    "formula": (
        TALK_FILE,
        TALK + "abstract: |\n  First $x$,\n  then $⟦\\foo$.\n",
        "formula",
        r"\operatorname{foo}",
    ),
    "demo as a number": (TALK_FILE, TALK + "demo:\n  name: ⟦7\n", "unknown-demo", "no demos/7.py"),
    "python object": (TALK_FILE, TALK + "topics: ⟦!!python/tuple [a]\n", "tag", "only !secret"),
    "no such series": ("wekly/x.yaml", "⟦" + TALK, "unknown-series", "did you mean 'weekly'?"),
    "name of the file": ("weekly/On_Trust.yaml", "⟦" + TALK, "slug", "rename the file"),
    "suffix of the file": ("weekly/trust.yml", "⟦", "file", "name it .yaml"),
    "key of a person": ("people.yaml", "wang:\n  name: W\n⟦Ann Lee:\n  name: A\n", "slug", "a-z"),
    "person without name": (
        "people.yaml",
        "wang:\n  ⟦affiliation: A\n",
        "missing-key",
        "'name' is missing",
    ),
    "photo without words": (
        "people.yaml",
        "wang:\n  ⟦name: W\n  photo: assets/wang.jpg\n",
        "alt",
        "what it shows",
    ),
    "photo from elsewhere": (
        "people.yaml",
        "wang:\n  name: W\n  alt: W\n  photo: ⟦https://a.example/w.jpg\n",
        "path",
        "inside the site",
    ),
    "person's mail": ("people.yaml", "wang:\n  name: W\n  bio: ⟦w@a.example\n", "private", "mail"),
    "mail as a key": (
        "people.yaml",
        "wang:\n  name: W\n  ⟦email: x\n",
        "unknown-key",
        "unknown key 'email'",
    ),
    "people as a list": ("people.yaml", "⟦- wang\n", "type", "keys with values"),
    "unknown organiser": (
        "series.yaml",
        SERIES + "  organisers: [⟦bob]\n",
        "unknown-person",
        "nobody is called 'bob'",
    ),
    "way without a name": (
        "series.yaml",
        SERIES + "  ways:\n    - ⟦url: https://a.example\n",
        "missing-key",
        "'name'",
    ),
    "colour as a comment": (
        "site.yaml",
        SITE + "colours:\n  accent:⟦ #0a6c8f\n",
        "colour",
        "put it in quotes",
    ),
    "pale colour": (
        "site.yaml",
        SITE + "colours:\n  accent: ⟦'#57bfe0'\n",
        "contrast",
        "at least 4.5 : 1",
    ),
    "unknown site language": (
        "site.yaml",
        SITE.replace("[en, zh]", "[en, ⟦de]"),
        "choice",
        "one of en, zh",
    ),
    "site without a zone": (
        "site.yaml",
        "⟦id: lab\nname: Lab\nurl: https://lab.example/\n",
        "missing-key",
        "'zone' is missing",
    ),
}
