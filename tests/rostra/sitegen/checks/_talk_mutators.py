"""Mistakes inside one talk."""

from tests.rostra.sitegen.checks._mutators import TALK, add, beside, known, put

KEYS = (
    *("title", "zone", "start", "duration", "speakers", "chairs", "panellists", "discussants"),
    *("abstract", "bio", "place", "format", "language", "topics", "status", "moved_from"),
    *("embargo", "do_not_record", "links", "demo", "join", "formerly"),
)
LINKS = ("registration", "stream", "recording", "slides", "paper", "code", "notes")
ROLES = ("speakers", "chairs", "panellists", "discussants")
TEXTS = ("title", "abstract", "bio")

for key in KEYS:
    add("unknown-key", f"⟦{key}x: 1\n")
for key in LINKS:
    put("unknown-key", "links", f"{{⟦{key}x: https://a.example}}")
    put("url", "links", f"{{{key}: ⟦javascript:alert(1)}}")
    put("url", "links", f"{{{key}: ⟦see the mail}}")
for key in ("title", "start"):
    known(
        "missing-key",
        key,
        lambda one, key=key: {TALK: "⟦" + one.without("#", "# yaml-language-server", key)},
    )
    known("duplicate-key", key, lambda one, key=key: {TALK: one.text + f"⟦{key}: again\n"})

for key in (*TEXTS, "place", "language"):
    put("type", key, "⟦[a, b]")
    put("type", key, "⟦1984")
for key in (*ROLES, "topics", "formerly"):
    put("type", key, "⟦wang")
for key in ("links", "demo"):
    put("type", key, "⟦here")
put("type", "do_not_record", "⟦perhaps")
for key in (*TEXTS, "place"):
    put("empty", key, '⟦" "')

for value in ("2024-05-05", "5 May 2024 10:00", "2024-05-05 25:00", "2024-13-01 10:00", "soon"):
    put("time-format", "start", f"⟦{value}")
    put("time-format", "moved_from", f"⟦{value}")
for zone, skipped in (
    ("Europe/Berlin", "2024-03-31 02:30"),
    ("America/New_York", "2024-03-10 02:30"),
    ("Australia/Sydney", "2024-10-06 02:30"),
    ("Africa/Cairo", "2024-04-26 00:30"),
    ("America/Santiago", "2024-09-08 00:15"),
):
    put("time-gap", "start", f"⟦{skipped}", more=f"zone: {zone}\n", what=zone)
for zone, twice in (
    ("Europe/Berlin", "2024-10-27 02:30"),
    ("America/New_York", "2024-11-03 01:30"),
    ("Australia/Sydney", "2024-04-07 02:30"),
    ("Australia/Lord_Howe", "2024-04-07 01:45"),
    ("America/Santiago", "2024-04-06 23:30"),
):
    put("time-fold", "start", f"⟦{twice}", more=f"zone: {zone}\n", what=zone)
for zone, wrong in (("Europe/Berlin", "+00:00"), ("Asia/Kolkata", "+05:00"), ("UTC", "-01:00")):
    value = f"⟦2024-06-05 10:00 {wrong}"
    put("time-offset", "start", value, more=f"zone: {zone}\n", what=zone)
for value in ("0 min", "25 h", "ninety minutes", "-5", "1.5 h", "true"):
    put("duration", "duration", f"⟦{value}")
for value in ("Europe/Berlim", "CET+1", "Hong Kong", "UTC+8"):
    put("zone", "zone", f"⟦{value}")
for key, value in (
    ("status", "canceled"),
    ("status", "done"),
    ("format", "on-line"),
    ("format", "zoom"),
):
    put("choice", key, f"⟦{value}")
for value in ("French", "english", "xx-", "zz"):
    put("language", "language", f"⟦{value}")

for role in ROLES:
    put("unknown-person", role, "[⟦nobody]")
    put("twice", role, "[⟦wang, wang]")
put("unknown-demo", "demo", "{name: ⟦attack_playgrund}")
for setting in ("⟦atack: pgd", "attack: ⟦pgdd", "eps: ⟦1000", "goal: ⟦some", "steps: ⟦true"):
    put("demo-setting", "demo", f"{{name: attack_playground, settings: {{{setting}}}}}")
