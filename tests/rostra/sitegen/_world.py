"""A small group's project with some of everything, as the texts of its files."""

from pathlib import Path

import material

from tests.rostra.sitegen.conftest import SITE as LAB

MKDOCS = """\
site_name: x
repo_url: !ENV [FORK, "https://git.example/lab/site"]
edit_uri: edit/main/docs/
theme: {name: material, font: false, palette: {scheme: default}, custom_dir: overrides}
extra: {scope: /, generator: false}
markdown_extensions: [attr_list, pymdownx.arithmatex: {generic: true}]
plugins: [rostra]
nav:
  - Overview: explanation/overview.md
  - Reference: reference/index.md
not_in_nav: '*'
"""
SITE = (
    LAB
    + """\
groups:
  - name: Us
    themes:
      - {title: {en: Trust, zh: 信任}, page: research/trust/, topics: [trust]}
      - {title: Attacks, page: research/attacks/}
"""
)
PEOPLE = """\
ann:
  name: Ann Lee
  family: Lee
  affiliation: {en: A university, zh: 某大学}
  photo: assets/images/ann.svg
  alt: A face.
wang:
  name: {en: Wei Wang, zh: 王伟}
li:
  name: Li Na
  bio: She looks at models.
eva:
  name: Eva Stern
bob:
  name: Bob Bell
zoe:
  name: Zoe Zorn
"""
SERIES = """\
weekly:
  name: {en: Weekly, zh: 周会}
  organisers: [ann]
  duration: 90 min
  place: Room 1
  ways: [{name: Our list, url: https://list.example/}]
reading:
  name: Reading group
  organisers: [eva]
  chairs: [eva]
  join: !secret room
early:
  name: Early years
quiet:
  name: Nothing yet
empty:
  name: Nothing at all
"""
TALKS = {
    "weekly/trust": """\
title: {en: On trust, zh: 论信任}
start: 2024-05-05 10:00
speakers: [wang]
topics: [trust]
abstract: We *look* at trust.
links: {recording: https://video.example/trust.mp4}
demo: {name: playground}
formerly: [gone/trust]
""",
    "weekly/doubt": """\
title: On doubt
start: 2024-06-03 10:00
speakers: [ann]
topics: [doubt, {en: trust, zh: 信任}]
links: {registration: https://register.example/}
""",
    "early/faith": """\
title: On faith
start: 2023-11-06 10:00
speakers: [li]
panellists: [wang]
topics: [faith]
""",
    "weekly/far": """\
title: Far ahead
start: 2024-09-02 10:00
speakers: [li]
topics: [later]
""",
    "reading/sealed": """\
title: A sealed one
start: 2024-06-20 10:00
speakers: [eva]
embargo: 2024-06-10 12:00
abstract: !secret sealed
""",
    "reading/draft": "title: A draft\nstart: 2024-07-01 10:00\nspeakers: [ann]\nstatus: draft\n",
    "quiet/club": (
        "title: Club\nstart: 2024-05-08 10:00\nrepeat: FREQ=WEEKLY\nabout: We read papers.\n"
    ),
    "openings/phd": """\
title: A doctoral position
about: You ask questions.
posted: 2024-05-01
deadline: 2024-06-15
""",
}
SECRETS = (
    "room: a room that nobody else shall find\n"
    "sealed: What nobody reads before the middle of June, as it stands in no public file.\n"
)
NEWS = "- {date: 2024-04-01, text: {en: A *paper* is out., zh: 论文发表。}, link: publications/}\n"
PROJECTS = """\
safe:
  title: {en: Safe models, zh: 安全模型}
  summary: {en: We look., zh: 我们在看。}
  people: [ann, wang]
  themes: [trust]
  publications: [lee2024]
"""
PAPERS = """\
@inproceedings{lee2024,
  author = {Ann Lee and Wang, Wei and Bell, Bob},
  title = {On {T}rust},
  booktitle = {ICLR},
  year = {2024},
  theme = {trust},
  talk = {weekly/trust},
}
"""
NOTE = """\
---
description: What I saw.
author: ann
date: 2024-05-06
tags: [{en: Trust, zh: 信任}]
talk: weekly/trust
---
# Seen in the talk

It was clear.
"""
CAPTIONS = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Wei Wang>Trust is hard.\n"
RESEARCH = "# {0}\n\nOne sentence.\n\n## Sources\n\n- a\n"
CARD = """\
name: robust
recipe: robust
summary: Names digits.
data: digits
model: small_cnn
classes: ['0', '1']
classes_zh: [零, 一]
image_shape: [1, 28, 28]
parameters: 298602
threat: {norm: Linf, eps: 0.15}
clean_accuracy: 0.9861
robust_accuracy: 0.9389
attack: PGD
judged_on: 360 pictures
seed: 0
versions: {python: 3.11.7, torch: 2.13.0, numpy: 2.4.6}
device: cpu
seconds: 1256
date: '2026-11-21'
sha256: 9d33afba28b5744a8024ed2a742c302b4c9e5bb10ea77375486292a3a871be9a
tolerance: 0.02
"""
METHOD = 'def step(images) -> WhiteBox:\n    """Take one step."""\n'
TABLE = '{"title": "Speed", "rows": [{"steps": 10, "seconds": 1.5}], "notes": ["On a laptop."]}\n'
DEMO = '"""Playground: Change a picture.\n\nAnd look.\n"""\n'
LANGUAGE = (Path(material.__file__).parent / "templates/partials/languages/en.html").read_text()
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="{0}"/></svg>\n'


def entry(name: str) -> str:
    """Where an entry lies: `weekly/trust`, `people`."""
    return f"seminars/{name}.yaml"


def files() -> dict[str, str]:
    """The project as it is before anybody edits it."""
    texts = {"site": SITE, "people": PEOPLE, "series": SERIES, "news": NEWS, "projects": PROJECTS}
    pages = {f"docs/{zh}research/{one}.md" for zh in ("", "zh/") for one in ("trust", "attacks")}
    return {
        "mkdocs.yml": MKDOCS,
        "overrides/partials/languages/en.html": LANGUAGE,
        **{entry(name): text for name, text in {**texts, **TALKS}.items()},
        entry("secrets"): SECRETS,
        "seminars/weekly/trust.en.vtt": CAPTIONS,
        **{name: RESEARCH.replace("{0}", Path(name).stem) for name in sorted(pages)},
        "docs/explanation/overview.md": "# Overview\n\nAll of it.\n",
        "docs/reference/index.md": "# Reference\n",
        "docs/reference/attacks.md": "# Attacks\n\n## step { #robustlib.attacks.step }\n",
        "docs/publications.bib": PAPERS,
        "docs/notes/seen.md": NOTE,
        "docs/zh/notes/seen.md": "---\ndescription: 所见。\n---\n# 讲座所见\n\n很清楚。\n",
        "docs/assets/images/ann.svg": PICTURE.replace("{0}", "M0 0h8"),
        "demos/playground.py": DEMO,
        "robustlib/attacks/__init__.py": "attacks = Catalog(__name__)\n",
        "robustlib/attacks/step.py": METHOD,
        "robustlib/zoo/robust.yaml": CARD,
        "benchmarks/results/speed.json": TABLE,
    }
