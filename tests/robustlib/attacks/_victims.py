"""Victims that count what they are shown, or leave traces behind; and a surrogate for any."""

import random

import numpy as np
import torch
from torch import Tensor, nn


class Counted(nn.Module):
    """Counts the inputs that it is shown, and the passes."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model, self.inputs, self.passes = model, 0, 0
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        self.inputs += len(images)
        self.passes += 1
        return self.model(images)


class Careless(nn.Module):
    """Draws from every global generator, counts in a buffer, and writes into its input."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, images: Tensor) -> Tensor:
        torch.rand(3), torch.rand(3, device=images.device)
        np.random.rand(3), random.random()  # noqa: NPY002
        self.calls += 1
        return self.model(images)


class Sketch(nn.Module):
    """A hundred waves over the pixels of any input: some surrogate for some victim."""

    def forward(self, images: Tensor) -> Tensor:
        flat = images.flatten(1)
        place, wave = (torch.arange(count, device=flat.device) for count in (flat.shape[1], 100))
        return (flat - 0.5) @ torch.cos(0.7 * (place[:, None] + 1) * (wave + 1)).to(flat)


class Jittery(nn.Module):
    """Answers steadily, but with noise in the gradient of its first logit, anew in each pass."""

    def __init__(self, model: nn.Module, noise: float) -> None:
        super().__init__()
        self.model, self.noise = model, noise
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        logits = self.model(images)
        nothing = self.noise * torch.randn_like(images) * (images - images.detach())
        first = torch.zeros_like(logits[:1])
        first[0, 0] = 1
        return logits + nothing.flatten(1).sum(dim=1)[:, None] * first