for value in ("weekly", "a/b/c", "Weekly/One"):
    put("slug", "formerly", f"[⟦{value}]")

for key in TEXTS:
    for latex in (r"\los", r"\frac{1}{2", "a & b"):
        put("formula", key, f"|\n  of $⟦{latex}$ here")
for key in (*TEXTS, "place"):
    put("private", key, "by ⟦ann@uni.example at noon")
for secret in (
    *("https://x.example/?⟦pwd=4711", "Password: 4711", "passcode=abc", "密码：4711"),
    *("https://zoom.us/j/1", "https://meeting.tencent.com/dm/a", "https://meet.google.com/abc"),
    *("https://teams.microsoft.com/l/meetup-join/1", "https://vc.feishu.cn/j/12"),
):
    marked = secret if "⟦" in secret else f"⟦{secret}"
    put("private", "abstract", f"|\n  see {marked}")
add("private", "# ask ⟦ann@uni.example\n")
put("secret", "join", "⟦room-5")
put("secret", "join", "⟦https://rooms.example/5")

put("embargo", "title", "⟦!secret x")
put("embargo", "abstract", "⟦!secret x")
put("embargo", "bio", "⟦!secret x")
put("embargo", "embargo", "⟦2999-01-01 10:00")
for key in TEXTS:
    put("embargo-over", key, "⟦!secret x", more="embargo: 1999-01-01 10:00\n")
put("moved", "status", "⟦moved")
known(
    "moved",
    "to where it was",
    lambda one: {TALK: one.text + f"moved_from: ⟦{one.start:%Y-%m-%d %H:%M}\n"},
)
for value in ("in-person", "hybrid"):
    known(
        "format",
        value,
        lambda one, value=value: {TALK: one.without("place") + f"format: ⟦{value}\n"},
    )
for place in ("Online", "Zoom", "线上", "腾讯会议"):
    put("format", "place", f"⟦{place}")
put("do-not-record", "do_not_record", "⟦true", more="links: {recording: https://a.example}\n")

known("yaml", "a colon", lambda one: {TALK: one.without("place") + "place: room⟦: five\n"})
known("yaml", "a tab", lambda one: {TALK: one.text + "links:\n⟦\tslides: x\n"})
known(
    "yaml", "an open brace", lambda one: {TALK: one.without("demo") + "demo: {name: x\nplace⟦: y\n"}
)
known(
    "yaml",
    "deep",
    lambda one: {TALK: one.without("demo") + "demo: " + "[" * 20 + "⟦[]" + "]" * 20 + "\n"},
)
known("alias", "place", lambda one: {TALK: one.without("place") + "place: &a X\n⟦bio: *a\n"})
put("tag", "place", "⟦!!python/name:os.system x")
put("tag", "bio", "⟦!include x")
put("character", "place", r'⟦"a\x00b"')
put("character", "bio", r'⟦"a\uFFFEb"')
put("bidi", "place", "room ⟦\u202efive", what="an override")
put("bidi", "bio", '⟦"a\\u2066b"', what="an escaped isolate")
add("bidi", "# seen as ⟦\u202bother\n", what="an embedding in a comment")
put("character", "place", "e⟦" + "\u0301" * 9, what="marks without end")
put("character", "bio", "a⟦\u200bb", what="a blank without width")
put("formula", "bio", r"see $⟦\text{<!--><script>alert(1)</script>-->}$", what="a comment")
known("type", "an empty file", lambda one: {TALK: "⟦"})
known("type", "a list", lambda one: {TALK: "⟦- title: x\n"})

for name in ("On-Trust", "a_b", "a--b"):
    beside("slug", f"weekly/{name}.yaml", "⟦title: x\nstart: 1999-05-05 10:00\n")
beside("file", "weekly/other.yml", "⟦title: x\n")
beside("unknown-series", "weekli/other.yaml", "⟦title: x\nstart: 1999-05-05 10:00\n")
