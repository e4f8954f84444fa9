"""What only a device that is not the CPU can show of the engine."""

from typing import Any

import pytest
import torch

from robustlib._passes import bucket
from robustlib.attacks.pgd import pgd
from robustlib.engine import attack, craft
from robustlib.errors import InputError
from robustlib.goals import Misclassify
from robustlib.threats import Linf


def test_the_device_agrees_with_the_cpu(net, pictures) -> None:
    """The same numbers are drawn, so in float64 the results are the same up to rounding."""
    model, images = net(), pictures(12)
    labels = model(images).argmax(1)
    there = attack(model, images, Misclassify(labels), Linf(0.05), pgd)
    here = attack(model.cpu(), images.cpu(), Misclassify(labels.cpu()), Linf(0.05), pgd)
    model.to(images.device)
    assert torch.equal(there.success.cpu(), here.success)
    assert torch.allclose(there.adversarial.cpu(), here.adversarial, rtol=0, atol=1e-9)


def test_results_come_back_to_where_the_images_were(net, pictures) -> None:
    model, images = net(), pictures(3).cpu()
    goal = Misclassify(torch.zeros(3, dtype=torch.int64))
    assert attack(model, images, goal, Linf(0.1), pgd).adversarial.device.type == "cpu"
    assert craft(model, images, goal, Linf(0.1), pgd).device.type == "cpu"
    with pytest.raises(InputError, match="move the model"):
        attack(model, images, goal, Linf(0.1), pgd, device="meta")


@pytest.mark.gpu
def test_passes_come_in_few_sizes(net, pictures) -> None:
    sizes: set[int] = set()
    model, images = net(), pictures(100)

    def counted(shown: Any) -> Any:
        sizes.add(len(shown))
        return model(shown)

    labels = model(images).argmax(1)
    attack(counted, images, Misclassify(labels), Linf(0.3), pgd, device=images.device)
    assert all(size == bucket(size) for size in sizes)
