"""An index that is brought up to date equals one that is written anew, to the byte."""

import random
import zlib
from collections.abc import Iterable
from dataclasses import replace

import pytest

from rostra.sitegen.search import index, patch
from rostra.sitegen.search.pages import Document

WORDS = [
    "trust",
    "attack",
    "attacks",
    "learning",
    "l2",
    "norm",
    "robust",
    "privacy",
    "model",
    "models",
]
HAN = "对抗样本攻击防御信任隐私"


def text(chance: random.Random) -> str:
    words = chance.choices(WORDS, k=chance.randint(0, 5))
    han = "".join(chance.choices(HAN[: chance.choice((4, 12))], k=chance.randint(0, 6)))
    return " ".join([*words, han, f"w{chance.randint(0, 400)}"])


def archive(chance: random.Random, pages: int) -> list[Document]:
    days = [f"2026-01-{1 + number % 28:02}" if number % 3 else "" for number in range(pages)]
    return [
        Document(f"talks/{number}/", text(chance), text(chance), day)
        for number, day in enumerate(days)
    ]


def edited(chance: random.Random, documents: Iterable[Document]) -> list[Document]:
    found = list(documents)
    for at in chance.sample(range(len(found)), chance.randint(0, min(3, len(found)))):
        new = {chance.choice(("title", "text")): text(chance)}
        found[at] = replace(found[at], **new)
    chance.shuffle(found)
    return found


@pytest.mark.parametrize("pages", [1, 20, 70, 300])
def test_it_equals_a_new_index(pages) -> None:
    chance = random.Random(pages)
    before = archive(chance, pages)
    there = dict(index.files(before))
    brought = 0
    for _ in range(60):
        now = edited(chance, before)
        anew = dict(index.files(now))
        try:
            patched = patch.files(there.get, before, now)
        except patch.OtherIndexError:
            pass
        else:
            brought += 1
            assert dict(patched) == anew
            assert [path for path, _ in patched] == [path for path, _ in index.files(now)]
        before, there = now, anew
    assert brought >= 20


def test_a_piece_that_turns_common_or_rare_needs_a_new_index() -> None:
    few = [Document(f"{number}/", "", "对抗样本", "") for number in range(32)]
    other = Document("z/", "", "else", "")
    many = [*few, replace(other, text="对抗样")]
    for before, now in (([*few, other], many), (many, [*few, other])):
        with pytest.raises(patch.OtherIndexError):
            patch.files(dict(index.files(before)).get, before, now)


def test_other_pages_or_other_dates_need_a_new_index() -> None:
    before = archive(random.Random(1), 9)
    there = dict(index.files(before))
    for now in (before[1:], [*before, Document("b/", "", "")]):
        with pytest.raises(patch.OtherIndexError):
            patch.files(there.get, before, now)
    with pytest.raises(patch.OtherIndexError):
        patch.files(there.get, before, [replace(before[0], date="2027-01-01"), *before[1:]])


def test_a_file_that_is_not_as_it_was_written_needs_a_new_index() -> None:
    before = archive(random.Random(1), 60)
    there = dict(index.files(before))
    for lost in [path for path in there if not path.startswith("pages/")]:
        with pytest.raises(patch.OtherIndexError):
            patch.files({**there, lost: None}.get, before, before)


def test_terms_that_share_a_code_share_a_list(monkeypatch) -> None:
    def few_codes(terms, title=False):  # so few that most are shared
        return [zlib.crc32(term.encode()) % 97 << 25 | title for term in terms]

    monkeypatch.setattr(index, "codes", few_codes)
    monkeypatch.setattr(patch, "codes", few_codes)
    chance = random.Random(3)
    before = archive(chance, 20)
    for _ in range(20):
        now = edited(chance, before)
        there, anew = dict(index.files(before)), dict(index.files(now))
        assert dict(patch.files(there.get, before, now)) == anew
        before = now
