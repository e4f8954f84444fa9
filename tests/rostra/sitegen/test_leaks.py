"""The scan of a finished site: a secret is found however it is written, and nothing else is."""

import base64
import gzip
import html
import json
import re
import shutil
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from mkdocs.exceptions import Abort

from rostra.sitegen import leaks as scan
from rostra.sitegen.embargo import Veil
from rostra.sitegen.leaks import Leak, leaks, remove
from rostra.sitegen.programme import Programme, load
from tests.rostra.sitegen._building import built

ROOT = Path(__file__).parents[3]
BEFORE, AFTER = datetime(2024, 5, 2, 7, tzinfo=UTC), datetime(2024, 5, 2, 9, tzinfo=UTC)
ADDRESS = "https://rooms.example/in/Zx9?who=a&key=Tulip\"7'"
ABSTRACT = """We show that every *certified* defence of the last decade can be broken by a patient
adversary who waits for the defender to publish."""
HAN = "我们证明过去十年中每一种经过认证的防御都会被耐心的对手攻破，只要他等待防守者先发表。"
SECRETS = f"""\
room: {json.dumps(ADDRESS)}
code: R4711-b
title: On patience and proof
abstract: {json.dumps({"en": ABSTRACT, "zh": HAN}, ensure_ascii=False)}
"""
TALK = """\
title: !secret title
start: 2024-05-05 10:00
embargo: 2024-05-02 10:00
speakers: [wang]
abstract: !secret abstract
join: !secret room
"""


def ics(text: str) -> str:
    """As a calendar writes it: signs escaped, and a line folded after every nine characters."""
    escaped = text.replace("\\", "\\\\").replace(",", "\\,").replace("\n", "\\n")
    return "\r\n ".join(escaped[at : at + 9] for at in range(0, len(escaped), 9))


def split(text: str) -> str:
    return f"{html.escape(text[:4])}<wbr>{html.escape(text[4:])}"


def png(kind: bytes, data: bytes) -> bytes:
    chunk = len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + chunk


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "as it is": lambda text: text.encode(),
    "html": lambda text: html.escape(text).encode(),
    "attribute": lambda text: f'<a href="{html.escape(text)}">x</a>'.encode(),
    "numbers": lambda text: "".join(f"&#{ord(one)};" for one in text).encode(),
    "hex numbers": lambda text: "".join(f"&#x{ord(one):x};" for one in text).encode(),
    "json": lambda text: json.dumps({"a": text}).encode(),
    "json of Chinese": lambda text: json.dumps({"a": text}, ensure_ascii=False).encode(),
    "json in html": lambda text: html.escape(json.dumps([text])).encode(),
    "html in json in html": lambda text: html.escape(json.dumps(html.escape(text))).encode(),
    "all escaped": lambda text: "".join(
        f"\\u{int.from_bytes(text.encode('utf-16-be')[at : at + 2], 'big'):04x}"
        for at in range(0, len(text.encode("utf-16-be")), 2)
    ).encode(),
    "address": lambda text: quote(text, safe="").encode(),
    "calendar": lambda text: f"BEGIN:VEVENT\r\nDESCRIPTION:{ics(text)}\r\nEND:VEVENT".encode(),
    "split by markup": lambda text: split(text).encode(),
    "split by a soft hyphen": lambda text: f"{text[:5]}\u00ad{text[5:]}".encode(),
    "split by a line": lambda text: f"{text[:5]}\n   {text[5:]}".encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
    "data address": lambda text: (
        b"url(data:text/plain;base64," + base64.b64encode(b"seen: " + text.encode()) + b")"
    ),
    "picture's text": lambda text: png(b"tEXt", b"Comment\0" + text.encode()),
    "picture's packed text": lambda text: png(
        b"zTXt", b"Comment\0\0" + zlib.compress(text.encode())
    ),
    "picture's packed words": lambda text: png(
        b"iTXt", b"XML\0\1\0\0\0" + zlib.compress(text.encode())
    ),
    "picture's packet": lambda text: b"\xff\xe1\0\1<x:xmpmeta>" + html.escape(text).encode(),
    "camera's note": lambda text: b"\xff\xe1Exif\0\0UNICODE\0" + text.encode("utf-16-le"),
    "a stream of PDF": lambda text: b"%PDF-1.4\nstream\n" + zlib.compress(text.encode()),
}
TOLD = {
    "'room'": ADDRESS,
    "'code'": "R4711-b",
    "'title'": "On patience and proof",
    "'abstract.en'": "can be broken by a patient adversary who waits",
    "'abstract.zh'": "经过认证的防御都会被耐心的对手",
}


