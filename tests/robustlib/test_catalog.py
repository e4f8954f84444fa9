import sys
from pathlib import Path

import pytest

from robustlib.catalog import Catalog
from robustlib.errors import UnknownNameError


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "a_room_for_tests"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "_base.py").write_text("raise RuntimeError('furniture is no entry')")
    (folder / "lamp.py").write_text("def lamp(): return 'light'")
    (folder / "broken.py").write_text("raise RuntimeError('imported too early')")
    monkeypatch.syspath_prepend(tmp_path)
    yield folder.name
    for name in [name for name in sys.modules if name.startswith(folder.name)]:
        del sys.modules[name]


def test_a_folder_is_a_mapping(room: str) -> None:
    catalog = Catalog(room)
    assert list(catalog) == ["broken", "lamp"]
    assert len(catalog) == 2
    assert catalog["lamp"]() == "light"
    assert repr(catalog) == "Catalog('a_room_for_tests'): broken, lamp"


def test_a_file_is_imported_when_it_is_asked_for(room: str) -> None:
    catalog = Catalog(room)
    assert "broken" in catalog
    assert "_base" not in catalog
    with pytest.raises(RuntimeError, match="too early"):
        catalog["broken"]


def test_an_unknown_name_suggests_the_nearest(room: str) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'lamp'"):
        Catalog(room)["lamb"]
    assert Catalog(room).get("chair") is None


def test_a_module_is_the_module_and_its_thing_is_the_thing() -> None:
    from robustlib.attacks import attacks, pgd

    assert pgd.pgd is attacks["pgd"]
