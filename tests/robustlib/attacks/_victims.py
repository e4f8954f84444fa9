"""Victims that count what they are shown, or leave traces behind."""

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
