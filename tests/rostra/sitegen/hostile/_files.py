# ruff: noqa: E501 - a table is read by its rows
"""What files may try: notations, captions, names, links and pipes; and the rule that refuses it."""

import os
from collections.abc import Callable
from pathlib import Path

from tests.rostra.sitegen.hostile._entries import BUILT, SCRIPT, TALK

_HEAD = TALK.encode()
_LAUGHS = "l0: &l0 x\n" + "".join(f"l{i}: &l{i} [{f'*l{i - 1},' * 9}]\n" for i in range(1, 30))
NOTATIONS: dict[str, tuple[bytes, str]] = {
    "aliases of aliases": (_LAUGHS.encode(), "alias"),
    "alias of itself": (b"title: &a [*a]\n", "alias"),
    "merge key": (b"a: &a {title: x}\n<<: *a\n", "alias"),
    "python object": (_HEAD + b"bio: !!python/object/apply:os.system [id]\n", "tag"),
    "python name": (_HEAD + b"bio: !!python/name:os.system x\n", "tag"),
    "binary": (_HEAD + b"bio: !!binary aGk=\n", "tag"),
    "set": (_HEAD + b"topics: !!set {a, b}\n", "tag"),
    "own tag": (_HEAD + b"bio: !include /etc/passwd\n", "tag"),
    "tag handle": (b"%TAG ! tag:evil.example,2000:\n---\ntitle: !x y\n", "tag"),
    "deep lists": (_HEAD + b"bio: " + b"[" * 9_000 + b"]" * 9_000, "yaml"),
    "deep maps": (_HEAD + b"bio: " + b"{a: " * 900 + b"}" * 900, "yaml"),
    "deep blocks": (b"".join(b" " * i + b"a:\n" for i in range(400)), "yaml"),
    "open deep lists": (b"[" * 100_000, "yaml"),
    "duplicate key": (_HEAD + b"title: y\n", "duplicate-key"),
    "duplicate quoted key": (_HEAD + b'"title": y\n', "duplicate-key"),
    "list as key": (_HEAD + b"? [a]\n: b\n", "yaml"),
    "map as key": (_HEAD + b"? {a: b}\n: c\n", "yaml"),
    "two documents": (_HEAD + b"---\ntitle: y\n", "yaml"),
    "huge number": (b"title: x\nstart: 2024-05-05 10:00\nduration: " + b"9" * 10_000, "duration"),
    "huge exponent": (_HEAD + b"duration: 1e999999999\n", "duration"),
    "ten megabytes": (_HEAD + b"bio: " + b"x" * 10_000_000, "size"),
    "a million signs": (_HEAD + b"bio: |\n" + b"  xxxxxxxx\n" * 95_000, "size"),
    "UTF-16": (_HEAD.decode().encode("utf-16"), "encoding"),
    "UTF-32": (_HEAD.decode().encode("utf-32"), "encoding"),
    "Latin-1": ("title: Gödel\n".encode("latin-1"), "encoding"),
    "overlong": (b"title: \xc0\xaf\n", "encoding"),
    "half a sign": (b"title: \xe4\xbf\n", "encoding"),
    "surrogate in UTF-8": (b"title: \xed\xa0\x80\n", "encoding"),
    "NUL": (b"title: a\0b\n", "yaml"),
    "NULs only": (b"\0" * 99, "yaml"),
    "escape sequence": (b"title: a\x1b[2Jb\n", "yaml"),
    "two marks": (b"\xef\xbb\xbf\xef\xbb\xbf" + _HEAD, BUILT),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "encoding"),
    "gzip": (b"\x1f\x8b\x08\0\0\0\0\0", "encoding"),
    "empty": (b"", "type"),
    "only a comment": (b"# nothing\n", "type"),
    "only a number": (b"7", "type"),
    "only markup": (b"<html></html>", "type"),
    "with carriage returns only": (_HEAD.replace(b"\n", b"\r"), BUILT),
    "with marks and returns": (b"\xef\xbb\xbf" + _HEAD.replace(b"\n", b"\r\n"), BUILT),
    "reserved anchors": (b"title: &a x\nstart: 2024-05-05 10:00\n", BUILT),
}

