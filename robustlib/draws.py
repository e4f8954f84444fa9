"""Randomness that belongs to a row and to nothing else."""

import hashlib
import operator
from collections.abc import Callable, Iterable

import torch
from torch import Generator, Tensor

from robustlib.errors import InputError


class Draws:
    """One random stream for each row, so that its numbers depend on the seed and its key alone.

    A row draws the same numbers whatever batch it is in, whatever stands beside it, in whatever
    order, and on whatever device: they are drawn on the CPU, by one generator a row.

    Args:
        seed: Of the run.
        keys: One integer for each row. Whoever splits or reorders rows passes their keys along.
        device: Where the numbers are put.
        dtype: Of what `uniform`, `normal` and `poisson` return; it changes no draw.

    Raises:
        InputError: If the seed or a key is no integer.

    Examples:
        >>> one = Draws(0, [7, 8]).uniform(3)
        >>> other = Draws(0, [8, 7]).uniform(3)
        >>> torch.equal(one[0], other[1])
        True
    """

    def __init__(
        self,
        seed: int,
        keys: Iterable[int],
        *,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.seed = _integer("seed", seed)
        self.keys = [_integer("a key", key) for key in keys]
        self.device = torch.device(device)
        self.dtype = dtype
        self._path: tuple[int, ...] = ()
        self._generators: list[Generator] | None = None

    def __len__(self) -> int:
        return len(self.keys)

    def child(self, number: int) -> "Draws":
        """Independent streams for the same rows: what a restart or a stage of a cascade draws."""
        child = self._like(self.keys)
        child._path = (*self._path, number)
        return child

    def take(self, rows: Tensor) -> "Draws":
        """The streams of some rows, shared with these: a number drawn there is not drawn again."""
        picked = rows.tolist()
        taken = self._like(self.keys[row] for row in picked)
        taken._path = self._path
        taken._generators = [self._streams()[row] for row in picked]
        return taken

    def uniform(self, *shape: int) -> Tensor:
        """[n, *shape] numbers, uniform in [0, 1): half precision would round some of them to 1."""
        drawn = self._draw(shape, torch.float32, lambda row, stream: row.uniform_(generator=stream))
        kind = torch.finfo(drawn.dtype)
        return drawn.clamp_(max=1 - kind.eps / 2) if kind.bits < 32 else drawn

    def normal(self, *shape: int) -> Tensor:
        """[n, *shape] numbers of the standard normal distribution."""
        return self._draw(shape, torch.float32, lambda row, stream: row.normal_(generator=stream))

    def randint(self, high: int, *shape: int) -> Tensor:
        """[n, *shape] integers in [0, high)."""
        return self._draw(
            shape, torch.int64, lambda row, stream: row.random_(0, high, generator=stream)
        )

    def poisson(self, means: Tensor) -> Tensor:
        """[n, ...] counts of Poisson distributions, each with its own mean ≥ 0, a row a stream."""
        drawn = means.detach().to("cpu", torch.float64, copy=True)
        for row, stream in zip(drawn, self._streams(), strict=True):
            row.copy_(torch.poisson(row, generator=stream))
        return drawn.to(self.device, self.dtype)

    def _draw(
        self,
        shape: tuple[int, ...],
        dtype: torch.dtype,
        fill: Callable[[Tensor, Generator], Tensor],
    ) -> Tensor:
        drawn = torch.empty(len(self), *shape, dtype=dtype)
        for row, stream in zip(drawn, self._streams(), strict=True):
            fill(row, stream)
        return drawn.to(self.device, self.dtype if dtype.is_floating_point else dtype)

    def _streams(self) -> list[Generator]:
        if self._generators is None:  # made on first use: most children draw nothing
            self._generators = [Generator().manual_seed(self._seed_of(key)) for key in self.keys]
        return self._generators

    def _seed_of(self, key: int) -> int:
        name = repr((self.seed, self._path, key)).encode()
        return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest()) >> 1

    def _like(self, keys: Iterable[int]) -> "Draws":
        return Draws(self.seed, keys, device=self.device, dtype=self.dtype)


def _integer(name: str, number: int) -> int:
    """Python's own: numpy's 3 draws what that does, and 3.7 is no name of a stream."""
    try:
        return operator.index(number)
    except TypeError:
        raise InputError(f"{name} is an integer, not {number!r}") from None
