"""How texts and queries are cut: as Chinese is written, and as words of other scripts begin."""

import pytest

from rostra.sitegen.search.terms import asked, codes, runs


def test_a_short_word_keeps_its_s() -> None:
    assert list(runs("loss bus gas is steps")) == ["loss", "bus", "gas", "is", "step"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("击", ["击"]),
        ("攻击者", ["攻击者"]),
        ("攻击者只看", ["攻击者", "击者只", "者只看"]),
        ("看看看看看", ["看看看"]),
        ("用ＰＧＤ攻击", ["用", "pgd", "攻击"]),
        ("Attacks, attack", ["attack"]),
        ("signs_robust", ["sign", "robust"]),
        ("，。—", []),
    ],
)
def test_a_query_asks_for_all_its_pieces(query: str, expected: list[str]) -> None:
    assert asked(query) == expected


def test_a_code_is_the_standard_checksum_with_one_bit_to_tell_titles() -> None:
    # The check value of CRC-32, which every implementation gives.
    assert codes(["123456789"]) == [0xCBF43926]
    assert codes(["123456789"], title=True) == [0xCBF43927]
