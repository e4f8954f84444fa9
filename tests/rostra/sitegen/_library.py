"""Entries that name each other: papers, notes, a project, news, themes and a talk."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.rostra.sitegen._building import built
from tests.rostra.sitegen.conftest import ENTRIES
from tests.rostra.sitegen.conftest import SITE as LAB

ROOT = Path(__file__).parents[3]
RESEARCH = "# {0}\n\nOne sentence.\n\n## Sources\n\n- a\n"
MKDOCS = """\
site_name: x
theme: {name: material, font: false, palette: {scheme: default}}
markdown_extensions: [attr_list]
not_in_nav: '*'
plugins: [rostra]
"""
PAGES = {f"{zh}research/{one}.md": RESEARCH for zh in ("", "zh/") for one in ("trust", "doubt")}
PAGES |= {"explanation/overview.md": "# x\n", "reference/index.md": "# x\n"}


def small_site(project: Path, entries: Mapping[str, str], now: str) -> Path:
    """Build the site of a small group, strict."""
    files = {f"seminars/{name}": text for name, text in {**ENTRIES, **entries}.items()}
    pages = {f"docs/{name}": text for name, text in PAGES.items()}
    for name, text in {**pages, **files, "mkdocs.yml": MKDOCS}.items():
        path = project / name.replace("seminars/../", "")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{0}", path.stem), encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "assets", project / "docs" / "assets", dirs_exist_ok=True)
    return built(project, project / "site", ROSTRA_NOW=now)


LIBRARY = {
    "site.yaml": LAB
    + """\
groups:
  - name: Us
    themes:
      - {title: {en: Trust, zh: 信任}, page: research/trust/, topics: [trust]}
      - {title: Doubt, page: research/doubt/}
""",
    "weekly/trust.yaml": (
        "title: {en: On trust, zh: 论信任}\nstart: 2024-05-05 10:00\nspeakers: [wang]\n"
    ),
    "projects.yaml": """\
safe:
  title: {en: Safe models, zh: 安全模型}
  summary: {en: We look., zh: 我们在看。}
  people: [ann, wang]
  themes: [trust]
  publications: [lee2020]
  links: [{name: Its page, url: https://safe.example/}]
  since: 2023-01-01
""",
    "news.yaml": """\
- {date: 2024-04-01, text: {en: A *paper* is out., zh: 论文发表。}, link: publications/}
- {date: 2024-02-01, text: Older news., link: https://news.example/}
""",
    "../docs/publications.bib": """\
@inproceedings{lee2024,
  author = {Ann Lee and Wang, Wei and Some Body},
  title = {On {T}rust <i>},
  booktitle = {ICLR},
  year = {2024},
  eprint = {1706.06083},
  theme = {trust},
  talk = {weekly/trust},
}

@article{lee2020,
  author = {ann},
  title = {Doubt},
  journal = {J. X},
  year = {2020},
  theme = {trust, doubt},
}
""",
    "../docs/notes/seen.md": """\
---
description: What I saw.
author: ann
date: 2024-05-06
tags: [{en: Trust, zh: 信任}, figures]
categories: [{en: Lab, zh: 实验}]
talk: weekly/trust
---
# Seen in the talk

It was clear.

## More

Text.
""",
    "../docs/zh/notes/seen.md": "---\ndescription: 所见。\n---\n# 讲座所见\n\n很清楚。\n",
    "../docs/notes/older.md": """\
---
description: An older one.
author: ann
date: 2024-01-06
tags: [trust]
---
# Older

Text.
""",
}
