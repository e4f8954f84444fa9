"""What a page takes of torchvision, with the same names and signatures, and no weights."""

import sys
from enum import Enum
from types import ModuleType, SimpleNamespace

from torch import nn


def net(classes: int = 1000) -> nn.Module:
    """Images of any size to logits; in train mode, as hubs hand models over."""
    layers = [nn.Conv2d(3, 4, 16, 16), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers, nn.Dropout(0.5), nn.Linear(4, classes)).train()


class ResNet50_Weights(Enum):  # noqa: N801  # theirs
    IMAGENET1K_V2 = "IMAGENET1K_V2"

    def transforms(self) -> SimpleNamespace:
        return SimpleNamespace(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])


def resnet50(*, weights: ResNet50_Weights | None = None, progress: bool = True) -> nn.Module:
    assert weights is ResNet50_Weights.IMAGENET1K_V2
    return net()


models = sys.modules["torchvision.models"] = ModuleType("torchvision.models")
models.ResNet50_Weights, models.resnet50 = ResNet50_Weights, resnet50
