"""What the attack of Carlini and Wagner shares with its kin: a price that is searched, and Adam."""

import torch

from robustlib.types import Flags, Images, PerRow

_MOMENTA = 0.9, 0.999


class Prices:
    """The price of each row, and the bounds between which the least that works is searched."""

    def __init__(self, price: PerRow) -> None:
        self.price = price
        self._low, self._high = torch.zeros_like(price), torch.full_like(price, torch.inf)

    def judge(self, enough: Flags) -> None:
        """Takes note of which rows had a success at their price, and sets the next."""
        self._high = torch.where(enough, self.price, self._high)
        self._low = torch.where(enough, self._low, self.price)
        between = (self._low * self._high).sqrt()
        outside = torch.where(enough, self.price / 10, self.price * 10)
        known = (self._low > 0) & self._high.isfinite()
        self.price = torch.where(known, between, outside)


class Adam:
    """The steps of Adam."""

    def __init__(self, place: Images, size: float) -> None:
        self._size, self._count = size, 0
        self._mean, self._square = torch.zeros_like(place), torch.zeros_like(place)

    def step(self, slope: Images) -> Images:
        """What is taken off."""
        first, second = _MOMENTA
        self._count += 1
        self._mean.mul_(first).add_(slope, alpha=1 - first)
        self._square.mul_(second).addcmul_(slope, slope, value=1 - second)
        way = (self._square / (1 - second**self._count)).sqrt_().add_(1e-8)
        return torch.div(self._mean, way, out=way).mul_(self._size / (1 - first**self._count))
