"""Models: each a plain module that takes images in [0, 1] and answers logits."""

from collections.abc import Callable

from torch import nn

from robustlib.catalog import Catalog

models: Catalog[Callable[..., nn.Module]] = Catalog(__name__)