@pytest.fixture
def programme(seminars) -> Programme:
    return load(seminars({"weekly/trust.yaml": TALK, "secrets.yaml": SECRETS}), BEFORE)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    return tmp_path / "site"


def found(site: Path, programme: Programme, content: bytes = b"", now: datetime = BEFORE):
    (site / "a").write_bytes(content)
    veil = Veil(now, programme.folder, ZoneInfo("Europe/Berlin"))
    return list(leaks(site, programme, veil))


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize(("name", "text"), TOLD.items(), ids=TOLD)
def test_a_secret_is_found_however_it_is_written(site, programme, name, text, write) -> None:
    content = b"Come: " + write(text) + b" at ten"
    assert [name in leak.what for leak in found(site, programme, content)] == [True]


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("name", ["'room'", "'abstract.zh'"])
def test_a_secret_is_found_wherever_it_stands_in_a_large_file(
    site, programme, monkeypatch, name, write
) -> None:
    monkeypatch.setattr(scan, "BATCH", 256)
    monkeypatch.setattr(scan, "OVERLAP", 1 << 10)
    monkeypatch.setattr(scan, "LONGER", 24)
    secret = write(TOLD[name])
    overlap = (1 << 10) + 24 * len(ABSTRACT)
    for end in (256 + overlap, 256 + 2 * overlap, 2 * (256 + overlap)):  # of pieces, and of steps
        for part in (0, 1, len(secret) // 2, len(secret)):
            content = b" ".join([b"x" * (end - part - 1), secret, b"y" * 2 * overlap])
            assert [name in leak.what for leak in found(site, programme, content)] == [True]


def test_an_address_is_found_wherever_it_stands_in_a_large_file(site, programme, monkeypatch):
    monkeypatch.setattr(scan, "BATCH", 256)
    monkeypatch.setattr(scan, "OVERLAP", 1 << 10)
    bad = b"https://uni.example/join?id=4&token=xyz9"
    for place in range(200, 100_000, 7919):
        content = b" ".join([b"x" * place, bad, b"y" * 50_000])
        assert len(found(site, programme, content)) == 1


@pytest.mark.parametrize("before", ["", "a", "ab"])
@pytest.mark.parametrize("text", [ADDRESS, "R4711-b", "On patience and proof", ABSTRACT, HAN])
def test_base64_hides_no_secret(site, programme, text: str, before: str) -> None:
    coded = base64.b64encode(f"{before}{text} and more".encode())
    assert len(found(site, programme, b'{"key": "' + coded)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "R47110-b and R4711-bb and xR4711-b",
        "r4711-b",
        "On patience, and proofs",
        "reason patience and proof",
        "every certified defence of the last ten years",
        "can be broken by a patient reader who waits for the defender",
        "过去十年中每一种方法都会被耐心的人攻破",
        "https://rooms.example/in/",
    ],
)
def test_what_is_only_like_it_is_no_secret(site, programme, text: str) -> None:
    assert found(site, programme, text.encode()) == []


def test_a_finding_says_where_and_never_repeats_the_secret(site, programme) -> None:
    assert found(site, programme, b"one\ntwo R4711-b\n") == [Leak("a", 2, "the secret 'code'")]


def test_the_name_of_a_file_tells_as_well(site, programme) -> None:
    (site / "R4711-b.txt").touch()
    assert [leak.file for leak in found(site, programme)] == ["R4711-b.txt"]


