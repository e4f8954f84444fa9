"""A programme with everything that can happen to a talk, and text that wants to break out."""

from datetime import UTC, datetime
from pathlib import Path

from rostra.sitegen.environment import PREFIXES, environment_of
from rostra.sitegen.feeds import Feeds
from rostra.sitegen.programme import Programme, load
from rostra.sitegen.release import Comparison, compare

NOW = datetime(2024, 6, 1, tzinfo=UTC)
HOSTILE = "]]> & <b>bold</b> </script><script>alert(1)</script> evil \" ' \\ {{ lang }}"
ENTRIES = {
    "site.yaml": """\
id: lab
name: {en: The lab & friends, zh: 实验室}
full_name: "Laboratory of <Trust>"
about: {en: "We ask *why* & how.", zh: 我们追问。}
url: https://lab.example/seminar/
zone: Europe/Berlin
languages: [en, zh]
""",
    "people.yaml": """\
ann:
  name: Ann Lee
  family: Lee
  affiliation: {en: A university, zh: 某大学}
  homepage: https://ann.example/?a=1&b=2
  orcid: 0000-0002-1825-0097
  photo: assets/ann.png
  alt: Ann at a board
wang:
  name: {en: Wei Wang, zh: 王伟}
  homepage: http://wang.example/
bob: {name: Bob <Tables>}
eve: {name: Eve}
silent: {name: Nobody Asked}
""",
    "series.yaml": """\
weekly:
  name: {en: Weekly, zh: 周会}
  about: Every week.
  organisers: [ann]
  chairs: [eve]
  duration: 90 min
  place: {en: Room 1, zh: 一号厅}
  language: en
  join: !secret zoom
guests: {name: Guests, format: online}
nothing: {name: Nothing yet}
""",
    "secrets.yaml": "zoom: https://secret.example/join\nlater: The abstract nobody knows\n",
    "weekly/trust.yaml": """\
title: {en: On trust, zh: 论信任}
start: 2024-05-05 10:00
speakers: [ann, wang]
panellists: [bob]
discussants: [wang]
topics: [{en: Federated learning, zh: 联邦学习}, C++]
abstract:
  en: |
    A bound $\\|\\delta\\|_\\infty \\le \\varepsilon$, the [paper](https://a.example/p?x=1&y=2),
    [ours](/talks/) and [below](#cite).
  zh: 一个*界*。
links:
  recording: https://media.example/a/trust.mp4?s=1
  slides: https://a.example/slides.pdf
  paper: https://a.example/p
""",
    "weekly/trust.en.vtt": """\
WEBVTT

00:00:01.000 --> 00:00:04.000
<v Ann Lee>Good morning.

00:59:58.000 --> 00:59:59.500
Thank you &amp; good bye.
""",
    "weekly/moved.yaml": """\
title: Moved along
start: 2024-06-12 10:00
moved_from: 2024-06-05 10:00
status: moved
speakers: [ann]
format: hybrid
links: {stream: 'https://live.example/'}
""",
    "weekly/cancelled.yaml": "title: Not this time\nstart: 2024-06-20 10:00\nstatus: cancelled\n",
    "weekly/postponed.yaml": "title: Later\nstart: 2024-06-21 10:00\nstatus: postponed\n",
    "weekly/open.yaml": """\
title: tba
start: 2024-06-30 10:00
status: tentative
format: in-person
""",
    "weekly/secret.yaml": """\
title: Under embargo
start: 2024-07-01 10:00
embargo: 2024-06-25 10:00
abstract: !secret later
speakers: [bob]
""",
    "guests/chinese.yaml": """\
title: 只有中文的讲座
start: 2024-03-12 13:00
language: zh
speakers: [wang]
abstract: 中文摘要，含公式 $x^2$。
topics: [隐私]
links: {recording: 'https://video.example/watch?v=1', registration: 'https://a.example/r'}
""",
    "guests/hostile.yaml": f"""\
title: >-
  {HOSTILE}
start: 2024-04-01 09:00
speakers: [bob]
abstract: >-
  {HOSTILE} [x](javascript:alert(1)) ![y](https://evil.example/y.png)
topics: ["<i>&", "a/b"]
place: "</title> & Co"
""",
    "guests/long.yaml": f"""\
title: {"Long " * 400}
start: 2024-04-02 09:00
abstract: {"字" * 5000}
""",
    "guests/drafted.yaml": "title: Unseen draft\nstart: 2024-09-01 09:00\nstatus: draft\n",
    "weekly/lunch.yaml": """\
title: {en: Lunch, zh: 午餐}
about: Bring *your own*.
start: 2024-05-08 12:00
repeat: FREQ=WEEKLY;BYDAY=WE
not_on: [2024-05-15]
also_on: [2024-05-17 12:00]
""",
    "openings/postdoc.yaml": """\
title: {en: A postdoc, zh: 博士后}
about: We look for **somebody**.
posted: 2024-05-01
deadline: 2024-07-01
link: https://jobs.example/1
""",
}


def write(folder: Path, **changes: str) -> Path:
    """Write the entries; `changes` are more files, with `__` for the slash."""
    more = {f"{name.replace('__', '/')}.yaml": text for name, text in changes.items()}
    for name, text in (ENTRIES | more).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def programme(folder: Path, **changes: str) -> Programme:
    return load(write(folder, **changes), NOW)


def history(programme: Programme) -> Comparison:
    """What is known of its talks beside its entries."""
    return compare(programme, NOW)


def outputs(programme: Programme, now: datetime = NOW) -> dict[str, str]:
    """All files for programs under their paths."""
    made = Feeds(programme, compare(programme, now))
    found = (*made.feeds, *made.data, *made.cards, *made.captions)
    assert len({one.path for one in found}) == len(found)
    return {one.path: one.text for one in found}


def heads(programme: Programme) -> dict[str, str]:
    """What the talks' pages say in their heads, under the pages' addresses."""
    template = environment_of(programme).get_template("_talk_head.html.j2")
    return {
        f"{PREFIXES[lang]}talks/{item.ref}/": template.render(
            item=item, lang=lang, prefix=PREFIXES[lang]
        )
        for item in programme.talks
        for lang in programme.site.languages
    }
