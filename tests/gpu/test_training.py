"""What objectives promise, again on the device, and that a run there goes on where it stopped."""

import pytest
import torch

from robustlib.models.small_cnn import small_cnn
from robustlib.training._loop import fit
from robustlib.training.standard import standard
from tests.robustlib.training import test__loop as loop
from tests.robustlib.training.test__state import *  # noqa: F403
from tests.robustlib.training.test_contract import *  # noqa: F403


@pytest.fixture(autouse=True)
def _one_algorithm(monkeypatch: pytest.MonkeyPatch) -> None:
    """A repeat has the same bits only where cuDNN may not choose anew."""
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", True)
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", False)


def stop(progress) -> None:
    """In the third epoch."""
    if progress.step == 10:
        raise ArithmeticError("planted")


def test_an_interrupted_run_goes_on_on_the_device(device, tmp_path) -> None:
    def trained(folder, report):
        model = small_cnn(in_channels=1, classes=2, width=4)
        terms = {"seed": 2, "folder": folder, "device": device, "report": report}
        return fit(model, loop.pictures(), standard, loop.SCHEDULE, **terms)

    with pytest.raises(ArithmeticError, match="planted"):
        trained(tmp_path, stop)
    steps: list[int] = []
    resumed = trained(tmp_path, lambda progress: steps.append(progress.step))
    assert steps == [9, 10, 11, 12]
    whole = trained(None, None).model.state_dict()
    for name, weight in resumed.model.state_dict().items():
        assert weight.device == device
        assert torch.allclose(weight, whole[name], rtol=0, atol=1e-4), name