# --- captions ------------------------------------------------------------------------------------

_CUE = "WEBVTT\n\n00:01.000 --> 00:02.000\n"
CAPTIONS: dict[str, tuple[bytes, str]] = {
    "script": ((_CUE + f"<script>{SCRIPT}</script>\n").encode(), BUILT),
    "entities": ((_CUE + "&lt;script&gt;alert(1)&lt;/script&gt;\n").encode(), BUILT),
    "voice": ((_CUE + '<v "><script>alert(1)</script>>hi\n').encode(), BUILT),
    "style": (b"WEBVTT\n\nSTYLE\n::cue{background:url(//evil.example)}\n", BUILT),
    "template": ((_CUE + "{{ 7*7 }}\n").encode(), BUILT),
    "open tags": ((_CUE + "<" * 100_000).encode(), BUILT),
    "endless hour": (("WEBVTT\n\n" + "9" * 5000 + ":00:01.000 --> 00:02.000\nx\n").encode(), "captions"),
    "no head": (b"00:01.000 --> 00:02.000\nx\n", "captions"),
    "NUL": ((_CUE + "a\0b\n").encode(), "captions"),
    "bidi": ((_CUE + "a\u202eb\n").encode(), "captions"),
    "UTF-16": (_CUE.encode("utf-16"), "encoding"),
    "ten megabytes": ((_CUE + "x" * 10_000_000).encode(), "size"),
}  # fmt: skip


# --- trees: what lies where, and which file is to blame -------------------------------------------


def _link(folder: Path, name: str, target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(target)


def _series(folder: Path) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "x.yaml").write_text(TALK)
    (folder / "zoo").symlink_to(outside)


def _pipe(name: str) -> Callable[[Path], None]:
    return lambda folder: os.mkfifo(folder / name)


def _linked(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: _link(folder, name, folder.parent / "outside" / "kept", text)


def _named(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(TALK) and None


def _large(folder: Path) -> None:
    people = "".join(f"p{i}:\n  name: Person {i}\n" for i in range(50_000))
    (folder / "people.yaml").write_text(people)


TREES: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "linked talk": (_linked("weekly/x.yaml", TALK), "weekly/x.yaml", "file"),
    "linked site": (_linked("site.yaml", "id: x\n"), "site.yaml", "file"),
    "linked people": (_linked("people.yaml", "root: x\n"), "people.yaml", "file"),
    "linked series": (_series, "zoo/x.yaml", "file"),
    "linked captions": (_linked("weekly/trust.en.vtt", _CUE), "weekly/trust.en.vtt", "file"),
    "pipe as a talk": (_pipe("weekly/x.yaml"), "weekly/x.yaml", "file"),
    "pipe as captions": (_pipe("weekly/trust.en.vtt"), "weekly/trust.en.vtt", "file"),
    "folder as a talk": (lambda folder: (folder / "weekly/x.yaml").mkdir(), "weekly/x.yaml", "file"),
    "another suffix": (_named("weekly/x.yml"), "weekly/x.yml", "file"),
    "fifty thousand people": (_large, "people.yaml", "size"),
    "no series": (
        lambda folder: ((folder / "evil").mkdir(), (folder / "evil/x.yaml").write_text(TALK)),
        "evil/x.yaml",
        "unknown-series",
    ),
    **{
        f"device {name}": (_named(f"weekly/{name}.yaml"), f"weekly/{name}.yaml", "slug")
        for name in ("con", "prn", "aux", "nul", "com1", "lpt9")
    },
    **{
        f"named {name!r}": (_named(f"weekly/{name}.yaml"), f"weekly/{name}.yaml", "slug")
        for name in ("a b", "<script>", "{{ x }}", "A", "Trust", "a_b", "-x", "a'b", "信任", "a;b", "a%2fb")
    },
}  # fmt: skip
