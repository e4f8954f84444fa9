"""What a page takes of onnx2torch."""

from pathlib import Path

from torch import nn
from torchvision import net


def convert(onnx_model: str) -> nn.Module:
    assert Path(onnx_model).exists()
    return net()
