"""The transformer: places, attention written out, and what it ignores."""

import torch

from robustlib.models.small_vit import _Layer, _places, small_vit


def test_every_place_has_its_own_sines() -> None:
    places = _places(5, 7, 16)
    assert places.shape == (35, 16)
    assert torch.cdist(places, places).fill_diagonal_(9).min() > 0.1
    assert torch.allclose(places[8, :4], torch.sin(1.0 * 10_000 ** -(torch.arange(4) / 3)))


def test_attention_is_a_mean_by_likeness() -> None:
    """softmax(q k / sqrt(d)) v, head by head, written out."""
    layer = _Layer(8, 2).double()
    words = torch.rand(3, 5, 8, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    query, key, value = layer.looks(words).chunk(3, dim=2)
    heads = []
    for part in (slice(0, 4), slice(4, 8)):
        likeness = query[..., part] @ key[..., part].transpose(1, 2) / 4**0.5
        heads.append(likeness.softmax(2) @ value[..., part])
    assert torch.allclose(layer._attended(words), torch.cat(heads, 2), rtol=0, atol=1e-12)


def test_its_size() -> None:
    weights = sum(each.numel() for each in small_vit().parameters())
    assert 1.1e6 < weights < 1.3e6


def test_where_a_patch_stands_matters() -> None:
    model = small_vit(width=16, depth=1, classes=3).double().eval()
    images = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    moved = images.roll(4, dims=3)  # the same patches, elsewhere
    assert (model(images) - model(moved)).abs().max() > 1e-6


def test_the_seed_alone_makes_the_weights() -> None:
    state = torch.get_rng_state()
    one, same, other = (small_vit(width=8, depth=1, seed=s)[1].embed.weight for s in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
