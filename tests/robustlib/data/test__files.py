"""Files of data sets: where they are looked for, and which pictures are chosen."""

import gzip

import numpy as np
import pytest
import torch

from robustlib.data._files import archive_of, check_asked, content_of, found, root_of, rows_of
from robustlib.errors import DataError, InputError


def test_the_folder_is_the_one_given_or_the_environments(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("ROSTRA_DATA", str(tmp_path / "elsewhere"))
    assert root_of(tmp_path) == tmp_path
    with pytest.raises(DataError, match="elsewhere is no folder"):
        root_of(None)
    monkeypatch.delenv("ROSTRA_DATA")
    with pytest.raises(DataError, match=r"root=folder, or set \$ROSTRA_DATA"):
        root_of(None)


def test_a_seed_chooses_and_the_first_stay_the_first() -> None:
    assert rows_of(50, None, 3, "x").tolist() == list(range(50))
    many, few = rows_of(50, 50, 3, "x"), rows_of(50, 7, 3, "x")
    assert sorted(many.tolist()) == list(range(50))
    assert torch.equal(many[:7], few)
    assert not torch.equal(rows_of(50, 7, 4, "x"), few)
    with pytest.raises(DataError, match="x has 50 pictures in this split, not 51"):
        rows_of(50, 51, 3, "x")


def test_the_first_file_that_is_there_is_taken(tmp_path) -> None:
    (tmp_path / "b").touch()
    (tmp_path / "c").touch()
    assert found(tmp_path, ["a", "b", "c"]) == tmp_path / "b"
    assert found(tmp_path, ["a"]) is None


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(bytes(999), mtime=0)[:-9]])
def test_a_file_that_is_not_whole_is_refused(content, tmp_path) -> None:
    file = tmp_path / "x.gz"
    file.write_bytes(content)
    with pytest.raises(DataError, match=r"x\.gz cannot be read .* fetch it again"):
        content_of(file)


def test_an_archive_runs_nothing(tmp_path) -> None:
    file = tmp_path / "x.npz"
    np.savez(file, a=np.arange(3), b=np.array([print], dtype=object))
    assert archive_of(file, ["a"])[0].tolist() == [0, 1, 2]
    for key in ("b", "c"):
        with pytest.raises(DataError, match=r"x\.npz is not the archive"):
            archive_of(file, [key])


def test_what_is_asked_makes_sense() -> None:
    with pytest.raises(InputError, match="split must be train or test, got 'val'"):
        check_asked("val", None)
    with pytest.raises(InputError, match="count starts from 0, got -1"):
        check_asked("test", -1)
