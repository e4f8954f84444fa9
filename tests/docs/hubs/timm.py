"""What a page takes of timm, with the same names and signatures, and no weights."""

from types import SimpleNamespace

from torch import nn
from torchvision import net


def create_model(model_name: str, pretrained: bool = False) -> nn.Module:
    assert pretrained
    return net()


def resolve_model_data_config(model: nn.Module) -> dict[str, object]:
    return {"input_size": (3, 224, 224), "mean": (0.5, 0.5, 0.5), "std": (0.5, 0.5, 0.5)}


data = SimpleNamespace(resolve_model_data_config=resolve_model_data_config)
