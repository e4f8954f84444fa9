import pytest
import torch

from robustlib.attacks._carlini import Adam, Prices


def test_a_price_is_searched_tenfold_and_then_between() -> None:
    """Worked by hand: the first row is content with 0.05 and more, the second with 60."""
    prices, seen = Prices(torch.ones(2, dtype=torch.float64)), []
    for _ in range(5):
        seen.append(prices.price.tolist())
        prices.judge(prices.price >= torch.tensor([0.05, 60]))
    first, second = zip(*seen, strict=True)
    assert first == pytest.approx([1, 0.1, 0.01, 10**-1.5, 10**-1.25])
    assert second == pytest.approx([1, 10, 100, 10**1.5, 10**1.75])


def test_adam_is_adam() -> None:
    generator = torch.Generator().manual_seed(0)
    slopes = torch.randn(20, 3, 4, generator=generator, dtype=torch.float64)
    theirs = torch.zeros(3, 4, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.Adam([theirs], lr=0.01)
    ours, place = Adam(theirs.detach(), 0.01), torch.zeros(3, 4, dtype=torch.float64)
    for slope in slopes:
        theirs.grad = slope.clone()
        optimiser.step()
        place = place - ours.step(slope)
        assert torch.allclose(place, theirs.detach(), rtol=0, atol=1e-12)
