import json

from robustlib.conformance import _kept
from robustlib.conformance._base import Finding
from robustlib.conformance._kept import Kept, digest, version
from tests.robustlib.conformance._subjects import ours

FOUND = Finding(True, "all")


def test_what_was_found_is_known_again_to_who_resumes(tmp_path) -> None:
    subject, file = ours("pgd Linf"), tmp_path / "found.json"
    kept = Kept(file)
    kept.keep(subject, "company", FOUND)
    kept.keep(subject, "noise", None)
    again = Kept(file, resume=True)
    assert again.known(subject, "company") == (FOUND,)
    assert again.known(subject, "noise") == (None,)
    assert again.known(subject, "dropout") is None
    assert again.known(ours("pgd L2"), "company") is None
    assert Kept(file).known(subject, "company") is None


def test_of_another_version_nothing_is_known(tmp_path, monkeypatch) -> None:
    subject, file = ours("pgd Linf"), tmp_path / "found.json"
    Kept(file).keep(subject, "company", FOUND)
    monkeypatch.setattr(_kept, "stamp", lambda library: "2.0")
    again = Kept(file, resume=True)
    assert again.known(subject, "company") is None
    again.keep(subject, "noise", FOUND)
    (there,) = json.loads(file.read_text()).values()
    assert list(there["cases"]) == ["noise"]


def test_nothing_is_written_without_a_file() -> None:
    kept = Kept(None)
    kept.keep(ours("pgd Linf"), "company", FOUND)
    assert kept.known(ours("pgd Linf"), "company") == (FOUND,)


def test_a_changed_line_is_another_digest(tmp_path) -> None:
    (tmp_path / "one.py").write_text("1\n")
    before = digest(tmp_path)
    (tmp_path / "one.py").write_text("2\n")
    assert digest(tmp_path) != before


def test_the_version_is_the_packages() -> None:
    assert version("torch").startswith("2.")
    assert version("no-such-package") == "unknown"
