import torch

from robustlib.attacks.pgd import pgd
from robustlib.conformance._nets import small
from robustlib.engine import attack
from robustlib.goals import Misclassify
from robustlib.questions import Access
from robustlib.threats import L2, Linf
from tests.robustlib.conformance._subjects import ours


def test_it_is_the_attack_as_anyone_would_call_it() -> None:
    known = small()
    plain = attack(known.model, known.images, Misclassify(known.labels), Linf(0.1), pgd, steps=40)
    assert torch.equal(ours("pgd Linf").run(known, 0.1), plain.adversarial)


def test_it_knows_what_each_attack_is() -> None:
    assert (ours("fmn L2").norm, ours("fmn L2").minimal, ours("fmn L2").whole) == (L2, True, False)
    assert ours("minimal L2").whole
    assert not ours("square Linf").minimal
    assert ours("square Linf").access is Access.SCORE
    assert ours("hop_skip_jump L2").access is Access.DECISION
