"""The programme with everything, read once for all of these tests."""

import pytest

from rostra.sitegen.programme import Programme
from tests.rostra.sitegen.feeds import _programme


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    return _programme.programme(tmp_path_factory.mktemp("full"))
