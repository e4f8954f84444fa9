import dataclasses

import torch

from robustlib.conformance.company import company
from tests.robustlib.conformance._subjects import ours


def test_ours_finds_the_same_in_lots() -> None:
    assert company(ours("pgd Linf")).kept
    assert company(ours("square Linf")).kept


def test_stopping_on_the_batchs_total_is_noticed() -> None:
    """torchattacks' C&W and cleverhans' do."""
    sound = ours("pgd Linf")

    def run(known, eps):
        found = sound.run(known, eps)
        broken = known.model(found).argmax(1) != known.labels
        return (
            found
            if broken.float().mean() > 0.6
            else torch.where(
                torch.arange(len(found))[:, None, None, None] == 0, found, known.images
            )
        )

    assert not company(dataclasses.replace(sound, run=run)).kept