def test_what_the_environment_holds_is_a_secret(site, programme, monkeypatch) -> None:
    monkeypatch.setenv("ROSTRA_SECRET_DOOR", "green-dragon-5")
    (leak,) = found(site, programme, b"say green-dragon-5")
    assert leak.what == "the secret '$ROSTRA_SECRET_DOOR'"


@pytest.mark.parametrize("text", ["4711", "'  7 '", "信任"])
def test_a_secret_that_is_too_short_to_be_found_is_a_fault(site, seminars, text: str) -> None:
    folder = seminars({"secrets.yaml": f"door: {text}\n"})
    (leak,) = found(site, load(folder, BEFORE))
    assert (leak.file, leak.what) == (
        "secrets.yaml",
        "the secret 'door' is too short to be found again: give it 6 letters or digits",
    )


def test_a_text_is_no_secret_once_its_embargo_is_over(site, programme) -> None:
    text = "\n".join(TOLD.values()).encode()
    assert {leak.what for leak in found(site, programme, text, AFTER)} == {
        "the secret 'room'",
        "the secret 'code'",
    }


def test_a_text_that_another_talk_still_withholds_stays_one(site, seminars) -> None:
    other = TALK.replace("2024-05-02 10:00", "2024-05-04 10:00").replace("05-05", "05-06")
    files = {"weekly/trust.yaml": TALK, "weekly/other.yaml": other, "secrets.yaml": SECRETS}
    programme = load(seminars(files), AFTER)
    assert len(found(site, programme, TOLD["'title'"].encode(), AFTER)) == 1


CREDENTIALS = [
    "https://uni.example/j?pwd=abc12",
    "https://uni.example/j?a=1&amp;token=abc12",
    "https://ann:hunter2@uni.example/",
    "https:\\/\\/zoom.us\\/j\\/123",
    "https%3A%2F%2Fzoom.us%2Fj%2F123",
    "HTTPS://ZOOM.US/j/123",
    "LOCATION:https://zo\r\n om.us/j/123",
    "https&#58;//meet.google.com/abc-defg-hij",
]


@pytest.mark.parametrize("text", CREDENTIALS)
def test_no_address_may_let_anybody_in(site, programme, text: str) -> None:
    (leak,) = found(site, programme, b"\n" + text.encode())
    assert (leak.line, leak.what.startswith("an address ")) == (2, True)


@pytest.mark.parametrize(
    "text", ["ann@uni.example", "Password: 4711", "https://a.example/?page=2", "https://zoom.us/"]
)
def test_what_hand_written_pages_say_on_purpose_is_left(site, programme, text: str) -> None:
    assert found(site, programme, text.encode()) == []


def test_files_that_tell_are_taken_away(site, programme) -> None:
    (site / "b").write_text("R4711-b")
    (site / "c").write_text("fine")
    veil = Veil(BEFORE, programme.folder, None)
    assert [leak.file for leak in remove(site, programme, veil)] == ["b"]
    assert [path.name for path in site.iterdir()] == ["c"]


def test_a_build_that_would_tell_ends_and_leaves_nothing_that_does(tmp_path, caplog) -> None:
    project = tmp_path / "project"
    (project / "docs").mkdir(parents=True)
    (project / "docs" / "note.md").write_text("# A note\n\nThe code is R4711-b.\n")
    (project / "docs" / "other.md").write_text("# Another note\n")
    shutil.copytree(ROOT / "seminars", project / "seminars")
    (project / "seminars" / "secrets.yaml").write_text("code: R4711-b\n")
    (project / "mkdocs.yml").write_text(
        "site_name: x\ntheme: {name: material, font: false}\nnot_in_nav: '*'\nplugins: [rostra]\n"
    )
    with pytest.raises(Abort):
        built(project, tmp_path / "site", strict=False)
    assert re.search(r"note/index\.html:\d+: the secret 'code'", caplog.text)
    assert "R4711" not in caplog.text
    assert not (tmp_path / "site/note/index.html").exists()
    assert (tmp_path / "site/other/index.html").exists()
    left = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    assert [path for path in left if b"R4711-b" in path.read_bytes()] == []
