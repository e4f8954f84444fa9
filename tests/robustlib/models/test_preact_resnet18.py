"""The residual network: its size, and its arithmetic beside the paper's written out."""

import torch
from torch import nn
from torch.nn import functional

from robustlib.models.preact_resnet18 import preact_resnet18
from tests.robustlib.models.test_small_cnn import cost


def test_its_size_is_the_papers() -> None:
    """11.17 million weights for ten classes, 17 convolutions in a line, three beside it."""
    model = preact_resnet18()
    assert sum(each.numel() for each in model.parameters()) == 11_172_170
    sizes = [each.kernel_size for each in model.modules() if isinstance(each, nn.Conv2d)]
    assert (sizes.count((3, 3)), sizes.count((1, 1))) == (17, 3)
    assert 5.5e8 < cost(model.eval(), torch.zeros(1, 3, 32, 32)) < 5.6e8


def test_it_computes_what_the_paper_writes() -> None:
    """x + W2 act(W1 act(x)), with act = ReLU after normalisation, block by block."""
    model = preact_resnet18(width=2, classes=3, seed=1).double().eval()
    generator = torch.Generator().manual_seed(0)
    for name, tensor in model.state_dict().items():
        if "running" in name:
            tensor.copy_(torch.rand(tensor.shape, generator=generator) + 0.5)
    weights = model.state_dict()
    images = torch.rand(3, 3, 32, 32, generator=generator, dtype=torch.float64)

    def act(values: torch.Tensor, name: str) -> torch.Tensor:
        mean, var, scale, shift = (
            weights[f"{name}.{part}"].view(-1, 1, 1)
            for part in ("running_mean", "running_var", "weight", "bias")
        )
        return ((values - mean) / (var + 1e-5).sqrt() * scale + shift).clamp(min=0)

    mean, std = model[0].mean, model[0].std
    values = functional.conv2d((images - mean) / std, weights["1.weight"], padding=1)
    for block in range(2, 10):
        stride = 2 if block in (4, 6, 8) else 1
        active = act(values, f"{block}.before")
        aside = weights.get(f"{block}.aside.weight")
        values = values if aside is None else functional.conv2d(active, aside, stride=stride)
        inner = functional.conv2d(active, weights[f"{block}.first.weight"], None, stride, 1)
        inner = act(inner, f"{block}.between")
        values = values + functional.conv2d(inner, weights[f"{block}.second.weight"], padding=1)
    logits = act(values, "10").mean((2, 3)) @ weights["14.weight"].T + weights["14.bias"]
    assert torch.allclose(model(images), logits, rtol=0, atol=1e-10)


def test_the_means_of_three_channels_serve_for_one() -> None:
    assert preact_resnet18(width=2, in_channels=1)[0].mean.numel() == 1


def test_the_seed_alone_makes_the_weights() -> None:
    state = torch.get_rng_state()
    one, same, other = (preact_resnet18(width=2, seed=seed)[1].weight for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
