"""The Nu HTML checker finds nothing on any page: every kind, both languages, pages for frames too.

It also reads every style sheet and picture that we write. `.ci/run` fetches it; the network is
not asked here.
"""

import json
import shutil
import subprocess
import tarfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser._everything import fullest, kinds
from tests.browser.conftest import ROOT

PACKAGE = ROOT / ".cache/vnu-jar-26.9.27.tgz"
THEIRS = ("main.", "palette.")  # Material's sheets, minified: we write none of their lines
# What the checker does not know → why it is right as it is.
LET_THROUGH = {
    "CSS: “display”: “math” is not a “display” value.": "MathML Core: display: inline math",
    "CSS: “width”: The types are incompatible.": "calc() with a variable, whose type it cannot see",
    "CSS: “vector-effect”: Property “vector-effect” doesn't exist.": "of SVG 2, for drawings",
    "CSS: “paint-order”: Property “paint-order” doesn't exist.": "of SVG 2, for drawings",
}


@pytest.fixture(scope="session")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], list[dict[str, str]]]:
    java = shutil.which("java")
    if java is None or not PACKAGE.is_file():
        pytest.fail("No java, or no vnu-jar: `.ci/run` gets both.", pytrace=False)
    folder = tmp_path_factory.mktemp("vnu")
    with tarfile.open(PACKAGE) as archive:
        member = archive.getmember("package/build/dist/vnu.jar")
        archive.extract(member, folder, filter="data")

    def check(site: Path) -> list[dict[str, str]]:
        """One machine for the whole site."""
        written = [path for end in ("html", "css", "svg") for path in site.rglob(f"*.{end}")]
        ours = [str(path) for path in written if not path.name.startswith(THEIRS)]
        command = [java, "-jar", str(folder / member.name), "--format", "json"]
        command += ["--also-check-css", "--also-check-svg", "--exit-zero-always", *ours]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
        return list(json.loads(done.stderr)["messages"])

    return check


def told(messages: list[dict[str, str]], site: Path) -> list[str]:
    """What is left of the checker's words, each with its file and line."""
    return [
        f"{one['url'].removeprefix(f'file:{site}/')}:{one.get('lastLine')}: {one['message']}"
        for one in messages
        if one["message"] not in LET_THROUGH
    ]


def test_the_site_has_every_kind_of_page_in_both_languages(everything: tuple[str, Path]) -> None:
    """A new template joins by its kind; tests/browser/_everything.py gives it something to show."""
    found = fullest(everything[1])
    assert {kind for kind, _ in found} == kinds()
    english_only = {"reference", "how-to", "explanation"}
    assert {kind for kind, language in found if language == "zh"} == kinds() - english_only


def test_no_page_has_an_error_or_a_warning(
    everything: tuple[str, Path], checker: Callable[[Path], list[dict[str, str]]]
) -> None:
    site = everything[1]
    messages = checker(site)
    assert told(messages, site) == []
    unused = LET_THROUGH.keys() - Counter(one["message"] for one in messages)
    assert not unused, "let through, but nothing says so any more"


def test_it_would_be_seen(tmp_path: Path, checker: Callable[[Path], list[dict[str, str]]]) -> None:
    page = '<!doctype html><html lang="en"><head><title>A</title></head><body>{}</body></html>'
    (tmp_path / "good.html").write_text(page.format("<p>Good.</p>"))
    (tmp_path / "bad.html").write_text(page.format("<p><div>Bad.</div></p><img src=a.png>"))
    (tmp_path / "bad.css").write_text("p { colour: red }")
    (tmp_path / "bad.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><rekt/></svg>')
    said = told(checker(tmp_path), tmp_path)
    assert {line.split(":")[0] for line in said} == {"bad.html", "bad.css", "bad.svg"}
