"""Pages that say which attack to take are right: it knows the threat models of its row."""

import json
import re
from pathlib import Path

import pytest

from robustlib.attacks import attacks
from rostra.sitegen.inventory import read

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs" / "how-to" / f"attack-{level}.md" for level in ("white-box", "score")]
PAGES.append(ROOT / "docs" / "how-to" / "attack-decision.md")
KNOWS = {
    one.name: set(one.abilities.threats) for one in read(ROOT).methods if one.abilities is not None
}
ALL = {"Linf", "L2", "L1", "L0", "Patch"}
WRAPPERS = {"eot", "transfer"}


def advice(text: str) -> list[tuple[set[str], set[str]]]:
    """Of each row of the table: the threat models that it speaks of, the attacks that it names."""
    table = text.split("\n| --- | --- | --- |\n")[1].split("\n\n")[0]
    rows = []
    for row in table.splitlines():
        _, threats, taken = row.strip("| ").split(" | ")
        named = ALL if threats.startswith("any") else set(re.findall(r"`(\w+)", threats)) & ALL
        rows.append((named, set(re.findall(r"`(\w+)", taken))))
    return rows


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_an_attack_that_a_page_says_to_take_knows_the_threats_of_its_row(page: Path) -> None:
    rows = advice(page.read_text(encoding="utf-8"))
    assert len(rows) > 5
    for threats, taken in rows:
        known = taken & set(attacks) - WRAPPERS
        assert known or taken & WRAPPERS
        assert all(threats <= KNOWS[name] for name in known), (threats, taken)


def test_a_row_of_any_threat_means_all_five() -> None:
    page = "| a | b | c |\n| --- | --- | --- |\n| turned | any | `spatial` |\n\nMore."
    assert advice(page) == [(ALL, {"spatial"})]
    assert not KNOWS["spatial"] >= ALL


def test_what_would_falsify_the_claim_about_the_zoo_is_not_in_its_table() -> None:
    """AutoAttack adds at most one picture in a thousand to what the cascade breaks."""
    page = (ROOT / "docs" / "explanation" / "how-strong-are-our-attacks.md").read_text("utf-8")
    assert "if** AutoAttack added more than one picture in a thousand" in page
    kept = json.loads((ROOT / "benchmarks" / "results" / "zoo_strength.json").read_bytes())
    for row in kept["rows"]:
        added = row["robustlib, robust %"] - row["both, robust %"]
        assert round(added, 1) <= 0.1, row
