"""Mistakes in publications, notes, projects and news."""

from tests.rostra.sitegen.checks._mutators import TALK, Sample, beside, known

BIB = "docs/publications.bib"
PAPER = "@article{lee,\n  author = {Ann Lee},\n  title = {T},\n  year = {2020},\n}\n"


def paper(rule: str, field: str) -> None:
    """A field that a paper cannot have."""
    beside(rule, BIB, _with(field))


def _with(field: str) -> str:
    return PAPER[: -len("}\n")] + f"  {field},\n}}\n"


for address in ("doi = {⟦doi.org/10.1/x}", "eprint = {⟦arXiv:1}", "url = {⟦javascript:alert(1)}"):
    paper("url", address)
for address in ("code = {⟦//code.example}", "pdf = {⟦a.pdf}"):
    paper("url", address)
paper("unknown-theme", "theme = {⟦attcks}")
paper("unknown-talk", "talk = {weekly/sample, ⟦weekly/smaple}")
for key in ("a/b", "a.b", "ü", "all"):
    beside("slug", BIB, PAPER.replace("{lee,", f"{{⟦{key},"))
for line in ("  author = {Ann Lee},\n", "  title = {T},\n", "  year = {2020},\n"):
    beside("missing-key", BIB, "⟦" + PAPER.replace(line, ""), f"a paper without {line.split()[0]}")
beside("date", BIB, PAPER.replace("2020", "⟦in press"))
beside("bibtex", BIB, "@article{lee,\n  title = {T}\n⟦  year = {2020}\n}\n", "no comma")
beside("bibtex", BIB, "⟦" + PAPER + PAPER, "a key twice")
beside("private", BIB, _with("note = {⟦lee@uni.example}"))
known(
    "which-person",
    "two of one name",
    lambda _: {
        "people.yaml": "other:\n  name: Ann Lee\n  namesake_of: [ann]\n",
        BIB: "⟦" + PAPER,
    },
)

NOTE = "---\ndescription: D.\nauthor: ann\ndate: 2024-05-05\n{more}---\n# A note\n\nText.\n"


def note(rule: str, more: str) -> None:
    """A line that the head of a note cannot have."""
    beside(rule, "docs/notes/a.md", NOTE.replace("{more}", more))


note("unknown-talk", "talk: ⟦weekly/smaple\n")
note("unknown-key", "⟦tag: [x]\n")
note("type", "tags: ⟦x\n")
note("unknown-key", "tags: [{en: x, ⟦fr: y}]\n")
for line, wrong, rule in (
    ("author: ann", "author: ⟦nobody", "unknown-person"),
    ("date: 2024-05-05", "date: ⟦5 May", "date"),
    ("description: D.", 'description: ⟦""', "empty"),
    ("Text.", "Write to ⟦ann@uni.example.", "private"),
):
    beside(rule, "docs/notes/a.md", NOTE.replace("{more}", "").replace(line, wrong))
for line in ("author: ann\n", "date: 2024-05-05\n"):
    text = NOTE.replace("{more}", "").replace(line, "").replace("---\ndesc", "---\n⟦desc")
    beside("missing-key", "docs/notes/a.md", text, f"a note without {line.split(':')[0]}")
beside("front-matter", "docs/notes/a.md", "⟦# A note\n\nText.\n")
beside("front-matter", "docs/notes/a.md", "⟦---\nauthor: ann\n\n# A note\n", "not closed")
for name in ("A_Note", "tags", "index"):
    beside("slug", f"docs/notes/{name}.md", "⟦" + NOTE.replace("{more}", ""))


def translated(_: Sample) -> dict[str, str]:
    """A translation that repeats what its original says."""
    chinese = "---\ndescription: 一句话。\n⟦author: ann\n---\n# 笔记\n"
    return {"docs/notes/a.md": NOTE.replace("{more}", ""), "docs/zh/notes/a.md": chinese}


known("unknown-key", "a translation says more", translated)

PROJECT = "safe:\n  title: Safe models\n  summary: We look.\n"
for line, rule in (
    ("people: [⟦nobody]", "unknown-person"),
    ("themes: [⟦attcks]", "unknown-theme"),
    ("publications: [⟦lee2020]", "unknown-publication"),
    ("since: 2024-05-05\n  until: ⟦2024-05-04", "until"),
    ("until: ⟦soon", "date"),
    ("⟦begin: 2024-05-05", "unknown-key"),
    ("links: [{name: Page, url: ⟦page}]", "url"),
):
    beside(rule, "projects.yaml", f"{PROJECT}  {line}\n")
beside("missing-key", "projects.yaml", "safe:\n  ⟦title: Safe models\n")
beside("slug", "projects.yaml", "⟦" + PROJECT.replace("safe", "Safe"))

NEWS = "- {date: 2024-05-05, text: Here we are.}\n"
for line, rule in (
    ("- {date: ⟦soon, text: x}", "date"),
    ("- ⟦{date: 2024-05-05}", "missing-key"),
    ("- {date: 2024-05-05, text: x, ⟦url: https://a.example}", "unknown-key"),
    ("- {date: 2024-05-05, text: x, link: ⟦/talks}", "path"),
    ('- {date: 2024-05-05, text: x, link: ⟦"http:/x"}', "url"),
    ("- {date: 2024-05-05, text: 'see [it](⟦talks/nothing/)'}", "dead-link"),
    ("- {date: 2024-05-05, text: x, link: ⟦talks/nothing/}", "dead-link"),
):
    beside(rule, "news.yaml", f"{NEWS}{line}\n")
beside("type", "news.yaml", "⟦date: 2024-05-05\ntext: Here we are.\n")

EARLIER = "title: Other\nstart: 1999-05-05 10:00\n"
known(
    "redirect",
    "to a talk that is there",
    lambda one: {"zoo/other.yaml": EARLIER + "formerly: [⟦weekly/sample]\n"},
)
known(
    "redirect",
    "to itself",
    lambda one: {"zoo/other.yaml": EARLIER + "formerly: [weekly/old, ⟦zoo/other]\n"},
)
known(
    "redirect",
    "claimed twice",
    lambda one: {
        TALK: one.without("formerly") + "formerly: [zoo/old]\n",
        "zoo/other.yaml": EARLIER + "formerly: [⟦zoo/old]\n",
    },
)
