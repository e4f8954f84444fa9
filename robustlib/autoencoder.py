"""An autoencoder of the attacker's own pictures, in whose codes a black-box search is held."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from robustlib._border import check_counts, check_images, check_range
from robustlib.draws import Draws
from robustlib.errors import InputError
from robustlib.models._base import initialised
from robustlib.types import Images

Coder = Callable[[Tensor], Tensor]


@dataclass(frozen=True, eq=False)
class Autoencoder:
    """What came out of a training.

    Args:
        encoder: From images to codes.
        decoder: From codes to images: what `autozoom_ae` and `zoo_ae` take.
        code_shape: Of one code, which they take too.
        error: Mean square of what is lost of the pictures that it was trained on.
    """

    encoder: Coder
    decoder: Coder
    code_shape: tuple[int, ...]
    error: float


def autoencoder(
    images: Images,
    *,
    shrink: int = 2,
    channels: int | None = None,
    width: int = 16,
    epochs: int = 30,
    batch_size: int = 64,
    step_size: float = 0.01,
    seed: int = 0,
) -> Autoencoder:
    """Learns to write pictures as smaller ones, and to read them again.

    min over both of the mean of (decoder(encoder(images)) - images)², by Adam, with

    encoder = convolution · shrunk by maxima · ReLU · convolution,
    decoder = convolution · enlarged bilinearly · ReLU · convolution

    Args:
        images: Pictures [n, c, h, w] in [0, 1], without labels; not those that are attacked.
        shrink: How many pixels of a side become one in the code, ≥ 1.
        channels: Of a code, ≥ 1; by default those of the images.
        width: Channels between the convolutions, ≥ 1.
        epochs: How often each picture is seen, ≥ 1.
        batch_size: Pictures in a step, ≥ 1; all of them, if there are fewer.
        step_size: Adam's first, > 0; it falls to zero along a cosine.
        seed: Of the first weights and the order of the pictures.

    Returns:
        Encoder and decoder, without gradients for their weights.

    Raises:
        InputError: If the images are no pictures, or an option is out of its range.

    Examples:
        >>> from robustlib.data.digits import digits
        >>> small = autoencoder(digits(64).images, shrink=4, epochs=1)
        >>> small.code_shape
        (1, 7, 7)
        >>> small.decoder(torch.zeros(2, 1, 7, 7)).shape
        torch.Size([2, 1, 28, 28])

    Source: tu2019autozoom, section "Attack dimension reduction" (the autoencoder)

    Differences: pictures of any size, whose codes are as wide as shrinking leaves them; the size
        of the steps falls; a code is counted from the mean of the pictures' codes, in units of
        their spread, since a search begins at zero, where a decoder may be flat.
    """
    check_images(images)
    check_counts(shrink=shrink, width=width, epochs=epochs, batch_size=batch_size)
    check_range("(0, inf)", step_size=step_size)
    if images.ndim != 4 or not len(images):
        raise InputError(f"images are pictures [n, c, h, w], not of shape {tuple(images.shape)}")
    colours, *size = images.shape[1:]
    depth = colours if channels is None else channels
    check_counts(channels=depth)
    small = tuple(-(-side // shrink) for side in size)
    with torch.random.fork_rng(devices=[]):  # building layers draws numbers that we replace
        encoder = _Resized(colours, width, depth, small, functional.adaptive_max_pool2d)
        decoder = _Resized(depth, width, colours, tuple(size), _enlarged)
    both = initialised(nn.Sequential(encoder, decoder), seed).to(images)
    optimiser = torch.optim.Adam(both.parameters(), lr=step_size)
    steps = epochs * -(-len(images) // batch_size)
    falling = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: (1 + math.cos(math.pi * step / steps)) / 2
    )
    for batch in _batches(images, epochs, batch_size, seed):
        _step(both, batch, optimiser)
        falling.step()
    both.requires_grad_(False).eval()
    spread, mean = _unit(encoder, images, batch_size)
    return Autoencoder(
        nn.Sequential(encoder, _Affine(1 / spread, -mean / spread)),
        nn.Sequential(_Affine(spread, mean), decoder),
        (depth, *small),
        _error(both, images, batch_size),
    )


class _Resized(nn.Module):
    """Two convolutions, and between them a picture of another size."""

    def __init__(
        self,
        inputs: int,
        width: int,
        outputs: int,
        size: tuple[int, ...],
        resize: Callable[..., Tensor],
    ) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, width, 3, padding=1)
        self.last = nn.Conv2d(width, outputs, 3, padding=1)
        self._size, self._resize = size, resize
        for layer in (self.first, self.last):
            nn.init.zeros_(torch.as_tensor(layer.bias))

    def forward(self, pictures: Float[Tensor, "n c h w"]) -> Float[Tensor, "n k a b"]:
        """The pictures in the other size."""
        resized: Tensor = self.last(self._resize(self.first(pictures), self._size).relu())
        return resized


class _Affine(nn.Module):
    """Codes in another unit."""

    scale: Tensor
    shift: Tensor

    def __init__(self, scale: Tensor, shift: Tensor) -> None:
        super().__init__()
        self.register_buffer("scale", scale)
        self.register_buffer("shift", shift)

    def forward(self, codes: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
        """The same codes."""
        return codes * self.scale + self.shift


@torch.no_grad()
def _unit(encoder: nn.Module, images: Images, batch_size: int) -> tuple[Tensor, Tensor]:
    """The spread of each channel of the codes, and their mean at each place."""
    codes = torch.cat([encoder(batch) for batch in torch.split(images, batch_size)])
    spread = codes.std(dim=(0, 2, 3), unbiased=False)[:, None, None]
    return spread.masked_fill(spread == 0, 1), codes.mean(dim=0)


def _enlarged(pictures: Tensor, size: tuple[int, ...]) -> Tensor:
    return functional.interpolate(pictures, size=size, mode="bilinear")


def _batches(images: Images, epochs: int, batch_size: int, seed: int) -> Iterator[Images]:
    """All pictures in a new order, epoch after epoch."""
    for epoch in range(epochs):
        order = Draws(seed, [epoch]).uniform(len(images))[0].argsort().to(images.device)
        for rows in torch.split(order, batch_size):
            yield images[rows].detach()


def _step(model: nn.Module, batch: Images, optimiser: torch.optim.Optimizer) -> None:
    with torch.enable_grad():
        loss = functional.mse_loss(model(batch), batch)
    optimiser.zero_grad()
    torch.autograd.backward(loss)
    optimiser.step()


@torch.no_grad()
def _error(model: nn.Module, images: Images, batch_size: int) -> float:
    lost = [(model(batch) - batch).square().sum() for batch in torch.split(images, batch_size)]
    return float(torch.stack(lost).sum()) / images.numel()
